"""Download the real data into the user's cache. Nothing else in the package uses the network."""

import contextlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests
from pooch.hashes import hash_matches
from tqdm import tqdm

from dl_lesson.data.registry import DATA_SETS, PUBLISHED
from dl_lesson.data.sources import cache_folder, has_checksum, read_published
from dl_lesson.data.temporary import temporary_folder

FALL_BACK = "The data bundled with the lesson will be used."
# Variables that lead the way of a download, those first that count first.
PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy", "HTTP_PROXY")
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
# Begins the name of the folder in which a download is complete before it takes its place.
ASIDE = ".fetch-"


class FetchError(RuntimeError):
    """The host has no such file or sends another one, or the way or the cache is closed."""


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
    # pooch announces each download with a path; the progress bar is enough.
    pooch.get_logger().setLevel("ERROR")
    for name, checksum in checksums.items():
        path = folder / name
        if not (path.is_file() and hash_matches(path, checksum)):
            _download(remote, folder, name, checksum, timeout, total_timeout)


def _download(
    remote: Remote,
    folder: Path,
    name: str,
    checksum: str,
    timeout: tuple[float, float],
    total_timeout: float,
) -> None:
    address = remote.addresses.get(name, remote.base_url + name)
    host = urlsplit(address).hostname
    with _explained(folder, f"{host} (for {name})"), _ProgressBar(name, total_timeout) as bar:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary_folder(ASIDE, folder) as aside:
            downloader = pooch.HTTPDownloader(bar, timeout=timeout)
            try:
                pooch.retrieve(address, checksum, name, aside, downloader=downloader)
            except requests.RequestException:
                raise
            # The checksum is another one. Of errors of requests, some are ValueErrors, too.
            except ValueError as error:
                fault = f"{host} sent another file than the published {name}; it was not kept."
                raise FetchError(f"{fault} {FALL_BACK}") from error
            (aside / name).replace(folder / name)


@contextlib.contextmanager
def _explained(folder: Path, host: str) -> Iterator[None]:
    """Say in a sentence why a download failed, and what helps."""
    try:
        yield
    except requests.RequestException as error:
        kind, fault = _fault(error, host)
        raise kind(f"{fault} {FALL_BACK}") from error
    except OSError as error:
        fault = (
            f"{folder} cannot be written: {error.strerror or error}; see to that folder, then try "
            "again."
        )
        # Requests raises this before it asks any host.
        if "CA certificate bundle" in str(error):
            fault = (
                f"There is no such file as {_setting(*BUNDLES)} names: correct the variable, or "
                "unset it."
            )
        raise FetchError(f"{fault} {FALL_BACK}") from error


def _fault(error: requests.RequestException, host: str) -> tuple[type[FetchError], str]:
    """Tell the causes of a failed download apart: only some go away with a better network."""
    # What urllib3 found stands in the text of the error alone.
    text = str(error)
    status = error.response.status_code if error.response is not None else None
    refused = re.search(r"Tunnel connection failed: (\d+)", text)
    if status == 407 or (refused and refused[1] == "407"):
        return FetchError, (
            f"The proxy on the way to {host} wants a name and a password (407): write them into "
            "HTTPS_PROXY, as http://NAME:PASSWORD@PROXY:PORT."
        )
    if refused:
        return FetchError, (
            f"The proxy refuses the way to {host} ({refused[1]}): ask who runs it, or fetch the "
            "data in another network."
        )
    proxy, bundle = _setting(*PROXIES), _setting(*BUNDLES)
    if isinstance(error, requests.exceptions.InvalidURL) and proxy:
        return FetchError, (
            f"{proxy} is no address of a proxy: write http://PROXY:PORT there, or unset the "
            "variable."
        )
    if isinstance(error, requests.exceptions.SSLError) and bundle:
        return FetchError, (
            f"The certificate of {host} is not trusted, and {bundle} does not help: ask for the "
            "root certificate of this network and name that file there, or unset the variable."
        )
    if isinstance(error, requests.exceptions.SSLError):
        return FetchError, (
            f"The certificate of {host} is not trusted, as where a network inspects what passes: "
            "ask for its root certificate and name that file in REQUESTS_CA_BUNDLE."
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return UnreachableError, (
            f"The proxy of {proxy or 'this system'} cannot be reached, so {host} cannot either: "
            "correct that setting, or remove it."
        )
    if "SOCKS" in text:
        return FetchError, (
            f"The way to {host} leads through a SOCKS proxy ({proxy or 'of this system'}): type "
            "`pip install pysocks`, or remove that setting."
        )
    if isinstance(error, requests.TooManyRedirects):
        return FetchError, f"{host} sends the download round in circles: try again later."
    if status is not None:
        meaning = {
            403: "this network or proxy may not have it: try another network",
            404: "there is no such file any more: look for a newer version of the lesson",
            429: "too many downloads from this network: wait an hour",
        }.get(status, "it is out of order: try again later")
        return FetchError, f"{host} answered {status}; {meaning}."
    if isinstance(error, requests.Timeout) or "Read timed out" in text:
        return UnreachableError, f"{host} is too slow or does not answer: try again later."
    if isinstance(error, requests.exceptions.ChunkedEncodingError) or "IncompleteRead" in text:
        return UnreachableError, f"{host} broke off in the middle: try again."
    if "NameResolution" in text or "getaddrinfo" in text:
        return UnreachableError, f"The name of {host} is not found: is there a network?"
    return UnreachableError, f"{host} cannot be reached: is there a network, or a firewall?"


def _setting(*names: str) -> str:
    """Return the first of these variables that is set, with its value but without a password."""
    for name in names:
        if value := os.environ.get(name):
            return f"{name}={re.sub('//.*@', '//...@', value)}"
    return ""


def _publish(remote: Remote, folder: Path) -> dict[str, str]:
    """Ask the publisher for the checksums, unless the files are there and agree with them.

    They stay beside the files, so that the loaders can tell the published files from others.
    """
    known = read_published(folder)
    paths = [folder / name for name in remote.checksums]
    if all(path.is_file() and has_checksum(path, known.get(path.name, "")) for path in paths):
        return {path.name: known[path.name] for path in paths}
    store = pooch.create(folder, f"doi:{remote.doi}")
    with _explained(folder, f"the publisher of {remote.doi}"):
        try:
            store.load_registry_from_doi()
            checksums = {name: store.registry[name] for name in remote.checksums}
        except requests.RequestException:
            raise
        except (KeyError, ValueError) as error:
            fault = f"The publisher of {remote.doi} gives no checksums of its files."
            raise FetchError(f"{fault} {FALL_BACK}") from error
        lines = "".join(f"{name} {checksum}\n" for name, checksum in checksums.items())
        folder.mkdir(parents=True, exist_ok=True)
        with temporary_folder(ASIDE, folder) as aside:
            complete = aside / PUBLISHED
            complete.write_text(lines, encoding="utf-8")
            complete.replace(folder / PUBLISHED)
    return checksums
