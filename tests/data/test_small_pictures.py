import gzip
import hashlib
import io
import pickle
import tarfile

import numpy as np
import pytest
from data_host import data_host, send

from dl_lesson import (
    load_cifar_pictures,
    load_digit_pictures,
    load_dollar_street,
    load_fashion_pictures,
)
from dl_lesson.data import fetch, small_pictures
from dl_lesson.data.errors import DataError
from dl_lesson.data.fetch import Remote
from dl_lesson.data.registry import DATA_SETS
from dl_lesson.data.sources import checksum, data_source

pytestmark = pytest.mark.usefixtures("cache")

CIFAR = "cifar-10-binary.tar.gz"
CLOTHES = tuple(DATA_SETS["fashion"].versions["real"])
LOADERS = {
    "digits": load_digit_pictures,
    "fashion": load_fashion_pictures,
    "cifar": load_cifar_pictures,
}


def noise(n_pictures, shape=(28, 28)):
    generator = np.random.default_rng(n_pictures)
    images = generator.integers(0, 256, (n_pictures, *shape), dtype="uint8")
    return images, (np.arange(n_pictures) % 10).astype("uint8")


def npz(names=small_pictures.KERAS_NAMES, **changes):
    arrays = dict(zip(names, (*noise(20), *noise(10)), strict=True)) | changes
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def idx(array):
    head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return gzip.compress(head + array.tobytes())


def clothes(**changes):
    files = dict(zip(CLOTHES, map(idx, (*noise(20), *noise(10))), strict=True))
    return files | {f"{name.replace('_', '-')}-ubyte.gz": file for name, file in changes.items()}


def cifar(names=tuple(small_pictures.CIFAR_FILES), record=3073):
    """An archive like that of CIFAR-10, and what it holds."""
    stream, content = io.BytesIO(), []
    with tarfile.open(fileobj=stream, mode="w:gz") as file:
        for name, n_pictures in zip(names, (20, 10), strict=False):
            images, labels = noise(n_pictures, (32, 32, 3))
            colours = images.transpose(0, 3, 1, 2).reshape(n_pictures, -1)
            data = np.column_stack([labels, colours])[:, :record].tobytes()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            file.addfile(member, io.BytesIO(data))
            content += [images, labels]
    return stream.getvalue(), content


def put(folder, name, files):
    folder = folder / DATA_SETS[name].folder
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return folder


def counts(labels):
    return np.bincount(labels).tolist()


@pytest.mark.parametrize(("name", "n_each"), [("digits", (400, 100)), ("fashion", (600, 150))])
def test_bundled_part_is_stratified_and_says_so(name, n_each, capsys):
    pictures = LOADERS[name]()
    assert pictures.train_images.shape == (10 * n_each[0], 28, 28)
    assert pictures.test_images.shape == (10 * n_each[1], 28, 28)
    assert pictures.train_images.dtype == pictures.test_images.dtype == np.uint8
    assert pictures.train_labels.dtype == pictures.test_labels.dtype == np.int64
    assert counts(pictures.train_labels) == 10 * [n_each[0]]
    assert counts(pictures.test_labels) == 10 * [n_each[1]]
    assert len(pictures.class_names) == 10
    assert "a part of the real ones (bundled with the lesson)" in capsys.readouterr().out
    assert data_source(name) == "part"


def test_training_and_test_share_no_picture():
    pictures = load_digit_pictures()
    train = {image.tobytes() for image in pictures.train_images}
    assert train.isdisjoint(image.tobytes() for image in pictures.test_images)


def test_household_pictures_stand_in_for_cifar(capsys):
    pictures = load_cifar_pictures()
    said = capsys.readouterr().out
    assert "a stand-in made of the rendered household pictures, not CIFAR-10" in said
    assert data_source("cifar") == "stand-in"
    household = load_dollar_street()
    assert pictures.train_images.shape == (878, 32, 32, 3)
    assert pictures.train_images.dtype == np.uint8
    assert pictures.class_names == list(household.class_names)
    np.testing.assert_array_equal(pictures.test_labels, household.test.labels)
    squares = household.test.images[:, 6:8, 2:4].mean(axis=(1, 2))
    assert np.abs(pictures.test_images[:, 3, 1] - squares).max() <= 0.5


@pytest.mark.parametrize("name", LOADERS)
@pytest.mark.usefixtures("no_proxy")
def test_published_pictures_are_fetched_and_found_to_be_the_real_ones(
    name, monkeypatch, cache, capsys
):
    archive, content = cifar()
    files = {"digits": {"mnist.npz": npz()}, "fashion": clothes(), "cifar": {CIFAR: archive}}[name]
    if name != "cifar":
        content = [*noise(20), *noise(10)]
    known = {file: hashlib.sha256(data).hexdigest() for file, data in files.items()}
    with data_host(lambda h: send(h, files[h.path.removeprefix("/files/")])) as (address, _):
        fetch.fetch(Remote(address, DATA_SETS[name].folder, known))
    for file in files:
        value = checksum(cache / DATA_SETS[name].folder / file)
        monkeypatch.setitem(DATA_SETS[name].versions["real"], file, value)
    pictures = LOADERS[name]()
    origin = DATA_SETS[name].origin
    said = capsys.readouterr().out
    assert said == f"{DATA_SETS[name].title}: {origin}, 20 training and 10 test pictures\n"
    for array, expected in zip(small_pictures.NAMES, content, strict=True):
        np.testing.assert_array_equal(getattr(pictures, array), expected)
    assert data_source(name) == "real"


@pytest.mark.parametrize("name", LOADERS)
def test_other_pictures_in_the_cache_are_found(name, cache, capsys):
    files = {"digits": {"mnist.npz": npz()}, "fashion": clothes(), "cifar": {CIFAR: cifar()[0]}}
    put(cache, name, files[name])
    fault = f"this is not the file the lesson put there; run `dl-lesson data fetch {name}` again"
    LOADERS[name]()
    assert fault in capsys.readouterr().err
    assert data_source(name) != "real"


def test_recompressed_clothes_are_the_same(folder, monkeypatch):
    files = clothes()
    for file, content in files.items():
        value = hashlib.sha256(gzip.decompress(content)).hexdigest()
        monkeypatch.setitem(DATA_SETS["fashion"].versions["real"], file, value)
    put(folder, "fashion", {f: gzip.compress(gzip.decompress(c), 1) for f, c in files.items()})
    assert data_source("fashion") == "real"


def test_clothes_that_lack_a_file(folder):
    files = clothes()
    del files[CLOTHES[3]]
    put(folder, "fashion", files)
    with pytest.raises(DataError, match=r"t10k-labels.*missing beside the others"):
        load_fashion_pictures()


def test_fewer_than_all_pictures_of_cifar_are_used(folder, monkeypatch):
    first = dict(zip(small_pictures.CIFAR_FILES, (7, 3), strict=True))
    monkeypatch.setattr(small_pictures, "CIFAR_FILES", first)
    put(folder, "cifar", {CIFAR: cifar()[0]})
    pictures = load_cifar_pictures()
    assert (len(pictures.train_images), len(pictures.test_labels)) == (7, 3)
    assert pictures.class_names[3] == "cat"


BATCHES = ("cifar-10-batches-py/data_batch_1", "cifar-10-batches-py/test_batch")
OTHER_SIZE = noise(20, (32, 32))[0]
PICKLED = np.array([print], dtype=object)


@pytest.mark.parametrize(
    ("name", "files", "message"),
    [
        ("digits", {"mnist.npz": b""}, "mnist.npz: the file is empty"),
        ("digits", {"mnist.npz": b"<html>"}, "this is a web page, not a file of NumPy arrays"),
        ("digits", {"mnist.npz": npz()[:-30]}, "this is no whole file of NumPy arrays"),
        ("digits", {"mnist.npz": pickle.dumps(print)}, "this is no whole file of NumPy arrays"),
        ("digits", {"mnist.npz": npz(x_train=PICKLED)}, "this is no whole file of NumPy arrays"),
        ("digits", {"mnist.npz": npz(small_pictures.NAMES)}, "there is no array named x_train"),
        ("digits", {"mnist.npz": npz(x_train=OTHER_SIZE)}, r"\(32, 32\).* instead of \(28, 28\)"),
        ("digits", {"mnist.npz": npz(x_test=noise(9)[0])}, "10 labels for the 9 test pictures"),
        ("digits", {"mnist.npz": npz(x_test=noise(10)[0] / 255)}, "the type float64 instead of"),
        ("digits", {"mnist.npz": npz(y_test=np.arange(10) + 1)}, "not whole numbers from 0 to 9"),
        ("digits", {"mnist.npz": npz(y_test=np.ones(10))}, "not whole numbers from 0 to 9"),
        (
            "digits",
            {"mnist.npz": npz(x_test=noise(0)[0], y_test=noise(0)[1])},
            "0 labels for the 0 test pictures",
        ),
        (
            "fashion",
            clothes(train_images_idx3=b""),
            "train-images-idx3-ubyte.gz: the file is empty",
        ),
        ("fashion", clothes(t10k_labels_idx1=b"<html>"), "in the format of MNIST"),
        ("fashion", clothes(train_images_idx3=idx(noise(20)[0])[:-30]), "in the format of MNIST"),
        ("fashion", clothes(train_images_idx3=gzip.compress(b"\0\0")), "in the format of MNIST"),
        (
            "fashion",
            clothes(train_images_idx3=gzip.compress(b"ab\x08\0")),
            "in the format of MNIST",
        ),
        ("fashion", clothes(train_images_idx3=idx(OTHER_SIZE)), r"instead of \(28, 28\)"),
        (
            "fashion",
            clothes(t10k_labels_idx1=idx(noise(9)[1])),
            "t10k-labels-idx1-ubyte.gz: there are 9 labels for the 10 test pictures",
        ),
        ("cifar", {CIFAR: b""}, "cifar-10-binary.tar.gz: the file is empty"),
        ("cifar", {CIFAR: b"<html>"}, "this is a web page, not an archive"),
        ("cifar", {CIFAR: cifar()[0][:-5000]}, "this is no whole archive"),
        ("cifar", {CIFAR: cifar(BATCHES)[0]}, "does not hold CIFAR-10 in its binary version"),
        ("cifar", {CIFAR: cifar(record=3000)[0]}, "does not hold CIFAR-10 in its binary version"),
    ],
    ids=range(24),
)
def test_files_that_are_not_the_published_ones(folder, name, files, message):
    put(folder, name, files)
    with pytest.raises(DataError, match=message) as caught:
        LOADERS[name]()
    assert str(caught.value).endswith("; replace it, or unset DL_LESSON_DATA.")
    assert "\n" not in str(caught.value)
