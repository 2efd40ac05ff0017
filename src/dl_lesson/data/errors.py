"""Errors that a user can mend, and files that are something else than their name says."""

from pathlib import Path


class DataError(ValueError):
    """A file of a data set is missing, damaged, or not what the lesson expects."""


def refuse_mistaken(path: Path, expected: str, start: bytes | None = None) -> None:
    """Refuse a file that stands in for another one.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    expected : str
        What it should be, "a CSV file", say.
    start : bytes, optional
        What the file begins with, where it was unpacked.

    Raises
    ------
    DataError
        If it is empty, a web page (that of a log-in, say), or what Git leaves in place of a large
        file.
    """
    if start is None:
        with path.open("rb") as stream:
            start = stream.read(512)
    start = start.lstrip()
    if not start:
        raise DataError(f"{path}: the file is empty")
    if start.startswith(b"<"):
        raise DataError(f"{path}: this is a web page, not {expected}")
    if start.startswith(b"version https://git-lfs"):
        raise DataError(
            f"{path}: this is a pointer of Git LFS, not {expected}; `git lfs pull` fetches the file"
        )
