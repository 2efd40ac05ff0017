import dataclasses
import errno
import gzip
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from dl_lesson.data import sources as data
from dl_lesson.data import weather as weather_table
from dl_lesson.data.errors import DataError
from dl_lesson.data.sources import DATA_SETS, load_penguins, load_weather

ROOT = Path(__file__).parents[2]
FILE = "weather/weather_prediction_dataset_light.csv"
WEATHER = ROOT / "data" / FILE
WEIGHTS = "weights/mobilenet_v2_imagenet_no_top.weights.h5"
NAMED = os.environ.get("DL_LESSON_DATA")

pytestmark = pytest.mark.usefixtures("cache")


def put(folder, content):
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def own_weather():
    """The bundled file with one harmless change."""
    lines = WEATHER.read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b"20000101,1,", b"20000101,1,0", 1)
    return b"\n".join(lines)


def published(monkeypatch, content, tmp_path):
    """Let this content be the published one."""
    path = tmp_path / "published.csv"
    path.write_bytes(content)
    versions = DATA_SETS["weather"].versions | {"real": {WEATHER.name: data.checksum(path)}}
    changed = dataclasses.replace(DATA_SETS["weather"], versions=versions)
    monkeypatch.setitem(DATA_SETS, "weather", changed)


def test_penguins_are_those_that_seaborn_documents(capsys):
    penguins = load_penguins()
    assert penguins.shape == (344, 7)
    assert penguins.loc[2].tolist() == ["Adelie", "Torgersen", 40.3, 18.0, 195.0, 3250.0, "Female"]
    assert penguins.loc[3, "bill_length_mm":].isna().all()
    assert penguins.loc[343].tolist() == ["Gentoo", "Biscoe", 49.9, 16.1, 213.0, 5400.0, "Male"]
    assert len(penguins.dropna()) == 333
    assert penguins["species"].value_counts(sort=False).to_dict() == {
        "Adelie": 152,
        "Chinstrap": 68,
        "Gentoo": 124,
    }
    assert set(penguins["sex"].dropna()) == {"Male", "Female"}
    line = "Penguin data: real measurements (Palmer Station LTER), 344 penguins\n"
    assert capsys.readouterr().out == line
    assert data.data_source("penguins") == "real"


def test_bundled_weather_is_simulated_and_says_so(capsys):
    weather = load_weather()
    assert weather.shape == (3654, 91)
    assert weather.columns[:3].tolist() == ["DATE", "MONTH", "BASEL_cloud_cover"]
    assert weather["DATE"].iloc[[0, -1]].tolist() == [20000101, 20100101]
    integers = weather.columns[weather.dtypes == "int64"]
    assert all(c in ("DATE", "MONTH") or c.endswith("_cloud_cover") for c in integers)
    assert len(integers) == 10
    line = "Weather data: simulated (bundled with the lesson), 3654 days\n"
    assert capsys.readouterr().out == line
    assert data.data_source("weather") == "simulated"


@pytest.mark.skipif(not NAMED, reason="DL_LESSON_DATA names no folder")
def test_real_weather_passes_unchanged(capsys, monkeypatch):
    monkeypatch.setenv("DL_LESSON_DATA", NAMED)
    if data.data_source("weather") != "real":
        pytest.skip("the folder in DL_LESSON_DATA holds no real weather data")
    weather = load_weather()
    assert weather.shape == (3654, 91)
    assert weather.loc[3286, "TOURS_pressure"] == 0.0003
    line = "Weather data: real measurements (ECA&D), 3654 days\n"
    assert capsys.readouterr().out == line


def test_folder_wins_over_cache_and_cache_over_bundled(
    monkeypatch, cache, folder, tmp_path, capsys
):
    published(monkeypatch, own_weather(), tmp_path)
    put(cache, own_weather())
    # The folder holds another data set.
    (folder / "mnist.npz").touch()
    assert data.locate("weather")[1] == "cache"
    assert data.data_source("weather") == "real"
    load_weather()
    assert capsys.readouterr().out == "Weather data: real measurements (ECA&D), 3654 days\n"

    put(folder, WEATHER.read_bytes())
    assert data.locate("weather")[1] == "folder"
    assert data.data_source("weather") == "simulated"


def test_bundled_only_leaves_out_the_cache_but_not_the_folder(monkeypatch, cache, folder, tmp_path):
    published(monkeypatch, own_weather(), tmp_path)
    put(cache, own_weather())
    (folder / "mnist.npz").touch()
    monkeypatch.setenv("DL_LESSON_BUNDLED_ONLY", "1")
    assert data.locate("weather")[1] == "bundled"
    put(folder, own_weather())
    assert data.locate("weather")[1] == "folder"
    monkeypatch.delenv("DL_LESSON_DATA")
    for no in ("0", "false", "No", ""):
        monkeypatch.setenv("DL_LESSON_BUNDLED_ONLY", no)
        assert data.locate("weather")[1] == "cache"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "it is empty"),
        # Penguins come with the lesson.
        (["penguins.csv"], "but penguins.csv"),
        (["1.jpg", "2.jpg", "3.jpg", "4.jpg"], r"but 1.jpg, 2.jpg, 3.jpg, \.\.\.\)"),
    ],
)
def test_a_folder_with_nothing_of_the_lesson_is_not_passed_over(folder, files, words):
    for file in files:
        (folder / file).touch()
    with pytest.raises(DataError, match=rf"named: the folder .* holds no file .*{words}"):
        load_weather()


@pytest.mark.parametrize("other", ["", "mnist.npz", "dataset_dollarstreet/train_images.npy"])
@pytest.mark.parametrize(
    "name",
    [
        "weather_prediction_dataset_light (1).csv",
        "weather/weather_prediction_dataset_light-Copy1.csv",
        "weather/weather_prediction_dataset_light.CSV",
        "weather/weather_prediction_dataset_light.csv.txt",
        "Kopie von weather_prediction_dataset_light.csv",
        "weather-prediction-dataset-light.csv",
        "weather_prediction_dataset_light/weather_prediction_dataset_light.csv",
        "data/weather/weather_prediction_dataset_light.csv",
    ],
)
def test_a_near_miss_in_the_folder_is_not_passed_over(folder, cache, name, other):
    put(cache, own_weather())
    for file in filter(None, (name, other)):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    with pytest.raises(DataError) as caught:
        load_weather()
    assert str(caught.value) == (
        f"{folder / name}: the lesson reads this file only as {folder / FILE}; move it there, or "
        "out of the folder that DL_LESSON_DATA names if it is something else."
    )
    put(folder, WEATHER.read_bytes())
    assert data.locate("weather") == (folder / "weather", "folder")


@pytest.mark.parametrize("name", ["mnist - Copy.npz", "digits/mnist (1).npz", "lesson/digits.npz"])
def test_a_near_miss_of_a_short_name(folder, name):
    put(folder, WEATHER.read_bytes())
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).touch()
    load_weather()
    with pytest.raises(DataError, match=r"the lesson reads this file only as .*named/digits/"):
        data.load("digits")


def test_a_near_miss_beside_the_other_files_of_its_set(folder):
    place = folder / "dataset_dollarstreet"
    place.mkdir()
    for name in ("train_images", "train_labels", "test_images", "test_labels (1)"):
        (place / f"{name}.npy").touch()
    with pytest.raises(DataError, match=r"test_labels \(1\).npy: .* only as .*/test_labels.npy; m"):
        data.load("dollar_street")


def test_files_of_other_names_are_no_near_miss(folder):
    put(folder, WEATHER.read_bytes())
    for name in ("README.txt", "digits.md", "photographs/fashion.jpg", "._mnist.npz", "a/b.npz"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    for name in ("dollar_street", "digits", "fashion", "cifar", "california_housing"):
        assert data.locate(name)[1] == "bundled"


@pytest.mark.parametrize(
    ("variable", "words"),
    [("'{}'", "is written with quotation marks"), ("{}/weather.csv", "is a file; name the folder")],
)
def test_a_wrong_way_to_name_the_folder_is_told(monkeypatch, folder, variable, words):
    (folder / "weather.csv").touch()
    monkeypatch.setenv("DL_LESSON_DATA", variable.format(folder))
    with pytest.raises(DataError, match=words):
        load_weather()


def test_file_is_also_found_directly_in_the_folder(folder):
    (folder / WEATHER.name).write_bytes(own_weather())
    assert data.locate("weather") == (folder, "folder")


def test_own_file_is_called_so(folder, capsys):
    put(folder, own_weather())
    load_weather()
    assert capsys.readouterr().out == "Weather data: a file of your own, 3654 days\n"
    assert data.data_source("weather") == "own"


def test_penguins_come_from_the_lesson_only(folder, cache, capsys):
    for place in (folder, cache):
        (place / "penguins").mkdir(parents=True)
        (place / "penguins" / "penguins.csv").write_text("species\n")
    assert data.data_source("penguins") == "real"
    assert capsys.readouterr().err == (
        f"{folder / 'penguins' / 'penguins.csv'} is not read: the penguin data come with the "
        "lesson.\n"
    )


def test_line_ends_of_windows_do_not_make_another_file(folder):
    put(folder, WEATHER.read_bytes().replace(b"\n", b"\r\n"))
    assert data.data_source("weather") == "simulated"


def test_named_folder_that_does_not_exist(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_LESSON_DATA", str(tmp_path / "nowhere"))
    message = "nowhere: the folder that DL_LESSON_DATA names does not exist; correct .* or unset it"
    with pytest.raises(DataError, match=message):
        load_weather()


@pytest.mark.parametrize(
    ("content", "fault"),
    [(own_weather(), "this is not the file the lesson put there"), (b"", "the file is empty")],
    ids=["changed", "empty"],
)
def test_changed_file_in_the_cache_is_passed_over_with_one_line(cache, capsys, content, fault):
    path = put(cache, content)
    load_weather()
    printed = capsys.readouterr()
    assert printed.err == (
        f"{path}: {fault}; run `dl-lesson data fetch` again. "
        "Until then, the data that come with the lesson are used.\n"
    )
    assert "simulated" in printed.out
    assert data.data_source("weather") == "simulated"
    assert capsys.readouterr().err == ""
    assert path.read_bytes() == content


def test_a_file_in_the_cache_that_the_disk_does_not_give_is_passed_over(cache, capsys, monkeypatch):
    path = put(cache, own_weather())
    whole = data.checksum

    def checksum(file, algorithm="sha256"):
        if file == path:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(file))
        return whole(file, algorithm)

    monkeypatch.setattr(data, "checksum", checksum)
    load_weather()
    said = f"{path}: {os.strerror(errno.EIO)}; run `dl-lesson data fetch` again. Until then"
    assert capsys.readouterr().err.startswith(said)


def test_a_compressed_file_that_was_cut_off_has_no_checksum(tmp_path):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(own_weather()))
    whole = data.checksum(path)
    assert data.has_checksum(path, whole)
    path.write_bytes(path.read_bytes()[:-100])
    assert not data.has_checksum(path, whole)


def test_changed_or_missing_bundled_file(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "bundled_folder", lambda: tmp_path)
    with pytest.raises(DataError, match=r"penguins.csv: the file is missing; install the lesson"):
        load_penguins()
    (tmp_path / "penguins").mkdir()
    (tmp_path / "penguins" / "penguins.csv").write_text("species,island\nAdelie,Dream\n")
    with pytest.raises(DataError, match="not the file the lesson put there; install the lesson"):
        load_penguins()


def test_bundled_folder_of_an_installed_package(monkeypatch, tmp_path):
    (tmp_path / "dl_lesson" / "bundled" / "data").mkdir(parents=True)
    monkeypatch.setattr(data, "__file__", str(tmp_path / "dl_lesson" / "data" / "sources.py"))
    assert data.bundled_folder() == tmp_path / "dl_lesson" / "bundled" / "data"


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(WEATHER)


def with_cell(column, row, value):
    def change(table):
        changed = table[column].tolist()
        changed[row] = value
        return table.assign(**{column: changed})

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="BASEL_sunshine"), "column BASEL_sunshine is missing"),
        (lambda t: t.assign(OSLO_sunshine=1.0), "columns the lesson does not know"),
        (lambda t: t[t.columns[::-1]], "their order is different"),
        (lambda t: t.iloc[:1200], "there are 1200 rows instead of 3654"),
        (
            lambda t: pd.concat([t, t.tail(1)], ignore_index=True),
            "there are 3655 rows instead of 3654",
        ),
        (with_cell("TOURS_humidity", 17, None), "column TOURS_humidity has no value in row 17"),
        (
            with_cell("MALMO_temp_max", 40, "warm"),
            "column MALMO_temp_max holds warm in row 40, which is no number",
        ),
        (with_cell("DATE", 5, 20000107), "column DATE holds 20000107 in row 5 instead of 20000106"),
        (with_cell("MONTH", 31, 1), "column MONTH holds 1 in row 31 instead of 2"),
        (
            lambda t: t.iloc[::-1].reset_index(drop=True),
            "column DATE holds 20100101 in row 0 instead of 20000101",
        ),
        (
            lambda t: t.assign(BASEL_temp_mean=t["BASEL_temp_mean"] + 273.15),
            r"column BASEL_temp_mean holds 2\d\d.* in row 0, which cannot be °C \(-90 to 60\)",
        ),
        (
            with_cell("DRESDEN_humidity", 3653, 89),
            r"DRESDEN_humidity holds 89.* in row 3653, which cannot be a fraction of 1 \(0 to 2\)",
        ),
        (with_cell("KASSEL_pressure", 9, 1017.2), "which cannot be 1000 hPa"),
        (with_cell("BASEL_sunshine", 2, -0.1), "which cannot be hours"),
        (with_cell("BASEL_precipitation", 2, float("inf")), "which cannot be cm"),
        (with_cell("BASEL_cloud_cover", 2, 80), "which cannot be oktas"),
        (with_cell("BASEL_global_radiation", 2, 133), "which cannot be 100 W/m²"),
    ],
)
def test_faulty_table(table, change, message):
    assert re.search(message, weather_table.find_fault(change(table)))


def test_faulty_cell_in_a_file(folder):
    path = put(folder, WEATHER.read_bytes().replace(b"20000105,1,", b"20000105,1,about ", 1))
    with pytest.raises(DataError) as caught:
        load_weather()
    assert str(caught.value) == (
        f"{path}: column BASEL_cloud_cover holds about 6 in row 4, which is no number; "
        "replace it, or unset DL_LESSON_DATA."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (
            b"\n<!DOCTYPE html><html><body>Log in</body></html>",
            "this is a web page, not a CSV file",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is not a text file"),
        (b"DATE,MONTH\n20000101,\xff\xfe\n", "this cannot be read as a CSV file"),
        (b"DATE,MONTH\n1,2\n1,2,3,4\n", "this cannot be read as a CSV file"),
        (b"DATE;MONTH\n20000101;1\n", "semicolons stand between its values instead of commas"),
        (b"\xef\xbb\xbfDATE;BASEL\n1;0,5\n", "semicolons stand .*, and points in decimals"),
        (b"DATE\tMONTH\n20000101\t1\n", "tabs stand between its values instead of commas"),
        (b"sep=;\nDATE;MONTH\n20000101;1\n", "its first line, sep=;, is no row of a table"),
        (b"version https://git-lfs.github.com/spec/v1\n", "this is a pointer of Git LFS"),
    ],
)
def test_file_that_is_no_table(folder, content, message):
    path = put(folder, content)
    with pytest.raises(DataError, match=message) as caught:
        load_weather()
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_file_that_breaks_off_in_its_last_row(folder):
    put(folder, WEATHER.read_bytes()[:-60])
    with pytest.raises(DataError, match="has no value in row 3653"):
        load_weather()


def test_rows_with_a_value_too_many(folder):
    head, *rows = WEATHER.read_bytes().splitlines()
    put(folder, b"\n".join([head, *(row + b",1" for row in rows)]))
    with pytest.raises(DataError, match="its rows hold more values than there are columns"):
        load_weather()


def test_implausible_but_possible_values_are_left_for_the_reader():
    weather = load_weather()
    assert weather.loc[3286, "TOURS_pressure"] == 0.0003
    assert weather["TOURS_pressure"].drop(3286).between(0.9, 1.1).all()


def test_loading_needs_neither_network_code_nor_tensorflow(monkeypatch):
    monkeypatch.setenv("DL_LESSON_BUNDLED_ONLY", "1")
    code = (
        "import sys, dl_lesson.data.sources as d; "
        "d.load_weather(); d.load_dollar_street(); d.mobilenet_weights(); print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    modules = loaded.stdout.splitlines()[-1].split()
    assert not {"requests", "pooch", "tensorflow", "keras"} & set(modules)


def test_readme_gives_the_checksum_of_each_file():
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    files = [path for path in (ROOT / "data").rglob("*") if path.is_file()]
    assert len(files) > 1
    for path in files:
        if path.name != "README.md":
            name = path.relative_to(ROOT / "data").as_posix()
            assert re.search(rf"`{name}` .*`{data.checksum(path)}`", readme), name


def test_bundled_weather_is_not_the_real_one():
    versions = DATA_SETS["weather"].versions
    assert {WEATHER.name: data.checksum(WEATHER)} == versions["simulated"] != versions["real"]


def test_bundled_weights_are_found():
    assert data.mobilenet_weights() == ROOT / "data" / WEIGHTS


def test_changed_or_missing_weights(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "bundled_folder", lambda: tmp_path)
    path = tmp_path / WEIGHTS
    with pytest.raises(DataError) as caught:
        data.mobilenet_weights()
    assert str(caught.value) == f"{path}: the file is missing; install the lesson again."
    path.parent.mkdir()
    path.write_bytes((ROOT / "data" / WEIGHTS).read_bytes()[:-1])
    with pytest.raises(DataError) as caught:
        data.mobilenet_weights()
    expected = f"{path}: this is not the file the lesson put there; install the lesson again."
    assert str(caught.value) == expected
