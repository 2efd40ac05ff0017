"""Folders for what is not finished yet, which no killed process leaves behind for ever."""

import contextlib
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil


@contextlib.contextmanager
def temporary_folder(prefix: str, parent: Path | None = None) -> Iterator[Path]:
    """Make a folder that is deleted afterwards, and delete those of processes that were killed.

    Parameters
    ----------
    prefix : str
        Begins the name of the folder, and of its forerunners.
    parent : pathlib.Path, optional
        Where to make it; by default where temporary files of this system belong.
    """
    parent = parent or Path(tempfile.gettempdir())
    # A folder that several computers share can hold one in which another of them works.
    prefix += f"{re.sub(r'[^A-Za-z0-9]', '', platform.node())}-"
    for left in parent.glob(f"{prefix}*"):
        number = re.match(r"\d+", left.name.removeprefix(prefix))
        if number and not psutil.pid_exists(int(number[0])):
            shutil.rmtree(left, ignore_errors=True)
    name = tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=parent)
    try:
        yield Path(name)
    finally:
        shutil.rmtree(name, ignore_errors=True)
