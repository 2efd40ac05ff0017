"""Tables as published: how they are read, and the columns of those of the second part."""

import gzip
import io
import tarfile
import zlib
from pathlib import Path

import pandas as pd

from dl_lesson.data.errors import DataError, refuse_mistaken

# Name of a table -> its columns, in the published order.
COLUMNS = {
    "diamonds": ("carat", "cut", "color", "clarity", "depth", "table", "price", "x", "y", "z"),
    "pima_diabetes": (
        "Pregnancies",
        "Glucose",
        "BloodPressure",
        "SkinThickness",
        "Insulin",
        "BMI",
        "DiabetesPedigreeFunction",
        "Age",
        "Outcome",
    ),
    "california_housing": (
        "MedInc",
        "HouseAge",
        "AveRooms",
        "AveBedrms",
        "Population",
        "AveOccup",
        "Latitude",
        "Longitude",
        "MedHouseVal",
    ),
}
TEXT = ("cut", "color", "clarity")
# The published file of the census, and its columns.
CENSUS_FILE = "CaliforniaHousing/cal_housing.data"
CENSUS_COLUMNS = (
    "Longitude",
    "Latitude",
    "HouseAge",
    "rooms",
    "bedrooms",
    "Population",
    "households",
    "MedInc",
    "value",
)


def read_table(path: Path) -> pd.DataFrame:
    """Read a table of the second part and check its columns.

    Parameters
    ----------
    path : pathlib.Path
        A table of ``COLUMNS``, named after it, as compressed CSV; or ``cal_housing.tgz``, the
        archive that scikit-learn takes the California housing data from.

    Raises
    ------
    DataError
        If the file cannot be read, or its columns are not those of ``COLUMNS``.
    """
    if path.suffix == ".tgz":
        return _read_census(path)
    table = read_csv(path)
    expected = list(COLUMNS[path.name.partition(".")[0]])
    if missing := [column for column in expected if column not in table]:
        raise DataError(f"{path}: column {missing[0]} is missing")
    if list(table.columns) != expected:
        raise DataError(f"{path}: there are columns the lesson does not know, or in another order")
    if table.empty:
        raise DataError(f"{path}: the table has no rows")
    for column in expected:
        if (holes := table[column].isna()).any():
            raise DataError(f"{path}: column {column} has no value in row {holes.idxmax()}")
        if column not in TEXT and not pd.api.types.is_numeric_dtype(table[column]):
            raise DataError(f"{path}: column {column} holds something that is no number")
    return table


def _read_census(path: Path) -> pd.DataFrame:
    """Turn totals of the census into means per household, as scikit-learn does."""
    refuse_mistaken(path, "an archive (.tgz)")
    try:
        with tarfile.open(path, "r:gz") as archive:
            content = archive.extractfile(CENSUS_FILE).read()
        table = pd.read_csv(io.BytesIO(content), header=None, dtype=float)
        table = table.set_axis(CENSUS_COLUMNS, axis="columns")
    # No regular file, no number, or not as many columns.
    except (KeyError, AttributeError, ValueError) as error:
        raise DataError(f"{path}: it does not hold the table of the census") from error
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path}: this is no whole archive (.tgz)") from error
    per_household = table[["rooms", "bedrooms", "Population"]].div(table["households"], axis=0)
    names = ["AveRooms", "AveBedrms", "AveOccup"]
    table[names] = per_household.set_axis(names, axis="columns")
    table["MedHouseVal"] = table["value"] / 100_000
    return table[list(COLUMNS["california_housing"])]


def read_csv(path: Path) -> pd.DataFrame:
    """Read a CSV file, or say what it is instead."""
    content = path.read_bytes()
    refuse_mistaken(path, "a CSV file", content[:512])
    if path.suffix == ".gz":
        try:
            content = gzip.decompress(content)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(f"{path}: this is no whole compressed file (.gz)") from error
    if b"\0" in content:
        raise DataError(f"{path}: this is not a text file")
    content = content.removeprefix(b"\xef\xbb\xbf")
    refuse_mistaken(path, "a CSV file", content)
    first_line = content.splitlines()[0]
    if first_line.lower().startswith(b"sep="):
        raise DataError(
            f"{path}: its first line, {first_line.decode(errors='replace')}, is no row of a table "
            "but meant for Excel; delete it, and export the file with commas between its values"
        )
    for sign, name in ((b";", "semicolons"), (b"\t", "tabs")):
        if first_line.count(sign) > first_line.count(b","):
            raise DataError(
                f"{path}: {name} stand between its values instead of commas; export it with commas "
                "between the values, and points in decimals"
            )
    try:
        return pd.read_csv(io.BytesIO(content), low_memory=False)
    except (UnicodeDecodeError, pd.errors.ParserError) as error:
        reason = str(error).strip()
        raise DataError(f"{path}: this cannot be read as a CSV file ({reason})") from error
