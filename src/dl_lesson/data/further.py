"""Loaders of the data sets of the second part of the course."""

from typing import TYPE_CHECKING

import pandas as pd

from dl_lesson.data.sources import load

if TYPE_CHECKING:
    from dl_lesson.data.small_pictures import SmallPictures


def load_diamonds() -> pd.DataFrame:
    """Load prices and properties of round cut diamonds and print which data they are.

    Returns
    -------
    pandas.DataFrame, shape (53940, 10)
        ``carat``, ``depth`` and ``table`` in percent, ``price`` in dollars, ``x``, ``y`` and ``z``
        in mm as numbers; ``cut``, ``color`` and ``clarity`` as words.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    return load("diamonds")


def load_pima_diabetes() -> pd.DataFrame:
    """Load health measurements of 768 women and print which data they are.

    Returns
    -------
    pandas.DataFrame, shape (768, 9)
        ``Pregnancies``, ``Glucose`` (mg/dl), ``BloodPressure`` (mm Hg), ``SkinThickness`` (mm),
        ``Insulin`` (µU/ml), ``BMI`` (kg/m²), ``DiabetesPedigreeFunction``, ``Age`` (years) and
        ``Outcome``, 1 for a diagnosis within five years. Missing values are kept as published: as
        zeros.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    return load("pima_diabetes")


def load_california_housing() -> pd.DataFrame:
    """Load house prices in 20,640 districts of California and print which data they are.

    Returns
    -------
    pandas.DataFrame, shape (20640, 9)
        ``MedInc`` (10,000 dollars), ``HouseAge`` (years), ``AveRooms`` and ``AveBedrms`` (per
        household), ``Population``, ``AveOccup`` (persons per household), ``Latitude``,
        ``Longitude`` (degrees) and ``MedHouseVal`` (100,000 dollars, 5.00001 for all above 5), all
        float64 or int64.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist, or the file is damaged.
    """
    return load("california_housing")


def load_fashion_pictures() -> "SmallPictures":
    """Load grey pictures of clothes, ten classes, and print which pictures they are.

    Returns
    -------
    dl_lesson.data.small_pictures.SmallPictures
        ``train_images`` and ``test_images`` (uint8, shape ``(n_pictures, 28, 28)``, 0 to 255),
        ``train_labels`` and ``test_labels`` (int64), and ``class_names``.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist, or the file is damaged.
    """
    return load("fashion")


def load_digit_pictures() -> "SmallPictures":
    """Load grey pictures of handwritten digits and print which pictures they are.

    Returns
    -------
    dl_lesson.data.small_pictures.SmallPictures
        ``train_images`` and ``test_images`` (uint8, shape ``(n_pictures, 28, 28)``, 0 to 255),
        ``train_labels`` and ``test_labels`` (int64), and ``class_names``.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist, or the file is damaged.
    """
    return load("digits")
