"""Small pictures of the second part, in the forms in which they are published."""

import gzip
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dl_lesson.data.errors import DataError, refuse_mistaken

NAMES = ("train_images", "train_labels", "test_images", "test_labels")
# In Keras's file of MNIST.
KERAS_NAMES = ("x_train", "y_train", "x_test", "y_test")
DIGITS = tuple("0123456789")
CLOTHES = (
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
)
PHOTOGRAPHS = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
# File of the archive of CIFAR-10 -> how many of its pictures are used, the first ones.
CIFAR_FILES = {
    "cifar-10-batches-bin/data_batch_1.bin": 5000,
    "cifar-10-batches-bin/test_batch.bin": 1000,
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


def read(path: Path, *others: Path) -> SmallPictures:
    """Read and check pictures in one of the forms in which they are published.

    Parameters
    ----------
    path : pathlib.Path
        ``digits.npz`` or ``fashion.npz``, four arrays named as in `SmallPictures`; ``mnist.npz``
        as Keras publishes it; ``cifar-10-binary.tar.gz`` (never the version for Python, which
        holds pickled objects: these can run any program when they are read); or the first of four
        files of Fashion-MNIST or of the household pictures.
    others : pathlib.Path
        The other three.

    Raises
    ------
    DataError
        If a file cannot be read, or pictures and labels do not fit each other.
    """
    if path.suffix == ".npy":
        return _shrink_household_pictures(path.parent)
    if path.suffix == ".npz":
        arrays = _read_npz(path, KERAS_NAMES if path.name == "mnist.npz" else NAMES)
        class_names = CLOTHES if path.name == "fashion.npz" else DIGITS
    elif others:
        arrays, class_names = [read_idx(file) for file in (path, *others)], CLOTHES
    else:
        arrays, class_names = _read_cifar(path), PHOTOGRAPHS
    shape = (32, 32, 3) if class_names is PHOTOGRAPHS else (28, 28)
    files = (path, *others) if others else [path] * 4
    for position, part in ((0, "training"), (2, "test")):
        images, labels = arrays[position : position + 2]
        if images.dtype != np.uint8 or images.shape[1:] != shape:
            raise DataError(
                f"{files[position]}: the {part} pictures have the shape {images.shape[1:]} and the "
                f"type {images.dtype} instead of {shape} and uint8"
            )
        if labels.shape != images.shape[:1] or not len(labels):
            raise DataError(
                f"{files[position + 1]}: there are {labels.size} labels for the {len(images)} "
                f"{part} pictures"
            )
        if not np.issubdtype(labels.dtype, np.integer) or not set(np.unique(labels)) <= set(
            range(len(class_names))
        ):
            raise DataError(
                f"{files[position + 1]}: the labels of the {part} pictures are not whole numbers "
                f"from 0 to {len(class_names) - 1}"
            )
        arrays[position + 1] = labels.astype("int64")
    train_images, train_labels, test_images, test_labels = arrays
    return SmallPictures(
        train_images, train_labels, test_images, test_labels, class_names=list(class_names)
    )


def _read_npz(path: Path, names: tuple[str, ...]) -> list[np.ndarray]:
    refuse_mistaken(path, "a file of NumPy arrays (.npz)")
    try:
        with np.load(path, allow_pickle=False) as file:
            return [file[name] for name in names]
    except KeyError as error:
        raise DataError(f"{path}: there is no array named {error.args[0].split()[0]}") from error
    # A file that is no archive of arrays can be many things.
    except (ValueError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path}: this is no whole file of NumPy arrays (.npz)") from error


def read_idx(path: Path) -> np.ndarray:
    """Read bytes in the format of MNIST: two zeros, type, number of axes, lengths, values."""
    refuse_mistaken(path, "a file in the format of MNIST")
    try:
        content = gzip.decompress(path.read_bytes())
        n_axes = content[3]
        shape = np.frombuffer(content, ">u4", n_axes, offset=4)
        if content[:3] != b"\0\0\x08":
            raise ValueError
        return np.frombuffer(content, "uint8", offset=4 + 4 * n_axes).reshape(shape)
    except (ValueError, IndexError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path}: this is no whole file in the format of MNIST") from error


def _read_cifar(path: Path) -> list[np.ndarray]:
    """Read the first pictures; each is a byte with its class and 32 x 32 bytes a colour."""
    refuse_mistaken(path, "an archive (.tar.gz)")
    arrays = []
    try:
        with tarfile.open(path, "r:gz") as archive:
            for name, n_pictures in CIFAR_FILES.items():
                content = archive.extractfile(name).read(n_pictures * 3073)
                records = np.frombuffer(content, "uint8").reshape(-1, 3073)
                images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
                arrays += [np.ascontiguousarray(images), records[:, 0]]
    except (KeyError, ValueError, AttributeError) as error:
        raise DataError(f"{path}: it does not hold CIFAR-10 in its binary version") from error
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path}: this is no whole archive (.tar.gz)") from error
    return arrays


def _shrink_household_pictures(folder: Path) -> SmallPictures:
    """Average squares of two by two pixels; training pictures are also those for validation."""
    from dl_lesson.data import pictures

    household = pictures.read(folder)
    images, labels = (
        np.concatenate(arrays) for arrays in zip(household.train, household.validation, strict=True)
    )
    shrunk = [
        array.reshape(-1, 32, 2, 32, 2, 3).mean(axis=(2, 4)).round().astype("uint8")
        for array in (images, household.test.images)
    ]
    return SmallPictures(
        shrunk[0], labels, shrunk[1], household.test.labels, list(household.class_names)
    )
