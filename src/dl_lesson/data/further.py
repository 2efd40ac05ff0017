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
        ``carat`` (0.2 g), ``depth`` and ``table`` (percent), ``price`` (US dollars, int64),
        ``x``, ``y`` and ``z`` (mm) as numbers; three qualities as text, from worst to best:
        ``cut`` (Fair, Good, Very Good, Premium, Ideal), ``color`` (J to D) and ``clarity`` (I1,
        SI2, SI1, VS2, VS1, VVS2, VVS1, IF).

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
        ``Outcome``, 1 for a diagnosis within five years, otherwise 0. ``BMI`` and
        ``DiabetesPedigreeFunction`` are float64, all others int64. Missing values are kept as
        published: as zeros.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    return load("pima_diabetes")


def load_california_housing() -> pd.DataFrame:
    """Load house prices in 20,640 districts of California and print which data they are.

    The bundled table is a simulated stand-in; `dl-lesson data fetch california_housing` puts the
    census of 1990 into the cache.

    Returns
    -------
    pandas.DataFrame, shape (20640, 9)
        ``MedInc`` (10,000 dollars), ``HouseAge`` (years), ``AveRooms`` and ``AveBedrms`` (per
        household), ``Population``, ``AveOccup`` (persons per household), ``Latitude``,
        ``Longitude`` (degrees) and ``MedHouseVal`` (100,000 dollars, 5.00001 for all above 5), all
        float64.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist, or the file is damaged or holds other
        columns.
    """
    return load("california_housing")


def load_fashion_pictures() -> "SmallPictures":
    """Load grey pictures of clothes, ten classes, and print which pictures they are.

    The bundled pictures are 6,000 for training and 1,500 for the test, the same number of each
    class; `dl-lesson data fetch fashion` puts all 60,000 and 10,000 into the cache.

    Returns
    -------
    dl_lesson.data.small_pictures.SmallPictures
        ``train_images`` and ``test_images`` (uint8, shape ``(n_pictures, 28, 28)``, 0 to 255),
        ``train_labels`` and ``test_labels`` (int64, shape ``(n_pictures,)``), and
        ``class_names``, in the order of the labels.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist or lacks one of the files, or one of
        them is damaged or does not fit the others.
    """
    return load("fashion")


def load_digit_pictures() -> "SmallPictures":
    """Load grey pictures of handwritten digits and print which pictures they are.

    The bundled pictures are 4,000 for training and 1,000 for the test, the same number of each
    digit; `dl-lesson data fetch digits` puts all 60,000 and 10,000 of MNIST into the cache.

    Returns
    -------
    dl_lesson.data.small_pictures.SmallPictures
        ``train_images`` and ``test_images`` (uint8, shape ``(n_pictures, 28, 28)``, 0 to 255),
        ``train_labels`` and ``test_labels`` (int64, shape ``(n_pictures,)``), and
        ``class_names``, "0" to "9".

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist, or the file is damaged.
    """
    return load("digits")


def load_cifar_pictures() -> "SmallPictures":
    """Load small colour pictures in the form of CIFAR-10 and print which pictures they are.

    CIFAR-10 does not come with the lesson; `dl-lesson data fetch cifar` puts it into the cache
    (170 MB). Then these are the first 5,000 pictures for training and the first 1,000 for the
    test. Without it, the household pictures of `load_dollar_street` play the part, shrunk to half
    their width and height: 878 for training, in mixed order, and 293 for the test.

    Returns
    -------
    dl_lesson.data.small_pictures.SmallPictures
        ``train_images`` and ``test_images`` (uint8, shape ``(n_pictures, 32, 32, 3)``, 0 to 255),
        ``train_labels`` and ``test_labels`` (int64, shape ``(n_pictures,)``), and
        ``class_names``, ten, in the order of the labels.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist, or the file is damaged or is not
        CIFAR-10 in its binary version.
    """
    return load("cifar")
