import gzip
import hashlib
import io
import re
import tarfile

import numpy as np
import pandas as pd
import pytest
from data_host import data_host, send

from dl_lesson import load_california_housing, load_diamonds, load_pima_diabetes
from dl_lesson.data import fetch
from dl_lesson.data.errors import DataError
from dl_lesson.data.fetch import Remote
from dl_lesson.data.registry import DATA_SETS
from dl_lesson.data.sources import bundled_folder, checksum, data_source
from dl_lesson.data.tables import CENSUS_FILE, COLUMNS

pytestmark = pytest.mark.usefixtures("cache")

NAME = "california_housing"
FILE = f"{NAME}.csv.gz"
ARCHIVE = "cal_housing.tgz"
# Two districts: longitude, latitude, age, rooms, bedrooms, people, households, income, value.
CENSUS = b"-122.23,37.88,41,880,129,322,126,8.3252,452600\n-121,38,20,100,20,60,20,2.5,500001\n"


def archive(content=CENSUS, name=CENSUS_FILE):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as file:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        file.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def put(folder, name, content):
    path = folder / NAME / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def publish(monkeypatch, content):
    """Let this archive be the published one."""
    known = hashlib.sha256(content).hexdigest()
    monkeypatch.setitem(DATA_SETS[NAME].versions["real"], ARCHIVE, known)
    return known


def test_diamonds_are_those_of_ggplot2(capsys):
    diamonds = load_diamonds()
    assert diamonds.shape == (53_940, 10)
    first = [0.23, "Ideal", "E", "SI2", 61.5, 55.0, 326, 3.95, 3.98, 2.43]
    assert diamonds.loc[0].tolist() == first
    assert diamonds["price"].agg(["min", "max"]).tolist() == [326, 18_823]
    assert set(diamonds["cut"]) == {"Fair", "Good", "Very Good", "Premium", "Ideal"}
    assert capsys.readouterr().out == "Diamond data: real prices (ggplot2), 53940 rows\n"
    assert data_source("diamonds") == "real"


def test_diabetes_keeps_zeros_for_missing_values():
    table = load_pima_diabetes()
    assert table.shape == (768, 9)
    assert table.loc[0].tolist() == [6, 148, 72, 35, 0, 33.6, 0.627, 50, 1]
    zeros = (table == 0).sum()[["Glucose", "BloodPressure", "SkinThickness", "Insulin", "BMI"]]
    assert zeros.tolist() == [5, 35, 227, 374, 11]
    assert table["Outcome"].sum() == 268


def test_bundled_housing_is_a_stand_in_that_says_so(capsys):
    table = load_california_housing()
    assert table.shape == (20_640, 9)
    assert set(table.dtypes.astype(str)) == {"float64"}
    assert table["MedHouseVal"].max() == 5.00001
    assert table["Latitude"].between(32.5, 42).all()
    line = (
        "Housing data: a simulated stand-in, not the census (bundled with the lesson), 20640 rows"
    )
    assert capsys.readouterr().out == f"{line}\n"
    assert data_source(NAME) == "simulated"


def test_the_census_is_read_as_scikit_learn_reads_it(folder, capsys):
    put(folder, ARCHIVE, archive())
    table = load_california_housing()
    # The first district, from scikit-learn's user guide.
    expected = [8.3252, 41, 6.98412698, 1.02380952, 322, 2.55555556, 37.88, -122.23, 4.526]
    np.testing.assert_allclose(table.loc[0], expected)
    assert tuple(table.columns) == COLUMNS[NAME]
    assert table.loc[1, "MedHouseVal"] == 5.00001
    assert capsys.readouterr().out == "Housing data: a file of your own, 2 rows\n"


@pytest.mark.usefixtures("no_proxy")
def test_the_census_is_fetched_and_found_to_be_the_real_one(monkeypatch, cache, capsys):
    content = archive()
    known = {ARCHIVE: publish(monkeypatch, content)}
    with data_host(lambda handler: send(handler, content)) as (address, _):
        addresses = {ARCHIVE: f"{address}5976036"}
        fetch.fetch(Remote(address, NAME, known, addresses=addresses))
    assert len(load_california_housing()) == 2
    assert capsys.readouterr().out == "Housing data: real, the census of 1990, 2 rows\n"
    assert data_source(NAME) == "real"


def test_another_archive_in_the_cache_is_found(cache, capsys):
    path = put(cache, ARCHIVE, archive())
    load_california_housing()
    assert capsys.readouterr().err.startswith(
        f"{path}: this is not the file the lesson put there; "
        "run `dl-lesson data fetch california_housing` again. Until then, "
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"<html>Log in</html>", "this is a web page, not an archive"),
        (archive()[:100], "this is no whole archive"),
        (archive(name="housing.csv"), "it does not hold the table of the census"),
        (archive(b""), "it does not hold the table of the census"),
        (archive(b"1,2,3\n"), "it does not hold the table of the census"),
        (archive(CENSUS.replace(b"880", b"many")), "it does not hold the table of the census"),
    ],
    ids=range(7),
)
def test_archive_that_is_not_the_census(folder, content, message):
    path = put(folder, ARCHIVE, content)
    with pytest.raises(DataError, match=f"^{re.escape(str(path))}: {message}") as caught:
        load_california_housing()
    assert str(caught.value).endswith("; replace it, or unset DL_LESSON_DATA.")


HEAD = ",".join(COLUMNS[NAME])
ROW = "8.3,41,7,1,322,2.5,37.88,-122.23,4.5"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (HEAD.encode(), r"this is no whole compressed file \(\.gz\)"),
        (gzip.compress(f"{HEAD}\n{ROW}\n".encode())[:-9], "this is no whole compressed file"),
        (gzip.compress(b"<html>Log in</html>"), "this is a web page"),
        (gzip.compress(b"a,b\n1,2\n"), "column MedInc is missing"),
        (gzip.compress(f"{HEAD},more\n{ROW},1\n".encode()), "columns the lesson does not know"),
        (gzip.compress(f"{HEAD}\n".encode()), "the table has no rows"),
        (
            gzip.compress(f"{HEAD}\n{ROW}\n{ROW[:-3]}\n".encode()),
            "Val has no value in row 1",
        ),
        (gzip.compress(f"{HEAD}\nx{ROW}\n".encode()), "MedInc holds something that is no number"),
    ],
    ids=range(9),
)
def test_table_that_is_not_the_published_one(folder, content, message):
    path = put(folder, FILE, content)
    with pytest.raises(DataError, match=message) as caught:
        load_california_housing()
    assert str(caught.value).startswith(f"{path}: ") and "\n" not in str(caught.value)


def test_checksum_of_a_table_does_not_depend_on_how_it_is_compressed(tmp_path):
    bundled = bundled_folder() / NAME / FILE
    again = tmp_path / FILE
    text = gzip.decompress(bundled.read_bytes())
    again.write_bytes(gzip.compress(text.replace(b"\n", b"\r\n"), 1))
    assert checksum(again) == checksum(bundled)
    pd.testing.assert_frame_equal(pd.read_csv(again), pd.read_csv(bundled))


def test_own_table_in_the_named_folder_itself(folder, capsys):
    (folder / FILE).write_bytes(gzip.compress(f"{HEAD}\n{ROW}\n".encode()))
    assert len(load_california_housing()) == 1
    assert "a file of your own, 1 rows" in capsys.readouterr().out
