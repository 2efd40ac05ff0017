"""The pictures as published: four NumPy files, what they may hold, and their three splits."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from dl_lesson.data.errors import DataError, refuse_mistaken

PICTURE_SHAPE = (64, 64, 3)
PUBLISHED_NAMES = (
    "day bed",
    "dishrag",
    "plate",
    "running shoe",
    "soap dispenser",
    "street sign",
    "table lamp",
    "tile roof",
    "toilet seat",
    "washing machine",
)
VALIDATION_SHARE = 0.2
VALIDATION_SEED = 20
# With fewer, a fifth of them is less than one picture.
FEWEST_OF_A_CLASS = 5


class Split(NamedTuple):
    """Pictures and what they show.

    Attributes
    ----------
    images : numpy.ndarray of uint8, shape (n_pictures, 64, 64, 3)
        Rows, columns, and the channels red, green and blue, from 0 to 255.
    labels : numpy.ndarray of int64, shape (n_pictures,)
        Class of each picture, counted from 0.
    """

    images: np.ndarray
    labels: np.ndarray


class DollarStreet(NamedTuple):
    """The pictures in three splits that share no picture, with the names of their classes.

    Attributes
    ----------
    train, validation : Split
        Four fifths and one fifth of the published training pictures.
    test : Split
        The published test pictures.
    class_names : tuple of str
        Name of each class, in the order of the labels.
    """

    train: Split
    validation: Split
    test: Split
    class_names: tuple[str, ...]


def read(folder: Path) -> DollarStreet:
    """Read the four files, check that they fit together, and split off validation pictures.

    Parameters
    ----------
    folder : pathlib.Path
        Folder with ``{train,test}_images.npy`` (integers, shape ``(n, 64, 64, 3)``),
        ``{train,test}_labels.npy`` (integers, shape ``(n,)`` or ``(n, 1)``) and, if the classes
        are others than the published ones, ``class_names.txt``, one name a line.

    Returns
    -------
    DollarStreet
        Arrays in memory that share nothing with the files.

    Raises
    ------
    DataError
        If a file cannot be read as what it should hold, or does not fit the others. The message
        names the file.
    """
    labels = {name: _read_labels(folder / f"{name}_labels.npy") for name in ("train", "test")}
    class_names = read_class_names(folder)
    n_classes = len(class_names) or 1 + max(int(values.max()) for values in labels.values())
    for name, fewest in (("train", FEWEST_OF_A_CLASS), ("test", 1)):
        _check_labels(folder / f"{name}_labels.npy", labels[name], n_classes, fewest)
    if n_classes == len(PUBLISHED_NAMES):
        class_names = class_names or PUBLISHED_NAMES
    images = {name: _open_images(folder / f"{name}_images.npy") for name in labels}
    for name, pictures in images.items():
        if len(pictures) != len(labels[name]):
            raise DataError(
                f"{folder / f'{name}_labels.npy'}: there are {len(labels[name])} labels for the "
                f"{len(pictures)} pictures of {name}_images.npy"
            )
    # Scikit-learn takes a second to import, and the names of the classes do not need it.
    from sklearn.model_selection import train_test_split

    # Whatever the integers on disk, this is the first and only copy of all pictures.
    pictures = images["train"].astype("uint8")
    kept, held_out = train_test_split(
        np.arange(len(pictures)),
        test_size=VALIDATION_SHARE,
        stratify=labels["train"],
        random_state=VALIDATION_SEED,
    )
    return DollarStreet(
        train=Split(pictures[kept], labels["train"][kept]),
        validation=Split(pictures[held_out], labels["train"][held_out]),
        test=Split(np.array(images["test"], dtype="uint8"), labels["test"]),
        class_names=class_names or tuple(f"class {label}" for label in range(n_classes)),
    )


def read_class_names(folder: Path) -> tuple[str, ...]:
    """Read the names of the classes that a folder gives itself; none where it gives none."""
    path = folder / "class_names.txt"
    if not path.is_file():
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").strip().splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: this is not a text file in UTF-8") from error
    names = tuple(line.strip() for line in lines)
    if len(names) < 2 or not all(names) or len(set(names)) < len(names):
        raise DataError(f"{path}: it must hold two or more class names, each once, one a line")
    return names


def _read_labels(path: Path) -> np.ndarray:
    labels = _open_array(path)
    if not np.issubdtype(labels.dtype, np.integer):
        raise DataError(f"{path}: the labels are of type {labels.dtype} instead of integers")
    if labels.shape not in ((len(labels),), (len(labels), 1)):
        raise DataError(f"{path}: the labels have the shape {labels.shape} instead of one each")
    return np.array(labels, dtype="int64").reshape(-1)


def _check_labels(path: Path, labels: np.ndarray, n_classes: int, fewest: int) -> None:
    lowest, highest = labels.min(), labels.max()
    if lowest < 0 or highest >= n_classes:
        label = lowest if lowest < 0 else highest
        raise DataError(f"{path}: there is a label {label}, but they go from 0 to {n_classes - 1}")
    if highest == 0:
        raise DataError(f"{path}: all labels are 0, but there must be two classes or more")
    classes, counts = np.unique(labels, return_counts=True)
    count_of = dict(zip(classes.tolist(), counts.tolist(), strict=True))
    for label in range(n_classes):
        if (count := count_of.get(label, 0)) < fewest:
            raise DataError(
                f"{path}: the label {label} stands there {count} times, "
                f"but each class needs {fewest} pictures or more"
            )


def _open_images(path: Path) -> np.ndarray:
    images = _open_array(path)
    if images.shape[1:] != PICTURE_SHAPE:
        raise DataError(
            f"{path}: the pictures have the shape {images.shape[1:]} instead of {PICTURE_SHAPE}"
        )
    if not np.issubdtype(images.dtype, np.integer):
        raise DataError(
            f"{path}: the values are of type {images.dtype}; "
            "the lesson reads unscaled whole numbers from 0 to 255"
        )
    lowest, highest = images.min(), images.max()
    if lowest < 0 or highest > 255:
        value = lowest if lowest < 0 else highest
        raise DataError(f"{path}: there is a value {value}, but colours go from 0 to 255")
    if highest <= 1:
        raise DataError(
            f"{path}: all values lie between 0 and 1, as if scaled already; "
            "the lesson reads unscaled whole numbers from 0 to 255"
        )
    return images


def _open_array(path: Path) -> np.ndarray:
    """Map a ``.npy`` file into memory, or say what it is instead."""
    refuse_mistaken(path, "a NumPy file")
    with path.open("rb") as stream:
        start = stream.read(512)
    # Pickled files can run any program when they are read.
    if start.startswith(b"\x80") or b"|O" in start.partition(b"\n")[0]:
        raise DataError(f"{path}: this holds pickled Python objects instead of numbers")
    if not start.startswith(b"\x93NUMPY"):
        raise DataError(f"{path}: this is not a NumPy file (.npy)")
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    # NumPy parses the header with Python's own parser, which raises errors of many kinds.
    except Exception as error:
        raise DataError(f"{path}: this NumPy file is damaged or cut off") from error
    if array.ndim == 0 or array.size == 0:
        raise DataError(f"{path}: there is nothing in it")
    return array
