import dataclasses
import errno
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from dl_lesson import load_dollar_street
from dl_lesson.course.data import app
from dl_lesson.data import fetch, sources
from dl_lesson.data.fetch import FetchError, UnreachableError
from dl_lesson.data.sources import DATA_SETS, checksum

FILE = "weather/weather_prediction_dataset_light.csv"
PICTURES = {
    f"dataset_dollarstreet/{name}.npy"
    for name in ("train_images", "train_labels", "test_images", "test_labels")
}
RENDERED = "rendered (bundled with the lesson), 702 training, 176 validation and 293 test pictures"
FURTHER = [
    "OK    Diamond data: real prices (ggplot2), 53940 rows",
    "OK    Diabetes data: real measurements (National Institute of Diabetes), 768 rows",
    "OK    Housing data: a simulated stand-in, not the census (bundled with the lesson), "
    "20640 rows",
    "OK    Digits: a part of the real ones (bundled with the lesson), 4000 training and 1000 test "
    "pictures",
    "OK    Pictures of clothes: a part of the real ones (bundled with the lesson), 6000 training "
    "and 1500 test pictures",
    "OK    Small photographs: a stand-in made of the rendered household pictures, not CIFAR-10 "
    "(bundled with the lesson), 878 training and 293 test pictures",
]
WEATHER = Path(__file__).parents[2] / "data" / FILE

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def fetched(monkeypatch, cache):
    """Put a file into the cache and let it be the published one."""
    path = cache / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(WEATHER.read_bytes().replace(b"20000101,1,", b"20000101,1,0", 1))
    versions = DATA_SETS["weather"].versions | {"real": {path.name: checksum(path)}}
    changed = dataclasses.replace(DATA_SETS["weather"], versions=versions)
    monkeypatch.setitem(DATA_SETS, "weather", changed)
    return path


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_status_shows_what_is_used_and_where():
    result = run("status")
    assert result.exit_code == 0
    for text in (
        "Penguin data",
        "Weather data",
        "Picture data",
        "simulated",
        "rendered",
        "1.54 MB",
    ):
        assert text in result.stdout
    assert f"weather: {WEATHER.parent}" in result.stdout
    assert "FAIL" not in result.stdout


def test_status_of_damaged_data(cache):
    (cache / FILE).parent.mkdir(parents=True)
    (cache / FILE).write_text("<html>")
    result = run("status")
    assert result.exit_code == 0
    assert "FAIL" in result.stdout
    assert "this is a web page" in result.stdout


def test_verify_good_data(fetched):
    result = run("verify")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "OK    Penguin data: real measurements (Palmer Station LTER), 344 penguins",
        "OK    Weather data: real measurements (ECA&D), 3654 days",
        f"OK    Picture data: {RENDERED}",
        *FURTHER,
        "OK    ImageNet weights: MobileNetV2 (bundled with the lesson)",
    ]


def test_verify_finds_a_changed_file_and_names_the_remedy(fetched):
    fetched.write_bytes(fetched.read_bytes().replace(b"20000102,1,", b"20000102,1,0", 1))
    result = run("verify")
    assert result.exit_code == 1
    assert "OK    Penguin data" in result.stdout
    assert f"FAIL  Weather data: {fetched}: this is not the file" in result.stdout
    assert "run `dl-lesson data fetch` again" in result.stdout


def test_verify_finds_changed_weights(monkeypatch, tmp_path):
    path = tmp_path / "data" / sources.WEIGHTS
    shutil.copytree(WEATHER.parents[1], tmp_path / "data")
    path.write_bytes(path.read_bytes()[:-1])
    monkeypatch.setattr(sources, "bundled_folder", lambda: tmp_path / "data")
    result = run("verify")
    assert result.exit_code == 1
    assert f"FAIL  ImageNet weights: {path}: this is not the file" in result.stdout
    assert result.stdout.count("FAIL") == 1


def test_verify_reports_a_named_folder_that_does_not_exist(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_LESSON_DATA", str(tmp_path / "nowhere"))
    result = run("verify")
    assert result.exit_code == 1
    assert "does not exist; correct the variable or unset it" in result.stdout


@pytest.mark.parametrize(
    ("files", "words", "failed"),
    [
        ([], "it is empty", 6),
        (["1.jpg"], "but 1.jpg", 6),
        (["weather_prediction_dataset_light (1).csv"], f"only as .*/{FILE}", 6),
        ([*sorted(PICTURES), "weather_prediction_dataset_light.CSV"], f"only as .*/{FILE}", 1),
    ],
)
def test_verify_and_status_report_what_the_named_folder_lacks(folder, files, words, failed):
    for file in files:
        (folder / file).parent.mkdir(exist_ok=True)
        bundled = WEATHER.parents[1] / file
        (folder / file).write_bytes(bundled.read_bytes() if bundled.is_file() else b"")
    verified = run("verify")
    assert verified.exit_code == 1
    lines = [line for line in verified.stdout.splitlines() if line.startswith("FAIL")]
    assert len(lines) == failed
    assert all(re.search(words, line) for line in lines)
    assert re.search(words, run("status").stdout)


@pytest.mark.parametrize(
    ("error", "status"), [(None, 0), (UnreachableError("no network."), 3), (FetchError("404."), 1)]
)
def test_fetch_tells_the_outcome_by_its_exit_status(monkeypatch, error, status):
    def stand_in(remote):
        asked.append(remote)
        if error:
            raise error

    asked = []

    monkeypatch.setattr(fetch, "fetch", stand_in)
    result = run("fetch")
    assert result.exit_code == status
    assert result.stderr == (f"{error}\n" if error else "")
    lines = [f"{title} data: the real ones are in the cache." for title in ("Weather", "Picture")]
    assert result.stdout.splitlines() == ([] if error else lines)
    # Without a network there is no use in trying twice.
    remotes = [fetch.REMOTES["weather"], fetch.REMOTES["dollar_street"]]
    assert asked == (remotes[:1] if error else remotes)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--further"], ["california_housing", "digits", "fashion", "cifar"]),
        (["cifar", "weather"], ["cifar", "weather"]),
        (["digits", "--further"], ["digits"]),
    ],
)
def test_fetch_takes_what_is_asked_for(monkeypatch, arguments, names):
    asked = []
    monkeypatch.setattr(fetch, "fetch", asked.append)
    result = run("fetch", *arguments)
    assert result.exit_code == 0
    assert asked == [fetch.REMOTES[name] for name in names]
    assert ("Small photographs: 170 MB ..." in result.stdout) == ("cifar" in names)


def test_fetch_of_what_is_not_published():
    result = run("fetch", "digits", "penguins")
    assert result.exit_code == 1
    assert result.stderr == (
        "penguins cannot be fetched; these can: weather, dollar_street, california_housing, "
        "digits, fashion, cifar.\n"
    )
    assert result.stdout == ""


def test_mirror_is_read_by_the_loaders(monkeypatch, fetched, tmp_path):
    stick = tmp_path / "stick" / "lesson"
    result = run("mirror", stick)
    assert result.exit_code == 0
    assert "Copied. Weather data: real measurements (ECA&D), 3654 days" in result.stdout
    assert str(stick) in result.stdout
    written = {path.relative_to(stick).as_posix() for path in stick.rglob("*") if path.is_file()}
    assert written >= {"README.txt", FILE, *PICTURES}
    assert (stick / FILE).read_bytes() == fetched.read_bytes()
    readme = (stick / "README.txt").read_text(encoding="utf-8")
    for text in ("DL_LESSON_DATA", "real measurements (ECA&D)", "CC-BY 4.0", "Klein Tank"):
        assert text in readme

    fetched.unlink()
    monkeypatch.setenv("DL_LESSON_DATA", str(stick))
    assert sources.locate("weather") == (stick / "weather", "folder")
    assert sources.locate("dollar_street") == (
        stick / "dataset_dollarstreet",
        "folder",
    )
    verified = run("verify").stdout
    assert "OK    Weather data: real measurements" in verified
    assert f"OK    Picture data: {RENDERED}" in verified


def test_mirror_copies_what_tells_that_pictures_are_real(monkeypatch, cache, tmp_path):
    folder = cache / "dataset_dollarstreet"
    folder.mkdir(parents=True)
    for name, repeats in (("train", 5), ("test", 1)):
        labels = np.repeat(np.arange(3), repeats)
        np.save(folder / f"{name}_labels.npy", labels)
        np.save(folder / f"{name}_images.npy", np.full((len(labels), 64, 64, 3), 99, "uint8"))
    names = ("pear", "apple", "grape")
    monkeypatch.setattr("dl_lesson.data.pictures.PUBLISHED_NAMES", names)
    (folder / "class_names.txt").write_text("\n".join(names))
    lines = [f"{path.name} md5:{checksum(path, 'md5')}\n" for path in folder.glob("*.npy")]
    (folder / "published_checksums.txt").write_text("".join(lines))
    stick = tmp_path / "stick"
    assert "Copied. Picture data: real photographs" in run("mirror", stick).stdout
    monkeypatch.setenv("DL_LESSON_DATA", str(stick))
    monkeypatch.setenv("DL_LESSON_BUNDLED_ONLY", "1")
    assert "OK    Picture data: real photographs" in run("verify").stdout
    assert load_dollar_street().class_names == names


def test_mirror_without_real_data_says_that_it_is_the_simulated(tmp_path):
    result = run("mirror", tmp_path)
    assert result.exit_code == 0
    line = "Weather data: simulated (bundled with the lesson), 3654 days"
    assert f"Copied. {line}" in result.stdout
    assert line in (tmp_path / "README.txt").read_text(encoding="utf-8")


def test_mirror_copies_of_the_second_part_what_does_not_come_with_the_lesson(
    monkeypatch, cache, tmp_path
):
    name = "california_housing.csv.gz"
    own = tmp_path / "own" / "california_housing" / name
    own.parent.mkdir(parents=True)
    bundled = sources.bundled_folder() / "california_housing" / name
    own.write_bytes(bundled.read_bytes())
    monkeypatch.setenv("DL_LESSON_DATA", str(tmp_path / "own"))
    stick = tmp_path / "stick"
    assert "Copied. Housing data: a simulated stand-in" in run("mirror", stick).stdout
    assert (stick / "california_housing" / name).read_bytes() == own.read_bytes()
    folders = {path.name for path in stick.iterdir() if path.is_dir()}
    assert folders == {"weather", "dataset_dollarstreet", "california_housing"}
    assert "Pace and Barry 1997" in (stick / "README.txt").read_text(encoding="utf-8")


def test_mirror_twice_changes_nothing(tmp_path):
    assert run("mirror", tmp_path).exit_code == 0
    assert run("mirror", tmp_path).exit_code == 0


def test_mirror_overwrites_no_other_file(tmp_path):
    (tmp_path / "README.txt").write_text("mine")
    result = run("mirror", tmp_path)
    assert result.exit_code == 1
    assert "README.txt: there is another file already; delete it or name another" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["README.txt"]
    assert (tmp_path / "README.txt").read_text() == "mine"


def test_mirror_copies_no_damaged_data(fetched, tmp_path):
    fetched.write_text("")
    result = run("mirror", tmp_path / "stick")
    assert result.exit_code == 1
    assert f"{fetched}: the file is empty; run `dl-lesson data fetch` again" in result.stderr
    assert not (tmp_path / "stick").exists()


def test_mirror_into_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    result = run("mirror", tmp_path / "file")
    assert result.exit_code == 1
    assert "no half file is left there" in result.stderr


def test_mirror_reads_back_what_it_wrote(monkeypatch, tmp_path):
    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda path, content: write(path, content[:-1]))
    result = run("mirror", tmp_path / "stick")
    assert result.exit_code == 1
    assert "the copy differs from what was written" in result.stderr
    assert [path for path in (tmp_path / "stick").rglob("*") if path.is_file()] == []


def test_mirror_on_a_full_stick_leaves_no_half_file(monkeypatch, tmp_path):
    write = Path.write_bytes

    def fill(path, content):
        write(path, content[:1000])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_bytes", fill)
    result = run("mirror", tmp_path / "stick")
    assert result.exit_code == 1
    assert os.strerror(errno.ENOSPC) in result.stderr
    assert [path for path in (tmp_path / "stick").rglob("*") if path.is_file()] == []
