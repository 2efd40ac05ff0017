"""Tables as published: how they are read, and the columns of those of the second part."""

import gzip
import io
from pathlib import Path

import pandas as pd

from dl_lesson.data.errors import DataError

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


def read_table(folder: Path) -> tuple[pd.DataFrame, str]:
    """Read a table of the second part from its folder and check its columns."""
    name = folder.name
    path = folder / f"{name}.csv.gz"
    table = read_csv(path)
    expected = list(COLUMNS[name])
    if missing := [column for column in expected if column not in table]:
        raise DataError(f"{path}: column {missing[0]} is missing")
    if list(table.columns) != expected:
        raise DataError(f"{path}: there are columns the lesson does not know, or in another order")
    if table.empty:
        raise DataError(f"{path}: the table has no rows")
    for column in expected:
        if column not in TEXT and not pd.api.types.is_numeric_dtype(table[column]):
            raise DataError(f"{path}: column {column} holds something that is no number")
        if table[column].isna().any():
            raise DataError(f"{path}: column {column} has no value in some row")
    return table, f"{len(table)} rows"


def read_csv(path: Path) -> pd.DataFrame:
    """Read a CSV file, or say what it is instead."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError) as error:
            raise DataError(f"{path}: this is no whole compressed file ({error})") from error
    if not content.strip():
        raise DataError(f"{path}: the file is empty")
    if b"\0" in content:
        raise DataError(f"{path}: this is not a text file")
    if content.lstrip().startswith(b"<"):
        raise DataError(f"{path}: this is a web page, not a CSV file")
    try:
        return pd.read_csv(io.BytesIO(content), low_memory=False)
    except (UnicodeDecodeError, pd.errors.ParserError) as error:
        reason = str(error).strip()
        raise DataError(f"{path}: this cannot be read as a CSV file ({reason})") from error
