"""A damaged or foreign file of data is named in one sentence, and no file is changed."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest
from fault_tools import digest

from dl_lesson import load_dollar_street, load_weather
from dl_lesson.data.errors import DataError
from dl_lesson.data.sources import bundled_folder

WEATHER = "weather/weather_prediction_dataset_light.csv"
PICTURES = "dataset_dollarstreet"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n"


def refused(load, folder, *words):
    before = digest(folder)
    with pytest.raises(DataError) as caught:
        load()
    message = str(caught.value)
    assert "\n" not in message and message.endswith("unset DL_LESSON_DATA.")
    for word in words:
        assert re.search(word, message), message
    assert digest(folder) == before


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(next((bundled_folder() / "weather").glob("*.csv")))


def change(column, row, value):
    def changed(table):
        if not isinstance(value, int | float):
            table[column] = table[column].astype(object)
        table.loc[row, column] = value
        return table

    return changed


TABLES = {
    "NaN": (change("BASEL_temp_mean", 7, float("nan")), "BASEL_temp_mean has no value in row 7"),
    "word": (change("BASEL_temp_mean", 7, "warm"), "BASEL_temp_mean holds warm in row 7, which is"),
    "comma": (change("BASEL_temp_mean", 7, "2,5"), "holds 2,5 in row 7, which is no number"),
    "range": (change("BASEL_temp_mean", 7, 99.5), "BASEL_temp_mean holds 99.5 in row 7"),
    "renamed": (lambda t: t.rename(columns={"MONTH": "month"}), "column MONTH is missing"),
    "shuffled": (lambda t: t.sample(frac=1, random_state=0), "DATE holds .* instead of 20000101"),
    "short": (lambda t: t.head(100), "there are 100 rows instead of 3654"),
    "doubled": (lambda t: pd.concat([t, t.head(1)]), "there are 3655 rows instead of 3654"),
}


@pytest.mark.parametrize(("damage", "words"), TABLES.values(), ids=TABLES)
def test_table(folder, table, damage, words):
    path = folder / WEATHER
    path.parent.mkdir()
    damage(table.copy()).to_csv(path, index=False)
    refused(load_weather, folder, re.escape(str(path)), words)
    path.unlink()
    table.to_csv(path, index=False)
    assert len(load_weather()) == 3654


def cut(content):
    return content[: len(content) // 2]


CONTENTS = {
    "empty": (lambda _: b"", "the file is empty"),
    "cut": (cut, "rows instead of 3654|no value in row|is missing|cannot be read"),
    "page": (lambda _: b"<!DOCTYPE html><html>Log in</html>", "this is a web page"),
    "pointer": (lambda _: POINTER, "this is a pointer of Git LFS"),
    "zeros": (lambda content: bytes(len(content)), "this is not a text file"),
    "UTF-16": (lambda c: c.decode().encode("utf-16"), "this is not a text file"),
    "semicolons": (
        lambda c: c.replace(b",", b";").replace(b".", b","),
        "semicolons stand between its values .* points in decimals",
    ),
    "sep": (lambda c: b"sep=,\n" + c, "its first line, sep=,, is no row of a table"),
}


@pytest.mark.parametrize(("damage", "words"), CONTENTS.values(), ids=CONTENTS)
def test_content_of_a_table(folder, damage, words):
    source = next((bundled_folder() / "weather").glob("*.csv"))
    path = folder / WEATHER
    path.parent.mkdir()
    path.write_bytes(damage(source.read_bytes()))
    refused(load_weather, folder, re.escape(str(path)), words)


IMAGES = "train_images.npy"
LABELS = "train_labels.npy"
ARRAYS = {
    "objects": (IMAGES, lambda a: np.array([print] * len(a), dtype=object), "pickled Python objec"),
    "type": (LABELS, lambda a: a.astype(float), "of type float64 instead of integers"),
    "NaN": (IMAGES, lambda a: np.where(a > 250, np.nan, a), "whole numbers from 0 to 255"),
    "shape": (IMAGES, lambda a: a[:, :32], r"have the shape \(32, 64, 3\) instead of"),
    "grey": (IMAGES, lambda a: a[..., 0], r"have the shape \(64, 64\) instead of"),
    "range": (IMAGES, lambda a: a.astype("int16") + 50, "there is a value 3"),
    "scaled": (IMAGES, lambda a: a // 255, "as if scaled already"),
    "fewer": (LABELS, lambda a: a[:-1], "labels for the"),
    "negative": (LABELS, lambda a: a - 1, "there is a label -1"),
    "none": (IMAGES, lambda a: a[:0], "there is nothing in it"),
}


@pytest.fixture
def pictures(folder):
    shutil.copytree(bundled_folder() / PICTURES, folder / PICTURES)
    return folder / PICTURES


@pytest.mark.parametrize(("name", "damage", "words"), ARRAYS.values(), ids=ARRAYS)
def test_array(pictures, folder, name, damage, words):
    array = np.load(pictures / name)
    if name == LABELS:
        array = array.astype("int64")
    np.save(pictures / name, damage(array), allow_pickle=True)
    refused(load_dollar_street, folder, re.escape(str(pictures / name)), words)


FILES = {
    "empty": (lambda _: b"", "the file is empty"),
    "cut": (cut, "this NumPy file is damaged or cut off"),
    "pointer": (lambda _: POINTER, "this is a pointer of Git LFS"),
    "page": (lambda _: b"<html>", "this is a web page"),
}


@pytest.mark.parametrize(("damage", "words"), FILES.values(), ids=FILES)
def test_content_of_an_array(pictures, folder, damage, words):
    path = pictures / IMAGES
    content = path.read_bytes()
    path.write_bytes(damage(content))
    refused(load_dollar_street, folder, re.escape(str(path)), words)
    path.write_bytes(content)
    assert len(load_dollar_street().class_names) == 10
