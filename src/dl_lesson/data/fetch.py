"""Download the real data into the user's cache. Nothing else in the package uses the network."""

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests
from tqdm import tqdm

from dl_lesson.data.registry import DATA_SETS, PUBLISHED
from dl_lesson.data.sources import cache_folder, has_checksum, read_published

FALL_BACK = "The data bundled with the lesson will be used."


class FetchError(RuntimeError):
    """The host has no such file or sends another one, or the cache cannot be written."""


class UnreachableError(FetchError):
    """The data host does not answer, breaks off, or is too slow."""


@dataclass(frozen=True)
class Remote:
    """Where the files of a data set are published.

    Attributes
    ----------
    base_url : str
        Address that a file's name is added to.
    folder : str
        Folder below the cache.
    checksums : mapping of str to str
        File name -> SHA-256; empty where only the publisher knows it.
    doi : str
        Under which the publisher gives the checksums. Needed where one is empty.
    addresses : mapping of str to str
        File name -> address, for files that the publisher names otherwise.
    megabytes : int
        Size of what is downloaded, worth telling where it is large.
    """

    base_url: str
    folder: str
    checksums: Mapping[str, str]
    doi: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    megabytes: int = 0


REMOTES = {
    "weather": Remote(
        base_url="https://zenodo.org/records/5071376/files/",
        folder=DATA_SETS["weather"].folder,
        checksums=DATA_SETS["weather"].versions["real"],
        doi="10.5281/zenodo.5071376",
    ),
    "dollar_street": Remote(
        base_url="https://zenodo.org/records/10970014/files/",
        folder=DATA_SETS["dollar_street"].folder,
        checksums=dict.fromkeys(DATA_SETS["dollar_street"].forms[0], ""),
        doi="10.5281/zenodo.10970014",
    ),
    # Address and checksum as scikit-learn has them.
    "california_housing": Remote(
        base_url="https://ndownloader.figshare.com/files/",
        folder=DATA_SETS["california_housing"].folder,
        checksums=DATA_SETS["california_housing"].versions["real"],
        addresses={"cal_housing.tgz": "https://ndownloader.figshare.com/files/5976036"},
    ),
    # Address and checksum as Keras has them.
    "digits": Remote(
        base_url="https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        folder=DATA_SETS["digits"].folder,
        checksums=DATA_SETS["digits"].versions["real"],
        megabytes=11,
    ),
    # The authors' repository. These are checksums of the compressed files.
    "fashion": Remote(
        base_url=(
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"
        ),
        folder=DATA_SETS["fashion"].folder,
        checksums={
            "train-images-idx3-ubyte.gz": (
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
            ),
            "train-labels-idx1-ubyte.gz": (
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
            ),
            "t10k-images-idx3-ubyte.gz": (
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
            ),
            "t10k-labels-idx1-ubyte.gz": (
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
            ),
        },
        megabytes=31,
    ),
    # The authors' page; Keras takes the version for Python from there.
    "cifar": Remote(
        base_url="https://www.cs.toronto.edu/~kriz/",
        folder=DATA_SETS["cifar"].folder,
        checksums=DATA_SETS["cifar"].versions["real"],
        megabytes=170,
    ),
}


class _ProgressBar(tqdm):
    """Progress bar that also ends a download that goes on for too long."""

    def __init__(self, name: str, seconds: float) -> None:
        # Without a terminal there is nobody to watch a bar: None switches it off.
        super().__init__(desc=name, unit="B", unit_scale=True, disable=None)
        self.deadline = time.monotonic() + seconds

    def __bool__(self) -> bool:
        # pooch asks whether there is a bar; tqdm would answer whether there is a total.
        return True

    def update(self, n: float | None = 1) -> bool | None:
        if time.monotonic() > self.deadline:
            raise requests.Timeout
        return super().update(n)


def fetch(
    remote: Remote,
    cache: Path | None = None,
    timeout: tuple[float, float] = (5, 10),
    total_timeout: float = 900,
) -> None:
    """Download the files of a data set that the cache lacks or holds damaged.

    A file takes its place only when it is complete and its checksum is right.

    Parameters
    ----------
    remote : Remote
        What to download.
    cache : pathlib.Path, optional
        Where to put it; the user's cache when not given.
    timeout : tuple of float
        Seconds to wait for a connection, and for the next bytes.
    total_timeout : float
        Seconds to wait for a whole file.

    Raises
    ------
    UnreachableError
        If the host does not answer, breaks off, or is too slow.
    FetchError
        If the host has no such file or sends another one, or the cache cannot be written.
    """
    folder = (cache or cache_folder()) / remote.folder
    checksums = dict(remote.checksums)
    if not all(checksums.values()):
        checksums = _publish(remote, folder)
    addresses = dict(remote.addresses)
    store = pooch.create(folder, remote.base_url, registry=checksums, urls=addresses)
    # pooch announces each download with a path; the progress bar is enough.
    pooch.get_logger().setLevel("ERROR")
    for name in checksums:
        host = urlsplit(store.get_url(name)).hostname
        with _ProgressBar(name, total_timeout) as bar:
            try:
                store.fetch(name, downloader=pooch.HTTPDownloader(bar, timeout=timeout))
            except requests.HTTPError as error:
                fault = f"{host} answered {error.response.status_code} for {name}."
                raise FetchError(f"{fault} {FALL_BACK}") from error
            except requests.RequestException as error:
                fault = f"{host} cannot be reached (no network?) or is too slow for {name}."
                raise UnreachableError(f"{fault} {FALL_BACK}") from error
            except ValueError as error:
                fault = f"{host} sent another file than the published {name}; it was not kept."
                raise FetchError(f"{fault} {FALL_BACK}") from error
            except OSError as error:
                fault = f"{folder} cannot be written: {error.strerror or error}."
                raise FetchError(f"{fault} {FALL_BACK}") from error


def _publish(remote: Remote, folder: Path) -> dict[str, str]:
    """Ask the publisher for the checksums, unless the files are there and agree with them.

    They stay beside the files, so that the loaders can tell the published files from others.
    """
    known = read_published(folder)
    paths = [folder / name for name in remote.checksums]
    if all(path.is_file() and has_checksum(path, known.get(path.name, "")) for path in paths):
        return {path.name: known[path.name] for path in paths}
    store = pooch.create(folder, f"doi:{remote.doi}")
    try:
        store.load_registry_from_doi()
        checksums = {name: store.registry[name] for name in remote.checksums}
    except requests.RequestException as error:
        fault = f"The publisher of {remote.doi} cannot be reached (no network?)."
        raise UnreachableError(f"{fault} {FALL_BACK}") from error
    except (KeyError, ValueError) as error:
        fault = f"The publisher of {remote.doi} gives no checksums of its files."
        raise FetchError(f"{fault} {FALL_BACK}") from error
    lines = "".join(f"{name} {checksum}\n" for name, checksum in checksums.items())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            complete = Path(temporary) / PUBLISHED
            complete.write_text(lines, encoding="utf-8")
            complete.replace(folder / PUBLISHED)
    except OSError as error:
        fault = f"{folder} cannot be written: {error.strerror or error}."
        raise FetchError(f"{fault} {FALL_BACK}") from error
    return checksums
