import dataclasses
import io
import pickle
import re
import shutil
import tracemalloc

import numpy as np
import pytest

from dl_lesson import load_dollar_street
from dl_lesson.data import pictures as dollar_street
from dl_lesson.data import sources as data
from dl_lesson.data.errors import DataError
from dl_lesson.data.sources import DATA_SETS, PUBLISHED

FOLDER = "dataset_dollarstreet"
FILES = ("train_images.npy", "train_labels.npy", "test_images.npy", "test_labels.npy")

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def cache(cache):
    return cache / FOLDER


def arrays(n_train=60, n_test=20, n_classes=10):
    """Noise in the published layout. A picture's first pixel is its number in its file."""
    generator = np.random.default_rng(0)
    content = {}
    for name, n in (("train", n_train), ("test", n_test)):
        images = generator.integers(0, 256, (n, 64, 64, 3), dtype="uint8")
        images[:, 0, 0, 0] = np.arange(n)
        content[f"{name}_images.npy"] = images
        content[f"{name}_labels.npy"] = generator.permutation(np.arange(n) % n_classes)
    return content


def put(folder, content):
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in content.items():
        np.save(folder / name, array)
    return folder


def put_and_return(folder, **options):
    content = arrays(**options)
    put(folder, content)
    return content


def publish(folder, algorithm="md5"):
    """Write the checksums that a fetch leaves beside the files."""
    lines = [f"{name} {algorithm}:{data.checksum(folder / name, algorithm)}\n" for name in FILES]
    (folder / PUBLISHED).write_text("".join(lines))


def bundle(monkeypatch, folder, content):
    """Let these arrays come with the lesson, in place of its own."""
    put(folder / FOLDER, content)
    monkeypatch.setattr(data, "bundled_folder", lambda: folder)
    checksums = {name: data.checksum(folder / FOLDER / name) for name in FILES}
    changed = dataclasses.replace(DATA_SETS["dollar_street"], versions={"rendered": checksums})
    monkeypatch.setitem(DATA_SETS, "dollar_street", changed)


def test_bundled_pictures_are_rendered_and_say_so(capsys):
    pictures = load_dollar_street()
    n_pictures = [len(split.images) for split in pictures[:3]]
    assert n_pictures == [702, 176, 293]
    for images, labels in pictures[:3]:
        assert images.dtype == np.uint8
        assert images.shape == (len(labels), 64, 64, 3)
        assert labels.dtype == np.int64
        assert set(labels) == set(range(10))
    assert pictures.class_names[0] == "day bed"
    assert pictures.class_names[9] == "washing machine"
    assert capsys.readouterr().out == (
        "Picture data: rendered (bundled with the lesson), "
        "702 training, 176 validation and 293 test pictures\n"
    )
    assert data.data_source("dollar_street") == "rendered"


def test_splits_share_no_picture_and_keep_each_with_its_label(folder):
    content = put_and_return(folder)
    pictures = load_dollar_street()
    numbers = [split.images[:, 0, 0, 0] for split in pictures[:3]]
    assert sorted([*numbers[0], *numbers[1]]) == list(range(60))
    for split, chosen in zip(pictures[:2], numbers[:2], strict=True):
        np.testing.assert_array_equal(split.images, content["train_images.npy"][chosen])
        np.testing.assert_array_equal(split.labels, content["train_labels.npy"][chosen])
    np.testing.assert_array_equal(pictures.test.images, content["test_images.npy"])
    np.testing.assert_array_equal(pictures.test.labels, content["test_labels.npy"])


def test_validation_takes_the_same_share_of_each_class_and_always_the_same_pictures(folder):
    put_and_return(folder, n_train=250)
    first, second = load_dollar_street(), load_dollar_street()
    assert np.bincount(first.validation.labels).tolist() == [5] * 10
    assert np.bincount(first.train.labels).tolist() == [20] * 10
    np.testing.assert_array_equal(first.validation.images, second.validation.images)


@pytest.mark.parametrize("image_type", ["uint8", "int32", ">i4", "int64"])
@pytest.mark.parametrize("label_type", ["uint8", "int32", "int64", "uint64"])
def test_each_published_type_gives_the_same_arrays(folder, image_type, label_type):
    content = put_and_return(folder)
    expected = dollar_street.read(folder)
    types = {"images": image_type, "labels": label_type}
    for name, array in content.items():
        np.save(folder / name, array.astype(types[name.split("_")[1][:6]]))
    found = load_dollar_street()
    for split, same in zip(found[:3], expected[:3], strict=True):
        assert (split.images.dtype, split.labels.dtype) == (np.uint8, np.int64)
        np.testing.assert_array_equal(split.images, same.images)
        np.testing.assert_array_equal(split.labels, same.labels)


def test_labels_in_a_column_and_arrays_in_another_memory_order(folder):
    content = put_and_return(folder)
    expected = dollar_street.read(folder)
    np.save(folder / "train_labels.npy", content["train_labels.npy"][:, np.newaxis])
    np.save(folder / "train_images.npy", np.asfortranarray(content["train_images.npy"]))
    found = load_dollar_street()
    assert found.train.labels.shape == (48,)
    np.testing.assert_array_equal(found.train.labels, expected.train.labels)
    np.testing.assert_array_equal(found.validation.images, expected.validation.images)


def test_large_integers_are_never_all_in_memory(folder):
    content = put_and_return(folder, n_train=300)
    size = content["train_images.npy"].nbytes + content["test_images.npy"].nbytes
    for name in ("train_images.npy", "test_images.npy"):
        np.save(folder / name, content[name].astype("int32"))
    tracemalloc.start()
    dollar_street.read(folder)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # All pictures once as uint8, and once more while the training pictures are split.
    assert peak < 2.2 * size


def test_any_number_of_pictures_and_classes(folder):
    put_and_return(folder, n_train=37, n_test=4, n_classes=3)
    pictures = load_dollar_street()
    assert pictures.class_names == ("class 0", "class 1", "class 2")
    assert [len(split.labels) for split in pictures[:3]] == [29, 8, 4]


def test_class_names_come_from_their_file(folder):
    put_and_return(folder, n_classes=3)
    (folder / "class_names.txt").write_bytes("\ufeffpêra\r\nmaçã\r\n uva \r\n\r\n".encode())
    assert load_dollar_street().class_names == ("pêra", "maçã", "uva")


@pytest.mark.parametrize(
    ("names", "source"),
    [(dollar_street.PUBLISHED_NAMES, "rendered"), (dollar_street.PUBLISHED_NAMES[::-1], "own")],
)
def test_known_pictures_under_other_names_are_somebodys_own(folder, names, source):
    shutil.copytree(data.bundled_folder() / FOLDER, folder, dirs_exist_ok=True)
    (folder / "class_names.txt").write_text("\n".join(names), encoding="utf-8")
    assert data.data_source("dollar_street") == source


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (b"pear\napple\npear\n", "class_names.txt: it must hold two or more class names"),
        (b"pear\n\napple\n", "class_names.txt: it must hold two or more class names"),
        (b"", "class_names.txt: it must hold two or more class names"),
        (b"p\xeara\nma\xe7\xe3\nuva\n", "class_names.txt: this is not a text file in UTF-8"),
        (b"pear\napple\n", "train_labels.npy: there is a label 2, but they go from 0 to 1"),
        (
            b"pear\napple\ngrape\nplum\n",
            "train_labels.npy: the label 3 stands there 0 times, but each class needs 5 pictures",
        ),
    ],
)
def test_faulty_class_names(folder, names, message):
    put_and_return(folder, n_classes=3)
    (folder / "class_names.txt").write_bytes(names)
    with pytest.raises(DataError, match=re.escape(message)):
        load_dollar_street()


def test_own_pictures_are_called_so(folder, capsys):
    put_and_return(folder)
    load_dollar_street()
    line = "Picture data: files of your own, 48 training, 12 validation and 20 test pictures\n"
    assert capsys.readouterr().out == line
    assert data.data_source("dollar_street") == "own"


def test_folder_wins_over_cache_and_cache_over_bundled(monkeypatch, folder, cache, tmp_path):
    bundle(monkeypatch, tmp_path / "bundled", arrays())
    # The folder holds another data set.
    (folder / "mnist.npz").touch()
    assert data.locate("dollar_street") == (tmp_path / "bundled" / FOLDER, "bundled")
    put(cache, arrays(n_test=30))
    publish(cache)
    assert data.locate("dollar_street") == (cache, "cache")
    put(folder, arrays(n_test=40))
    assert data.locate("dollar_street") == (folder, "folder")
    put(folder / FOLDER, arrays(n_test=50))
    assert data.locate("dollar_street") == (folder / FOLDER, "folder")
    assert len(load_dollar_street().test.labels) == 50
    monkeypatch.delenv("DL_LESSON_DATA")
    monkeypatch.setenv("DL_LESSON_BUNDLED_ONLY", "1")
    assert data.locate("dollar_street")[1] == "bundled"


def test_copy_of_the_bundled_pictures_is_still_rendered(monkeypatch, folder, tmp_path):
    bundle(monkeypatch, tmp_path / "bundled", arrays())
    put(folder, arrays())
    assert data.data_source("dollar_street") == "rendered"
    # One other label, and they are other data.
    labels = arrays()["test_labels.npy"]
    labels[:2] = labels[1::-1]
    assert labels[0] != labels[1]
    np.save(folder / "test_labels.npy", labels)
    assert data.data_source("dollar_street") == "own"


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_fetched_pictures_are_real(cache, capsys, algorithm):
    put(cache, arrays())
    publish(cache, algorithm)
    load_dollar_street()
    assert capsys.readouterr().out == (
        "Picture data: real photographs (Dollar Street), "
        "48 training, 12 validation and 20 test pictures\n"
    )
    assert data.data_source("dollar_street") == "real"


def test_copy_of_fetched_pictures_is_real_until_one_is_changed(folder):
    put(folder, arrays())
    publish(folder)
    assert data.data_source("dollar_street") == "real"
    put(folder, {"train_images.npy": arrays()["train_images.npy"][:, ::-1]})
    assert data.data_source("dollar_street") == "own"


@pytest.mark.parametrize(
    "lines",
    ["", "train_images.npy md5:1", "\0\xff three words here\n", "md5", "x crc:1\n" * 4],
    ids=repr,
)
def test_unreadable_checksums_prove_nothing(folder, lines):
    put(folder, arrays())
    (folder / PUBLISHED).write_text(lines, encoding="latin-1")
    assert data.data_source("dollar_street") == "own"


def test_checksum_of_an_unknown_kind_proves_nothing(folder):
    put(folder, arrays())
    publish(folder)
    changed = (folder / PUBLISHED).read_text().replace("md5:", "shake_128:")
    (folder / PUBLISHED).write_text(changed)
    assert data.data_source("dollar_street") == "own"


def test_changed_file_in_the_cache_is_passed_over(cache, capsys):
    put(cache, arrays())
    publish(cache)
    put(cache, {"test_images.npy": arrays()["test_images.npy"][::-1]})
    load_dollar_street()
    printed = capsys.readouterr()
    assert printed.err == (
        f"{cache / 'test_images.npy'}: this is not the file the lesson put there; "
        "run `dl-lesson data fetch` again. "
        "Until then, the data that come with the lesson are used.\n"
    )
    assert "rendered" in printed.out


def test_fetch_that_was_cut_short_leaves_the_bundled_pictures_in_use(monkeypatch, cache, tmp_path):
    bundle(monkeypatch, tmp_path / "bundled", arrays())
    put(cache, arrays())
    (cache / "test_labels.npy").unlink()
    assert data.locate("dollar_street")[1] == "bundled"


def test_incomplete_folder_is_not_passed_over_in_silence(folder):
    put(folder, arrays())
    (folder / "test_labels.npy").unlink()
    with pytest.raises(DataError) as caught:
        load_dollar_street()
    assert str(caught.value) == (
        f"{folder / 'test_labels.npy'}: the file is missing beside the others of its data set; "
        "add it, or unset DL_LESSON_DATA."
    )


def scaled(images):
    return (images / 255).astype("float32")


def with_value(value):
    def change(images):
        images = images.astype("int32")
        images[3, 5, 6, 1] = value
        return images

    return change


def relabelled(old, new):
    return lambda labels: np.where(labels == old, new, labels)


LEFT_OUT = "the label 3 stands there {} times, but each class needs {} pictures or more"


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("train_images.npy", scaled, "type float32; the lesson reads unscaled whole numbers"),
        ("test_images.npy", lambda x: x.astype(float), "type float64; the lesson reads unscaled"),
        ("train_images.npy", lambda x: x > 100, "the values are of type bool"),
        ("test_images.npy", lambda x: x // 255, "all values lie between 0 and 1, as if scaled"),
        ("train_images.npy", with_value(256), "there is a value 256, but colours go from 0 to 255"),
        ("test_images.npy", with_value(-1), "there is a value -1, but colours go from 0 to 255"),
        ("train_images.npy", lambda x: x[..., 0], "the shape (64, 64) instead of (64, 64, 3)"),
        ("test_images.npy", lambda x: x[:, ::2, ::2], "the shape (32, 32, 3) instead of"),
        ("train_images.npy", lambda x: x.reshape(len(x), -1), "the shape (12288,) instead of"),
        ("train_images.npy", lambda x: x[0], "the shape (64, 3) instead of"),
        ("train_images.npy", lambda x: x[:0], "there is nothing in it"),
        ("train_images.npy", lambda x: np.uint8(3), "there is nothing in it"),
        ("train_labels.npy", lambda y: y[:-1], "there are 59 labels for the 60 pictures of train_"),
        ("test_labels.npy", lambda y: np.tile(y, 2), "40 labels for the 20 pictures of test_image"),
        ("train_labels.npy", lambda y: y.astype(float), "the labels are of type float64 instead"),
        ("train_labels.npy", lambda y: y.astype("U2"), "the labels are of type <U2 instead"),
        ("test_labels.npy", lambda y: np.eye(10, dtype=int)[y], "the shape (20, 10) instead of"),
        ("test_labels.npy", lambda y: y - 1, "there is a label -1, but they go from 0 to 9"),
        ("train_labels.npy", lambda y: y * 0, "all labels are 0, but there must be two classes"),
        ("train_labels.npy", relabelled(3, 0), LEFT_OUT.format(0, 5)),
        ("test_labels.npy", relabelled(3, 0), LEFT_OUT.format(0, 1)),
        ("train_labels.npy", relabelled(9, 10**15), "the label 9 stands there 0 times"),
    ],
)
def test_faulty_array(folder, file, change, message):
    content = put_and_return(folder)
    np.save(folder / file, change(content[file]))
    with pytest.raises(DataError) as caught:
        load_dollar_street()
    assert str(caught.value).startswith(f"{folder / file}: ")
    assert message in str(caught.value)
    assert str(caught.value).endswith("; replace it, or unset DL_LESSON_DATA.")


def test_too_few_training_pictures_of_a_class_to_split(folder):
    content = put_and_return(folder)
    labels = content["train_labels.npy"]
    labels[np.flatnonzero(labels == 3)[4:]] = 0
    np.save(folder / "train_labels.npy", labels)
    with pytest.raises(DataError, match=LEFT_OUT.format(4, 5)):
        load_dollar_street()
    labels[np.flatnonzero(labels == 0)[-1]] = 3
    np.save(folder / "train_labels.npy", labels)
    assert set(load_dollar_street().validation.labels) == set(range(10))


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


GOOD = npy(arrays()["test_images.npy"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n<!DOCTYPE html><html>Log in</html>", "this is a web page, not a NumPy file"),
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            "this is a pointer of Git LFS, not a NumPy file; `git lfs pull` fetches the file",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is not a NumPy file (.npy)"),
        (GOOD[:7], "this NumPy file is damaged or cut off"),
        (GOOD[:100], "this NumPy file is damaged or cut off"),
        (GOOD[:-1], "this NumPy file is damaged or cut off"),
        (GOOD.replace(b"|u1", b"|x1", 1), "this NumPy file is damaged or cut off"),
        (GOOD.replace(b"(20, 64, 64", b"(20, 6464, "), "this NumPy file is damaged or cut off"),
    ],
)
def test_file_that_is_no_array(folder, content, message):
    put(folder, arrays())
    path = folder / "test_images.npy"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        load_dollar_street()
    assert str(caught.value) == f"{path}: {message}; replace it, or unset DL_LESSON_DATA."


class Trap:
    def __reduce__(self):
        return pytest.fail, ("a pickled object was executed",)


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps(Trap()),
        npy(np.array([Trap(), 1], dtype=object)),
        npy(np.array([(Trap(), 1)], dtype=[("a", object), ("b", int)])),
    ],
    ids=["file", "array", "structured array"],
)
@pytest.mark.parametrize("file", FILES)
def test_pickled_file_is_never_executed(folder, file, content):
    put(folder, arrays())
    (folder / file).write_bytes(content)
    message = f"{folder / file}: this holds pickled Python objects instead of numbers"
    with pytest.raises(DataError, match=re.escape(message)):
        load_dollar_street()


def test_each_damaged_header_is_a_data_error(folder):
    put(folder, arrays())
    path = folder / "test_images.npy"
    generator = np.random.default_rng(0)
    for _ in range(300):
        content = bytearray(GOOD)
        content[generator.integers(0, 90)] = generator.integers(0, 256)
        path.write_bytes(content)
        try:
            dollar_street.read(folder)
        except DataError as error:
            assert str(error).startswith(f"{folder}")
            assert "\n" not in str(error)
