"""Small pictures of the second part, in one file: digits, clothes."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dl_lesson.data.errors import DataError

ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")
CLASS_NAMES = {
    "digits": [str(digit) for digit in range(10)],
    "fashion": [
        "T-shirt",
        "Trousers",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ],
}


@dataclass(frozen=True)
class SmallPictures:
    """Pictures for training and for the test.

    Attributes
    ----------
    train_images, test_images : numpy.ndarray of uint8
        Pictures, shape ``(n_pictures, rows, columns)`` or ``(n_pictures, rows, columns, 3)``,
        values 0 to 255.
    train_labels, test_labels : numpy.ndarray of int64, shape (n_pictures,)
        Number of the class of each picture.
    class_names : list of str
        Name of each class, in the order of the labels.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: list[str]


def read(path: Path) -> SmallPictures:
    """Read and check the pictures in a file.

    Raises
    ------
    DataError
        If the file is no archive of four arrays, or pictures and labels do not fit each other.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in ARRAYS}
    except KeyError as error:
        raise DataError(f"{path}: {error.args[0]}") from error
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: this is no archive of arrays ({error})") from error
    class_names = CLASS_NAMES[path.parent.name]
    for part in ("train", "test"):
        pictures, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
        if pictures.dtype != np.uint8 or pictures.shape[1:] != (28, 28):
            raise DataError(
                f"{path}: {part}_images has the shape {pictures.shape} and the type "
                f"{pictures.dtype} instead of (n, 28, 28) and uint8"
            )
        if labels.shape != pictures.shape[:1] or not set(np.unique(labels)) <= set(range(10)):
            raise DataError(f"{path}: {part}_labels does not hold a class from 0 to 9 for each")
        arrays[f"{part}_labels"] = labels.astype("int64")
    return SmallPictures(**arrays, class_names=class_names)
