"""Data sets of the lesson: where they are found, and whether they are what they should be.

The loaders never use the network. They look into the folder that the environment variable
``DL_LESSON_DATA`` names, then into the user's cache, which ``dl-lesson data fetch`` fills, then
into the data that come with the lesson. ``DL_LESSON_BUNDLED_ONLY=1`` leaves the cache out.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import platformdirs

from dl_lesson.data import weather
from dl_lesson.data.errors import DataError
from dl_lesson.data.tables import read_csv, read_table

if TYPE_CHECKING:
    from dl_lesson.data.pictures import DollarStreet
    from dl_lesson.data.small_pictures import SmallPictures

Source = Literal["real", "part", "simulated", "rendered", "own"]
Place = Literal["folder", "cache", "bundled"]

REMEDY = {
    "folder": "replace it, or unset DL_LESSON_DATA",
    "cache": "run `dl-lesson data fetch` again",
    "bundled": "install the lesson again",
}
# Lies beside fetched files: their publisher's checksums, a line "file algorithm:digest" for each.
PUBLISHED = "published_checksums.txt"
RENDERED = {
    "train_images.npy": "7493313cc256b8ec28456b46902d9ba6ddb8e26b7c10c3304de7e78be55d9ca3",
    "train_labels.npy": "c2338283b275649b1e64ec631f29735de4d67b89cf184e2a70f98cf618760b6a",
    "test_images.npy": "2ba0bbade86e3a263d602ce27c3332917b38c789c1e471446fc975cd37af3a19",
    "test_labels.npy": "d53d073f5bcbd95e24c5f1014be5f617645fab6c6b464d00ad5f1450e68aa8f3",
}
WEIGHTS = "weights/mobilenet_v2_imagenet_no_top.weights.h5"
WEIGHTS_SHA256 = "c69d920326c3d9fd7057c7e2df90aa0001acef9fb87b7c7bd0ab1421dcc9e88b"


@dataclass(frozen=True)
class DataSet:
    """What the lesson knows about a data set.

    Attributes
    ----------
    title : str
        Name for people.
    folder : str
        Folder below a data folder.
    read : callable
        Reads and checks the files in a folder; returns the data and, in words, how many.
    origin : str
        What the real data are and who took them.
    versions : mapping of str to mapping of str to str
        Version -> file name -> SHA-256. Only the real data, when they come with the lesson.
    optional : tuple of str
        Names of files that a folder may hold besides.
    """

    title: str
    folder: str
    read: Callable[[Path], tuple[Any, str]]
    origin: str
    versions: Mapping[Source, Mapping[str, str]]
    optional: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files that make up the data set."""
        return tuple(next(iter(self.versions.values())))


def _read_penguins(folder: Path) -> tuple[pd.DataFrame, str]:
    table = read_csv(folder / "penguins.csv")
    return table, f"{len(table)} penguins"


def _read_weather(folder: Path) -> tuple[pd.DataFrame, str]:
    path = folder / "weather_prediction_dataset_light.csv"
    table = read_csv(path)
    if fault := weather.find_fault(table):
        raise DataError(f"{path}: {fault}")
    return table, f"{len(table)} days"


def _read_dollar_street(folder: Path) -> "tuple[DollarStreet, str]":
    # Scikit-learn, which splits the pictures, takes a second to import.
    from dl_lesson.data import pictures

    content = pictures.read(folder)
    n_train, n_validation, n_test = (len(split.labels) for split in content[:3])
    return content, f"{n_train} training, {n_validation} validation and {n_test} test pictures"


def _read_small_pictures(folder: Path) -> "tuple[SmallPictures, str]":
    from dl_lesson.data import small_pictures

    content = small_pictures.read(folder / f"{folder.name}.npz")
    n_train, n_test = len(content.train_labels), len(content.test_labels)
    return content, f"{n_train} training and {n_test} test pictures"


DATA_SETS = {
    "penguins": DataSet(
        title="Penguin data",
        folder="penguins",
        read=_read_penguins,
        origin="real measurements (Palmer Station LTER)",
        versions={
            "real": {
                "penguins.csv": "e8b4963bd800a44c107d88d4795059f77c9ba222ca00771f45274d5b0e4cb73c"
            }
        },
    ),
    "weather": DataSet(
        title="Weather data",
        folder="weather",
        read=_read_weather,
        origin="real measurements (ECA&D)",
        versions={
            "real": {
                "weather_prediction_dataset_light.csv": (
                    "d10b70448e6848a66958a18667f4dbf8a4ef13b166f6803a7ab2057c6ec9d438"
                )
            },
            "simulated": {
                "weather_prediction_dataset_light.csv": (
                    "7e7682a8cdddd61278d8ae32a74c05876a5dad96a8828e07ca010214420ea8ad"
                )
            },
        },
    ),
    "dollar_street": DataSet(
        title="Picture data",
        folder="dataset_dollarstreet",
        read=_read_dollar_street,
        origin="real photographs (Dollar Street)",
        versions={"rendered": RENDERED},
        optional=("class_names.txt", "test_conditions.csv", PUBLISHED),
    ),
    "diamonds": DataSet(
        title="Diamond data",
        folder="diamonds",
        read=read_table,
        origin="real prices (ggplot2)",
        versions={
            "real": {
                "diamonds.csv.gz": (
                    "5bb782775d3c5258d0c3fc7c1552b1c3b74fae99c0e7cebedaa726374c86224c"
                )
            }
        },
    ),
    "pima_diabetes": DataSet(
        title="Diabetes data",
        folder="pima_diabetes",
        read=read_table,
        origin="real measurements (National Institute of Diabetes)",
        versions={
            "real": {
                "pima_diabetes.csv.gz": (
                    "c3eab0521d7bb5d936d6916b1d62fc66e132302f3a6d61c9be69bd59baf6be64"
                )
            }
        },
    ),
    "california_housing": DataSet(
        title="Housing data",
        folder="california_housing",
        read=read_table,
        origin="the census of 1990",
        versions={
            "simulated": {
                "california_housing.csv.gz": (
                    "6896ae2464b05d8087571a114a2be1ac33b6f814b16e5e9a60aa4604ddf205d1"
                )
            }
        },
    ),
    "digits": DataSet(
        title="Digits",
        folder="digits",
        read=_read_small_pictures,
        origin="real, the whole of MNIST",
        versions={
            "part": {
                "digits.npz": "fb125514a486ec59150657c1d7a3d78354e580787b5c92da00430fadd1df5563"
            }
        },
    ),
    "fashion": DataSet(
        title="Pictures of clothes",
        folder="fashion",
        read=_read_small_pictures,
        origin="real, the whole of Fashion-MNIST",
        versions={
            "part": {
                "fashion.npz": "a6a5f2caefb1325295a9f6f46c75401a011fd920a40f2f7334050aa38f99cf83"
            }
        },
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
    return load("penguins")


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
    return load("weather")


def load_dollar_street() -> "DollarStreet":
    """Load pictures of household objects, split three ways, and print which pictures they are.

    The validation pictures are a fifth of the published training pictures, the same share of each
    class; which ones is always the same. The test pictures are the published ones.

    Returns
    -------
    dl_lesson.data.pictures.DollarStreet
        ``train``, ``validation`` and ``test``, each with ``images`` (uint8, shape
        ``(n_pictures, 64, 64, 3)``, 0 to 255) and ``labels`` (int64, shape ``(n_pictures,)``),
        and ``class_names``, in the order of the labels.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist or lacks one of the files, or one of
        them is damaged or does not fit the others.
    """
    return load("dollar_street")


def mobilenet_weights() -> Path:
    """Find the ImageNet weights of MobileNetV2 that come with the lesson.

    Returns
    -------
    pathlib.Path
        File for ``keras.applications.MobileNetV2(include_top=False, weights=...)``. The network
        then expects pictures that ``keras.applications.mobilenet_v2.preprocess_input`` has scaled.

    Raises
    ------
    DataError
        If the file is missing or has been changed.
    """
    path = bundled_folder() / WEIGHTS
    if not path.is_file():
        raise DataError(f"{path}: the file is missing; {REMEDY['bundled']}.")
    if checksum(path) != WEIGHTS_SHA256:
        raise DataError(f"{path}: this is not the file the lesson put there; {REMEDY['bundled']}.")
    return path


def load(name: str) -> Any:
    """Load a data set, a key of ``DATA_SETS``, and print which version of it."""
    content, description = examine(name)
    print(f"{DATA_SETS[name].title}: {description}")
    return content


def data_source(name: str) -> Source:
    """Tell which version of a data set a loader would use, by the content of its files.

    Parameters
    ----------
    name : str
        A key of ``DATA_SETS``.

    Returns
    -------
    {"real", "part", "simulated", "rendered", "own"}
        "part" is a part of the real data, "own" are files of the user's in the folder that
        ``DL_LESSON_DATA`` names.

    Raises
    ------
    DataError
        If a file is missing, or was put in place by the lesson and has been changed since.
    """
    folder, place = locate(name)
    data_set = DATA_SETS[name]
    versions = dict(data_set.versions)
    published = read_published(folder)
    if published.keys() >= set(data_set.files):
        versions["real"] = {file: published[file] for file in data_set.files}
    changed = {
        version: [file for file in data_set.files if not has_checksum(folder / file, known[file])]
        for version, known in versions.items()
    }
    version, files = min(changed.items(), key=lambda item: len(item[1]))
    if not files:
        return version
    if place == "folder":
        return "own"
    raise DataError(
        f"{folder / files[0]}: this is not the file the lesson put there; {REMEDY[place]}."
    )


def describe(name: str) -> str:
    """Check a data set and say in a few words which version of it a loader would use."""
    return examine(name)[1]


def examine(name: str) -> tuple[Any, str]:
    """Read and check a data set.

    Parameters
    ----------
    name : str
        A key of ``DATA_SETS``.

    Returns
    -------
    content : pandas.DataFrame or dl_lesson.data.pictures.DollarStreet
        The data set.
    description : str
        Which version it is, and its size.

    Raises
    ------
    DataError
        If a file is missing, cannot be read, or is not what the lesson expects.
    """
    folder, place = locate(name)
    data_set = DATA_SETS[name]
    try:
        content, size = data_set.read(folder)
    except (DataError, OSError) as error:
        cause = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else error
        raise DataError(f"{cause}; {REMEDY[place]}.") from error
    source = data_source(name)
    own = "a file of your own" if len(data_set.files) == 1 else "files of your own"
    part = "a part of the real ones (bundled with the lesson)"
    version = {"real": data_set.origin, "part": part, "own": own}.get(
        source, f"{source} (bundled with the lesson)"
    )
    return content, f"{version}, {size}"


def locate(name: str) -> tuple[Path, Place]:
    """Find the folder with the files that a loader would use.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist or holds only some of the files, or they
        are nowhere.
    """
    data_set = DATA_SETS[name]
    candidates: list[tuple[Path, Place]] = [(bundled_folder() / data_set.folder, "bundled")]
    if list(data_set.versions) != ["real"]:
        if os.environ.get("DL_LESSON_BUNDLED_ONLY", "0") in ("", "0"):
            candidates.insert(0, (cache_folder() / data_set.folder, "cache"))
        if named := os.environ.get("DL_LESSON_DATA"):
            folder = Path(named).expanduser()
            if not folder.is_dir():
                raise DataError(
                    f"{folder}: the folder that DL_LESSON_DATA names does not exist; "
                    "correct the variable or unset it."
                )
            candidates[:0] = [(folder / data_set.folder, "folder"), (folder, "folder")]
    for folder, place in candidates:
        missing = [file for file in data_set.files if not (folder / file).is_file()]
        if not missing:
            return folder, place
        if place == "folder" and len(missing) < len(data_set.files):
            raise DataError(
                f"{folder / missing[0]}: the file is missing beside the others of its data set; "
                "add it, or unset DL_LESSON_DATA."
            )
    raise DataError(f"{folder / missing[0]}: the file is missing; {REMEDY['bundled']}.")


def bundled_folder() -> Path:
    """Return the folder of the data that come with the lesson, installed or in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "bundled" / "data"
    return installed if installed.is_dir() else package.parents[1] / "data"


def cache_folder() -> Path:
    """Return the user's folder for fetched data."""
    return platformdirs.user_cache_path("dl-lesson", appauthor=False)


def checksum(path: Path, algorithm: str = "sha256") -> str:
    """Return the checksum of a file; that of a table is taken with line ends as on Unix."""
    content = path.read_bytes()
    if path.suffix == ".csv":
        content = content.replace(b"\r\n", b"\n")
    return hashlib.new(algorithm, content).hexdigest()


def has_checksum(path: Path, expected: str) -> bool:
    """Tell whether a file has a checksum, given as a SHA-256 or as ``algorithm:digest``."""
    algorithm, _, digest = expected.rpartition(":")
    return checksum(path, algorithm or "sha256") == digest


def read_published(folder: Path) -> dict[str, str]:
    """Read the checksums that ``dl-lesson data fetch`` left beside the files it fetched.

    Returns
    -------
    dict of str to str
        File name -> ``algorithm:digest``; empty where there are none.
    """
    path = folder / PUBLISHED
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    published = dict(words for line in lines if len(words := line.split()) == 2)
    known = ("md5:", "sha256:")
    return {file: digest for file, digest in published.items() if digest.startswith(known)}
