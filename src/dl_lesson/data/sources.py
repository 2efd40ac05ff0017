"""Data sets of the lesson: where they are found, and whether they are what they should be.

The loaders never use the network. They look into the folder that the environment variable
``DL_LESSON_DATA`` names, then into the user's cache, which ``dl-lesson data fetch`` fills, then
into the data that come with the lesson. ``DL_LESSON_BUNDLED_ONLY=1`` leaves the cache out.
"""

import difflib
import functools
import gzip
import hashlib
import os
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import platformdirs

from dl_lesson.data.errors import DataError
from dl_lesson.data.registry import DATA_SETS, PUBLISHED, DataSet, Source

if TYPE_CHECKING:
    from dl_lesson.data.pictures import DollarStreet

Place = Literal["folder", "cache", "bundled"]

REMEDY = {
    "folder": "replace it, or unset DL_LESSON_DATA",
    "cache": "run `dl-lesson data fetch` again",
    "bundled": "install the lesson again",
}
WEIGHTS = "weights/mobilenet_v2_imagenet_no_top.weights.h5"
# So much alike are two file names when somebody has probably meant the same file.
ALIKE = 0.85
WEIGHTS_SHA256 = "c69d920326c3d9fd7057c7e2df90aa0001acef9fb87b7c7bd0ab1421dcc9e88b"


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
    {"real", "part", "simulated", "rendered", "stand-in", "own"}
        "part" is a part of the real data, "stand-in" is made of another data set, "own" are files
        of the user's in the folder that ``DL_LESSON_DATA`` names.

    Raises
    ------
    DataError
        If a file is missing, or was put in place by the lesson and has been changed since.
    """
    paths, place = find(name)
    return _version(name, paths, place)


def _version(name: str, paths: list[Path], place: Place) -> Source:
    names = {path.name for path in paths}
    versions = {
        version: known
        for version, known in DATA_SETS[name].versions.items()
        if known.keys() == names
    }
    published = read_published(paths[0].parent)
    if published.keys() >= names:
        versions["real"] = {file: published[file] for file in names}
    changed = {
        version: [path for path in paths if not has_checksum(path, known[path.name])]
        for version, known in versions.items()
    }
    version, faulty = min(changed.items(), key=lambda item: len(item[1]))
    if not faulty:
        return "own" if DATA_SETS[name].is_altered(paths[0].parent) else version
    if place == "folder":
        return "own"
    raise DataError(
        f"{faulty[0]}: this is not the file the lesson put there; {_remedy(name, place)}."
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
    content : pandas.DataFrame, DollarStreet or SmallPictures
        The data set.
    description : str
        Which version it is, and its size.

    Raises
    ------
    DataError
        If a file is missing, cannot be read, or is not what the lesson expects.
    """
    paths, place = find(name)
    data_set = DATA_SETS[name]
    try:
        content, size = data_set.read(*paths)
    except (DataError, OSError) as error:
        cause = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else error
        raise DataError(f"{cause}; {_remedy(name, place)}.") from error
    source = _version(name, paths, place)
    return content, f"{data_set.describe(source, len(paths))}, {size}"


def locate(name: str) -> tuple[Path, Place]:
    """Find the folder with the files that a loader would use, see `find`."""
    paths, place = find(name)
    return paths[0].parent, place


def find(name: str) -> tuple[list[Path], Place]:
    """Find the files that a loader would use.

    Damaged files in the cache are passed over, with a line on stderr.

    Raises
    ------
    DataError
        If the folder in ``DL_LESSON_DATA`` does not exist, holds nothing that the lesson knows,
        only some of the files or one under another name, or they are nowhere.
    """
    data_set = DATA_SETS[name]
    bundled = bundled_folder() / (data_set.made_from or data_set.folder)
    candidates: list[tuple[Path, Place]] = [(bundled, "bundled")]
    named = None
    if data_set.may_be_replaced:
        if not bundled_only():
            candidates.insert(0, (cache_folder() / data_set.folder, "cache"))
        if named := named_folder():
            candidates[:0] = [(folder, "folder") for folder in _places(named, data_set)]
    elif variable := os.environ.get("DL_LESSON_DATA"):
        for path in _readable(Path(variable).expanduser(), data_set):
            _say_once(f"{path} is not read: the {data_set.title.lower()} come with the lesson.")
    for folder, place in candidates:
        forms = data_set.forms if place == "bundled" else data_set.published_forms
        missing = {form: [file for file in form if not (folder / file).is_file()] for form in forms}
        for form in forms:
            if missing[form]:
                continue
            paths = [folder / file for file in form]
            if place != "cache" or not (fault := _fault(name, paths)):
                return paths, place
            _say_once(f"{fault}. Until then, the data that come with the lesson are used.")
        absent = next(
            (files[0] for form, files in missing.items() if 0 < len(files) < len(form)), ""
        )
        if named and place == "folder" and (absent or folder == named):
            if near := _near_miss(named, [data_set]):
                raise DataError(near)
            if absent:
                raise DataError(
                    f"{folder / absent}: the file is missing beside the others of its data set; "
                    "add it, or unset DL_LESSON_DATA."
                )
    file = missing[forms[-1]][0]
    raise DataError(f"{folder / file}: the file is missing; {REMEDY['bundled']}.")


def cache_fault(name: str) -> str:
    """Say what is wrong with the fetched files of a data set, and what to do; empty if nothing."""
    folder = cache_folder() / DATA_SETS[name].folder
    if bundled_only():
        return ""
    for form in DATA_SETS[name].published_forms:
        paths = [folder / file for file in form]
        if all(path.is_file() for path in paths) and (fault := _fault(name, paths)):
            return fault
    return ""


def _fault(name: str, paths: list[Path]) -> str:
    try:
        _version(name, paths, "cache")
    except DataError as error:
        fault = str(error)
        # What the file is tells more than what it is not.
        try:
            DATA_SETS[name].read(*paths)
        except DataError as telling:
            fault = f"{telling}; {_remedy(name, 'cache')}"
        return fault.rstrip(".")
    except OSError as error:
        return f"{error.filename}: {error.strerror}; {_remedy(name, 'cache')}"
    return ""


@functools.cache
def _say_once(line: str) -> None:
    print(line, file=sys.stderr)


def bundled_only() -> bool:
    """Tell whether ``DL_LESSON_BUNDLED_ONLY`` leaves the cache out."""
    wish = os.environ.get("DL_LESSON_BUNDLED_ONLY", "").strip().lower()
    return wish not in ("", "0", "false", "no", "off")


def named_folder() -> Path | None:
    """Return the folder that ``DL_LESSON_DATA`` names, or nothing if the variable is not set.

    Raises
    ------
    DataError
        If there is no such folder, or it holds no file of any data set.
    """
    named = os.environ.get("DL_LESSON_DATA")
    if not named:
        return None
    folder = Path(named).expanduser()
    if folder.is_dir():
        replaceable = [data_set for data_set in DATA_SETS.values() if data_set.may_be_replaced]
        if any(_readable(folder, data_set) for data_set in replaceable):
            return folder
        if near := _near_miss(folder, replaceable):
            raise DataError(near)
        # What lies there instead tells a reader more than what is missing.
        found = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
        shown = ", ".join(found[:3]) + (", ..." if len(found) > 3 else "")
        raise DataError(
            f"{folder}: the folder that DL_LESSON_DATA names holds no file that the lesson reads "
            f"there ({f'but {shown}' if found else 'it is empty'}); see `dl-lesson data mirror` "
            "for the names, or unset the variable."
        )
    problem = "does not exist; correct the variable or unset it"
    if named[0] in "\"'":
        problem = "is written with quotation marks, which count as a part of it; leave them out"
    elif folder.is_file():
        problem = "is a file; name the folder in which it lies"
    raise DataError(f"{folder}: the folder that DL_LESSON_DATA names {problem}.")


def _places(named: Path, data_set: DataSet) -> list[Path]:
    return [named / data_set.folder, named]


def _readable(named: Path, data_set: DataSet) -> list[Path]:
    """Return the files of a data set that lie in a named folder where they are looked for."""
    files = [file for form in data_set.published_forms for file in form]
    paths = [place / file for place in _places(named, data_set) for file in files]
    return [path for path in paths if path.is_file()]


def _near_miss(named: Path, data_sets: list[DataSet]) -> str:
    """Say which file somebody has probably meant for a data set, though it is never read.

    Copies, downloads and unpacked archives get another name or lie in another folder.
    """
    read = {path for data_set in DATA_SETS.values() for path in _readable(named, data_set)}
    wanted = {
        file.lower(): named / data_set.folder / file
        for data_set in data_sets
        for form in data_set.published_forms
        for file in form
    }
    # Not all of a disk, if that is what is named.
    for path in sorted(path for depth in ("*", "*/*", "*/*/*") for path in named.glob(depth)):
        name = path.name.lower()
        meant = difflib.get_close_matches(name, wanted, n=1, cutoff=ALIKE) or [
            file for file in wanted if all(part in name for part in file.split(".", 1))
        ]
        if meant and not (path in read or name.startswith(".") or path.is_dir()):
            return (
                f"{path}: the lesson reads this file only as {wanted[meant[0]]}; move it there, "
                "or out of the folder that DL_LESSON_DATA names if it is something else."
            )
    return ""


def _remedy(name: str, place: Place) -> str:
    if place == "cache" and DATA_SETS[name].further:
        return f"run `dl-lesson data fetch {name}` again"
    return REMEDY[place]


def bundled_folder() -> Path:
    """Return the folder of the data that come with the lesson, installed or in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "bundled" / "data"
    return installed if installed.is_dir() else package.parents[1] / "data"


def cache_folder() -> Path:
    """Return the user's folder for fetched data."""
    return platformdirs.user_cache_path("dl-lesson", appauthor=False)


def checksum(path: Path, algorithm: str = "sha256") -> str:
    """Return the checksum of a file's content.

    That of a compressed table or array of bytes is taken of what was compressed, because programs
    compress differently; that of a table is taken with line ends as on Unix.
    """
    compressed = path.name.endswith((".csv.gz", "-ubyte.gz"))
    with (gzip.open if compressed else open)(path, "rb") as stream:
        if ".csv" not in path.suffixes:
            return hashlib.file_digest(stream, algorithm).hexdigest()
        content = stream.read().replace(b"\r\n", b"\n")
    return hashlib.new(algorithm, content).hexdigest()


def has_checksum(path: Path, expected: str) -> bool:
    """Tell whether a file has a checksum, given as a SHA-256 or as ``algorithm:digest``."""
    algorithm, _, digest = expected.rpartition(":")
    try:
        return checksum(path, algorithm or "sha256") == digest
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return False


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
