"""Data sets of the lesson: where they are found, and whether they are what they should be.

The loaders never use the network. They look into the folder that the environment variable
``DL_LESSON_DATA`` names, then into the user's cache, which ``dl-lesson data fetch`` fills, then
into the data that come with the lesson. ``DL_LESSON_BUNDLED_ONLY=1`` leaves the cache out.
"""

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd
import platformdirs

from dl_lesson import weather_table

Source = Literal["real", "simulated", "own"]
Place = Literal["folder", "cache", "bundled"]

REMEDY = {
    "folder": "replace it, or unset DL_LESSON_DATA",
    "cache": "run `dl-lesson data fetch` again",
    "bundled": "install the lesson again",
}


class DataError(ValueError):
    """A data set is missing, damaged, or not what the lesson expects."""


@dataclass(frozen=True)
class DataSet:
    """What the lesson knows about a data set.

    Attributes
    ----------
    title : str
        Name for people.
    file : str
        Path below a data folder.
    rows : int
        Number of rows.
    unit : str
        What one row stands for, in the plural.
    origin : str
        Who measured the real data.
    real, simulated : str
        SHA-256 of each version. ``simulated`` is empty where the real data come with the lesson.
    """

    title: str
    file: str
    rows: int
    unit: str
    origin: str
    real: str
    simulated: str = ""


DATA_SETS = {
    "penguins": DataSet(
        title="Penguin data",
        file="penguins/penguins.csv",
        rows=344,
        unit="penguins",
        origin="Palmer Station LTER",
        real="e8b4963bd800a44c107d88d4795059f77c9ba222ca00771f45274d5b0e4cb73c",
    ),
    "weather": DataSet(
        title="Weather data",
        file="weather/weather_prediction_dataset_light.csv",
        rows=3654,
        unit="days",
        origin="ECA&D",
        real="d10b70448e6848a66958a18667f4dbf8a4ef13b166f6803a7ab2057c6ec9d438",
        simulated="7e7682a8cdddd61278d8ae32a74c05876a5dad96a8828e07ca010214420ea8ad",
    ),
}


def load_penguins() -> pd.DataFrame:
    """Load the Palmer penguins and print which data they are.

    Returns
    -------
    pandas.DataFrame, shape (344, 7)
        ``species``, ``island``, ``bill_length_mm``, ``bill_depth_mm``, ``flipper_length_mm``,
        ``body_mass_g`` and ``sex``. Missing values are kept.

    Raises
    ------
    DataError
        If the file is damaged.
    """
    return _load("penguins")


def load_weather() -> pd.DataFrame:
    """Load ten years of daily weather at eleven stations and print which data they are.

    Returns
    -------
    pandas.DataFrame, shape (3654, 91)
        ``DATE`` as YYYYMMDD, ``MONTH``, and 89 measured quantities, named STATION_quantity. Units:
        temperature °C, humidity as a fraction of 1, pressure 1000 hPa, global radiation 100 W/m²,
        precipitation cm, sunshine hours, cloud cover oktas. Dates, months and cloud cover are
        int64, all others float64.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist, or the file is damaged or holds a
        value that its unit does not allow.
    """
    return _load("weather")


def _load(name: str) -> pd.DataFrame:
    table, description = examine(name)
    print(f"{DATA_SETS[name].title}: {description}")
    return table


def data_source(name: str) -> Source:
    """Tell which version of a data set a loader would use, by the content of its file.

    Parameters
    ----------
    name : str
        A key of ``DATA_SETS``.

    Returns
    -------
    {"real", "simulated", "own"}
        "own" is a file of the user's in the folder that ``DL_LESSON_DATA`` names.

    Raises
    ------
    DataError
        If the file is missing, or was put in place by the lesson and has been changed since.
    """
    path, place = locate(name)
    checksum = sha256(path)
    if checksum == DATA_SETS[name].real:
        return "real"
    if checksum == DATA_SETS[name].simulated:
        return "simulated"
    if place == "folder":
        return "own"
    raise DataError(f"{path}: this is not the file the lesson put there; {REMEDY[place]}.")


def describe(name: str) -> str:
    """Check a data set and say in a few words which version of it a loader would use."""
    return examine(name)[1]


def examine(name: str) -> tuple[pd.DataFrame, str]:
    """Read and check a data set.

    Parameters
    ----------
    name : str
        A key of ``DATA_SETS``.

    Returns
    -------
    table : pandas.DataFrame
        The data set.
    description : str
        Which version it is, and its number of rows.

    Raises
    ------
    DataError
        If the file is missing, cannot be read, or is not what the lesson expects.
    """
    path, place = locate(name)
    data_set = DATA_SETS[name]
    try:
        table = parse_csv(path.read_bytes())
        if name == "weather" and (fault := weather_table.find_fault(table)):
            raise DataError(fault)
    except (DataError, OSError) as error:
        cause = error.strerror if isinstance(error, OSError) else error
        raise DataError(f"{path}: {cause}; {REMEDY[place]}.") from error
    version = {
        "real": f"real measurements ({data_set.origin})",
        "simulated": "simulated (bundled with the lesson)",
        "own": "a file of your own",
    }[data_source(name)]
    return table, f"{version}, {data_set.rows} {data_set.unit}"


def locate(name: str) -> tuple[Path, Place]:
    """Find the file that a loader would use.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist, or the file is nowhere.
    """
    file = Path(DATA_SETS[name].file)
    candidates: list[tuple[Path, Place]] = [(bundled_folder() / file, "bundled")]
    if DATA_SETS[name].simulated:
        if os.environ.get("DL_LESSON_BUNDLED_ONLY", "0") in ("", "0"):
            candidates.insert(0, (cache_folder() / file, "cache"))
        if named := os.environ.get("DL_LESSON_DATA"):
            folder = Path(named).expanduser()
            if not folder.is_dir():
                raise DataError(
                    f"{folder}: the folder that DL_LESSON_DATA names does not exist; "
                    "correct the variable or unset it."
                )
            candidates[:0] = [(folder / file, "folder"), (folder / file.name, "folder")]
    for path, place in candidates:
        if path.is_file():
            return path, place
    raise DataError(f"{candidates[-1][0]}: the file is missing; {REMEDY['bundled']}.")


def bundled_folder() -> Path:
    """Return the folder of the data that come with the lesson, installed or in a checkout."""
    installed = Path(__file__).with_name("data")
    return installed if installed.is_dir() else Path(__file__).parents[2] / "data"


def cache_folder() -> Path:
    """Return the user's folder for fetched data."""
    return platformdirs.user_cache_path("dl-lesson", appauthor=False)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, with line ends as on Unix."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def parse_csv(content: bytes) -> pd.DataFrame:
    """Parse a CSV file, or say what it is instead."""
    if not content.strip():
        raise DataError("the file is empty")
    if b"\0" in content:
        raise DataError("this is not a text file")
    if content.lstrip().startswith(b"<"):
        raise DataError("this is a web page, not a CSV file")
    try:
        return pd.read_csv(io.BytesIO(content), low_memory=False)
    except (UnicodeDecodeError, pd.errors.ParserError) as error:
        raise DataError(f"this cannot be read as a CSV file ({str(error).strip()})") from error
