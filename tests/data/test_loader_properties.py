"""Whatever lies in a file, a loader reads it or says in one sentence what it is."""

import gzip
import io
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dl_lesson.data import pictures, small_pictures
from dl_lesson.data.errors import DataError
from dl_lesson.data.registry import PUBLISHED
from dl_lesson.data.sources import bundled_folder, checksum, has_checksum, read_published
from dl_lesson.data.tables import read_csv, read_table
from dl_lesson.data.weather import LIMITS, QUANTITIES, find_fault

FORMATS = {
    "table.csv": read_csv,
    "table.csv.gz": read_csv,
    "diamonds.csv.gz": read_table,
    "cal_housing.tgz": read_table,
    "digits.npz": small_pictures.read,
    "mnist.npz": small_pictures.read,
    "train-images-idx3-ubyte.gz": small_pictures.read_idx,
    "cifar-10-binary.tar.gz": small_pictures.read,
    "train_labels.npy": pictures._read_labels,
    "train_images.npy": pictures._open_images,
}


def array_file(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


WHOLE = {
    "table.csv": b"a,b\n1,2\n",
    "table.csv.gz": gzip.compress(b"a,b\n1,2\n"),
    "train-images-idx3-ubyte.gz": gzip.compress(b"\0\0\x08\x01\0\0\0\x03abc"),
    "train_labels.npy": array_file(np.arange(10)),
    "train_images.npy": array_file(np.full((2, 64, 64, 3), 99, np.uint8)),
}


def read_or_refuse(path, content):
    """Read a file; what it is refused for is one line that begins with its name."""
    path.write_bytes(content)
    try:
        return FORMATS[path.name](path)
    except DataError as error:
        message = str(error)
        assert message.startswith(f"{path}: ")
        assert "\n" not in message
        assert len(message) - len(str(path)) < 300
        return None


@given(st.sampled_from(sorted(FORMATS)), st.binary(max_size=200))
@example("table.csv", b"a,b\n\xff\xfe,1")
@example("table.csv", b"a,b\r1,2,3\r\r")
@example("table.csv", b"\xef\xbb\xbf")
@example("table.csv", b"\n")
@example("train_labels.npy", b"\x93NUMPY\x01\x00\x02\x00{}")
def test_any_bytes_are_read_or_refused(tmp_path, name, content):
    read_or_refuse(tmp_path / name, content)


@given(st.sampled_from(sorted(FORMATS)), st.binary(max_size=200))
def test_any_compressed_bytes_are_read_or_refused(tmp_path, name, content):
    read_or_refuse(tmp_path / name, gzip.compress(content))


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_file_with_a_changed_byte_or_cut_off_is_read_or_refused(tmp_path, name, data):
    whole = WHOLE[name]
    # The header is where a reader can go wrong; the rest of a file of pictures is long.
    place = data.draw(st.integers(0, min(len(whole), 200) - 1))
    changed = bytearray(whole)
    changed[place] = data.draw(st.integers(0, 255))
    read_or_refuse(tmp_path / name, bytes(changed))
    read_or_refuse(tmp_path / name, whole[:place])


@given(arrays.arrays(np.uint8, arrays.array_shapes(max_dims=4, max_side=6)))
def test_bytes_in_the_format_of_mnist_come_back(tmp_path, array):
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(header + array.tobytes()))
    np.testing.assert_array_equal(small_pictures.read_idx(path), array)


@pytest.fixture(scope="module")
def weather():
    (path,) = (bundled_folder() / "weather").glob("*.csv*")
    return read_csv(path)


@settings(max_examples=40)
@given(st.data())
def test_a_wrong_value_of_the_weather_is_named_with_its_place(weather, data):
    assert find_fault(weather) == ""
    row = data.draw(st.integers(0, len(weather) - 1))
    column = data.draw(st.sampled_from(list(QUANTITIES)))
    lowest, highest, unit = LIMITS[QUANTITIES[column]]
    wrong = data.draw(
        st.one_of(
            st.just(np.nan),
            st.floats(highest + 1, 1e6),
            st.floats(-1e6, lowest - 1),
        )
    )
    changed = weather.astype({column: float})
    changed.loc[row, column] = wrong
    fault = find_fault(changed)
    assert fault.startswith(f"column {column} ")
    assert f"in row {row}" in fault
    assert np.isnan(wrong) or unit in fault


@settings(max_examples=20)
@given(st.data())
def test_days_in_another_order_or_columns_left_out_are_named(weather, data):
    first, second = data.draw(
        st.lists(st.integers(0, len(weather) - 1), min_size=2, max_size=2, unique=True)
    )
    swapped = weather.copy()
    swapped.iloc[[first, second]] = weather.iloc[[second, first]].to_numpy()
    assert f"in row {min(first, second)} instead of" in find_fault(swapped)
    column = data.draw(st.sampled_from(list(weather.columns)))
    assert find_fault(weather.drop(columns=column)) == f"column {column} is missing"


@settings(max_examples=15)
@given(
    st.integers(2, 4),
    st.integers(5, 8),
    st.sampled_from([np.uint8, np.int16, np.int64]),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_pictures_are_split_without_loss_and_without_overlap(
    tmp_path, n_classes, n_of_each, dtype, random, in_a_column
):
    labels = np.repeat(np.arange(n_classes), n_of_each)
    order = random.sample(range(len(labels)), len(labels))
    labels = labels[order]
    # Each picture has a colour of its own.
    images = np.broadcast_to(
        np.arange(100, 100 + len(labels)).reshape(-1, 1, 1, 1), (len(labels), 64, 64, 3)
    ).astype(dtype)
    for name in ("train", "test"):
        np.save(tmp_path / f"{name}_images.npy", images)
        np.save(tmp_path / f"{name}_labels.npy", labels[:, None] if in_a_column else labels)
    read = pictures.read(tmp_path)
    both = np.concatenate([read.train.images, read.validation.images])
    assert sorted(both[:, 0, 0, 0]) == list(range(100, 100 + len(labels)))
    colour_of = {100 + place: label for place, label in enumerate(labels)}
    for split in (read.train, read.validation, read.test):
        assert split.images.dtype == np.uint8
        assert split.labels.tolist() == [colour_of[c] for c in split.images[:, 0, 0, 0].tolist()]
    assert len(read.class_names) == n_classes


LINES = st.text(st.characters(codec="utf-8"), max_size=40)


@given(st.lists(LINES, max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_names_of_classes_are_read_or_refused(tmp_path, lines, end):
    path = tmp_path / "class_names.txt"
    path.write_bytes(end.join(lines).encode())
    try:
        names = pictures.read_class_names(tmp_path)
    except DataError as error:
        assert str(error).startswith(f"{path}: ")
        return
    assert len(names) >= 2
    assert len(set(names)) == len(names)
    assert all(name and name == name.strip() for name in names)


@given(st.binary(min_size=1, max_size=300), st.integers(0, 9))
def test_a_checksum_is_that_of_the_content_however_it_is_packed(tmp_path, content, level):
    plain, packed = tmp_path / "a.bin", tmp_path / "a-ubyte.gz"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content, compresslevel=level))
    assert checksum(plain) == checksum(packed)
    for algorithm in ("md5", "sha256"):
        assert has_checksum(plain, f"{algorithm}:{checksum(plain, algorithm)}")
    changed = bytes([content[0] ^ 1]) + content[1:]
    plain.write_bytes(changed)
    assert not has_checksum(plain, checksum(packed))
    packed.write_bytes(packed.read_bytes()[:-5])
    assert not has_checksum(packed, checksum(plain))


WORDS = st.sampled_from(["a.npy", "md5:1f", "sha256:2e", "md5", "sha1:3d", "\n", "\r\n", " ", "\t"])


@given(st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=12).map("".join))
@example("a.npy md5:1f\nb.npy sha1:2e\nc.npy sha256:3d more\n")
def test_any_list_of_checksums_is_read_line_by_line(tmp_path, text):
    (tmp_path / PUBLISHED).write_text(text, encoding="utf-8", newline="")
    read = read_published(tmp_path)
    pairs = [line.split() for line in (tmp_path / PUBLISHED).read_text("utf-8").splitlines()]
    last = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    known = {name: digest for name, digest in last.items() if re.match("(md5|sha256):", digest)}
    assert read == known


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(), st.floats(allow_nan=False)), min_size=1))
def test_a_table_comes_back_with_any_line_ends(tmp_path_factory, rows):
    table = pd.DataFrame(rows, columns=["a", "b"])
    assume(table["a"].between(-(2**62), 2**62).all())
    folder = tmp_path_factory.mktemp("table")
    digests = set()
    for end in ("\n", "\r\n"):
        path = folder / "table.csv"
        table.to_csv(path, index=False, lineterminator=end)
        digests.add(checksum(path))
        pd.testing.assert_frame_equal(read_csv(path), table, check_exact=False, check_dtype=False)
    assert len(digests) == 1
