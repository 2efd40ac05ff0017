"""Download the real data into the user's cache. Nothing else in the package uses the network."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests
from tqdm import tqdm

from dl_lesson.data import DATA_SETS, cache_folder

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
        File name -> checksum in pooch's form, such as ``sha256:...``.
    """

    base_url: str
    folder: str
    checksums: Mapping[str, str]


REMOTES = {
    # DOI 10.5281/zenodo.5071376
    "weather": Remote(
        base_url="https://zenodo.org/records/5071376/files/",
        folder="weather",
        checksums={"weather_prediction_dataset_light.csv": f"sha256:{DATA_SETS['weather'].real}"},
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
    total_timeout: float = 300,
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
    host = urlsplit(remote.base_url).hostname
    folder = (cache or cache_folder()) / remote.folder
    store = pooch.create(folder, remote.base_url, registry=dict(remote.checksums))
    # pooch announces each download with a path; the progress bar is enough.
    pooch.get_logger().setLevel("ERROR")
    for name in remote.checksums:
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
