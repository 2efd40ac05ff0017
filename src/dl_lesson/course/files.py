"""Where the files of the course lie, and the error that every command reports in one sentence."""

import contextlib
import errno
import hashlib
import json
import math
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dl_lesson.data.temporary import temporary_folder

# Folder of the second part of the course, below that of the first.
FURTHER = "further"
INSTALL = "install the wheel of the lesson again; in a checkout, run `make course`"


NO_MEMORY = (
    "This machine has no room for another program (memory, or the limits of `ulimit -a`); close "
    "other programs, then try again."
)
TOO_MANY_FILES = (
    "Too many files are open at once; close other programs or raise the limit (`ulimit -n 4096`), "
    "then try again."
)


# With fewer bytes of addresses, TensorFlow cannot be imported, and what says so differs each time.
LEAST_MEMORY = 2e9


class AuthoringError(Exception):
    """Something a user can mend; the message says what is wrong and what to do."""


def named_files(folder: Path, pattern: str) -> dict[str, Path]:
    """Return files of both parts of the course by name without ending, the first part first.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the first part.
    pattern : str
        Pattern of the file names.
    """
    return {
        path.stem: path
        for place in (folder, folder / FURTHER)
        for path in sorted(place.glob(pattern))
        # Other systems put hidden files of the same name beside them.
        if not path.name.startswith(".")
    }


def bundled_editions() -> Path | None:
    """Return the folder of the editions that came with the wheel, if it was installed from one."""
    folder = Path(__file__).parents[1] / "bundled" / "editions"
    return folder if folder.is_dir() else None


def executed_notebooks() -> Path:
    """Return the folder of the executed notebooks, those of the wheel or of the checkout.

    Raises
    ------
    AuthoringError
        If this installation holds neither.
    """
    checkout = Path(__file__).parents[3]
    bundled = bundled_editions()
    folder = bundled / "solved" if bundled else checkout / "notebooks"
    if not folder.is_dir():
        raise AuthoringError(
            "This installation of dl-lesson holds no notebooks; install the wheel again, or work "
            "in a checkout of the lesson."
        )
    return folder


@dataclass(frozen=True)
class Project:
    """A checkout of the lesson.

    Attributes
    ----------
    root : pathlib.Path
        Folder that holds ``episodes/`` and ``notebooks/``.
    """

    root: Path

    @classmethod
    def current(cls) -> "Project":
        """Return the project in the current folder.

        Raises
        ------
        AuthoringError
            If the current folder holds no ``episodes`` folder.
        """
        root = Path.cwd()
        if not (root / "episodes").is_dir():
            raise AuthoringError(
                f"{root} is not a project of this lesson: it has no folder episodes; change to "
                "the folder into which you cloned the lesson and repeat the command."
            )
        return cls(root)

    @classmethod
    def is_here(cls) -> bool:
        """Tell whether the current folder is a checkout of the lesson."""
        return (Path.cwd() / "episodes").is_dir()

    @property
    def episodes(self) -> Path:
        """Folder of the sources."""
        return self.root / "episodes"

    @property
    def notebooks(self) -> Path:
        """Folder of the committed notebooks."""
        return self.root / "notebooks"

    @property
    def build(self) -> Path:
        """Folder of what is derived and not committed."""
        return self.root / "_build"

    def episode_names(self) -> list[str]:
        """Return the names of all episodes, those of the first part first."""
        return list(named_files(self.episodes, "[0-9][0-9]-*.md"))

    def source(self, name: str) -> Path:
        """Return the file of an episode, which may not be there."""
        further = self.episodes / FURTHER / f"{name}.md"
        return further if further.exists() else self.episodes / f"{name}.md"

    def is_further(self, name: str) -> bool:
        """Tell whether an episode belongs to the second part of the course."""
        return self.source(name).parent.name == FURTHER

    def notebook(self, name: str) -> Path:
        """Return the committed notebook of an episode, which may not be there."""
        return self.beside_notebook(name, f"{name}.ipynb")

    def results(self, name: str) -> Path:
        """Return the file of the results that an episode records, which may not be there."""
        return self.beside_notebook(name, f"results/{name}.csv")

    def beside_notebook(self, name: str, file: str) -> Path:
        """Return a file in the folder of the notebook of an episode."""
        return self.notebooks / (FURTHER if self.is_further(name) else "") / file

    def shown(self, path: Path) -> str:
        """Return a path as people read it, from the root of the project."""
        return path.relative_to(self.root).as_posix()


def select(names: Iterable[str], existing: list[str], kind: str) -> list[str]:
    """Return the chosen names in the order of the lesson, or all when none is chosen.

    Parameters
    ----------
    names : iterable of str
        Names as a user types them, with or without folder and extension.
    existing : list of str
        Names to choose from.
    kind : str
        What the names stand for, "episode", say; used in messages.

    Returns
    -------
    list of str
        Chosen names.

    Raises
    ------
    AuthoringError
        If a name does not exist, or if there is nothing to choose from.
    """
    if not existing:
        raise AuthoringError(f"There is no {kind} in this project.")
    chosen = {Path(name).name.removesuffix(".md").removesuffix(".ipynb") for name in names}
    unknown = sorted(chosen - set(existing))
    if unknown:
        raise AuthoringError(
            f"There is no {kind} {', '.join(unknown)}; those that exist: {', '.join(existing)}."
        )
    return [name for name in existing if not chosen or name in chosen]


def digest(content: bytes) -> str:
    """Return a short sign of what a file holds; of a notebook, of its cells alone.

    JupyterLab writes the version of Python into each notebook that somebody only opens.
    """
    with contextlib.suppress(ValueError, KeyError, TypeError):
        content = json.dumps(json.loads(content)["cells"], sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def machine_fault(error: BaseException | None) -> str:
    """Say in one sentence what a machine lacks that stands behind an error, and what to do.

    Parameters
    ----------
    error : BaseException, optional
        The error. What it was raised from or beside counts, too.

    Returns
    -------
    str
        The sentence; empty where the machine is not at fault.
    """
    while error is not None:
        # Python's list of the files that were not copied holds the numbers as text.
        number = re.search(r"\[Errno (\d+)\]", str(error))
        code = getattr(error, "errno", None) or (int(number[1]) if number else None)
        name = getattr(error, "filename", None)
        where = f"{name}: " if name else ""
        if code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return f"{where or _fullest()}the disk is full; free some space, then try again."
        # A library that Jupyter builds on names no number.
        if code in (errno.EMFILE, errno.ENFILE) or "Too many open files" in str(error):
            return TOO_MANY_FILES
        if isinstance(error, MemoryError) or code in (errno.ENOMEM, errno.EAGAIN):
            return NO_MEMORY
        if isinstance(error, RuntimeError) and "start new thread" in str(error):
            return NO_MEMORY
        if isinstance(error, ImportError) and "failed to map segment" in str(error):
            return NO_MEMORY
        if (
            name
            and isinstance(error, OSError)
            and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
        ):
            return f"{where}{error.strerror}; work in a folder that you may write to."
        if name and code in (errno.EEXIST, errno.ENOTDIR):
            return f"{where}a file lies where a folder is needed; move it away, then try again."
        if isinstance(error, ImportError):
            # A package says that it cannot be imported, and only what it was raised from says why.
            if machine_fault(error.__cause__ or error.__context__) == NO_MEMORY:
                return NO_MEMORY
            return f"The package {error.name or 'of the lesson'} cannot be imported; {INSTALL}."
        if isinstance(error, OSError):
            return f"{where}{error.strerror or error}."
        error = error.__cause__ or error.__context__
    return ""


def allowed(limit: str) -> float:
    """Return how much of something this process and its kernels may each have.

    Parameters
    ----------
    limit : str
        Name of the limit in the module ``resource``: ``RLIMIT_NOFILE`` for open files, say.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limits.
        return math.inf
    soft, _ = resource.getrlimit(getattr(resource, limit))
    return math.inf if soft == resource.RLIM_INFINITY else soft


def memory_limit() -> str:
    """Say in one sentence that memory is limited too far; empty where it is not."""
    if (memory := allowed("RLIMIT_AS")) >= LEAST_MEMORY:
        return ""
    return (
        f"A program may use {memory / 1e9:.1f} GB of memory here, a notebook needs "
        f"{LEAST_MEMORY / 1e9:.0f} GB; raise the limit (`ulimit -v unlimited`), then try again."
    )


def _fullest() -> str:
    """Name the folder, of those that commands write to, on the disk with the least space."""
    folders = (Path.cwd(), Path(tempfile.gettempdir()))
    return f"{min(folders, key=lambda folder: shutil.disk_usage(folder).free)}: "


def read_record(path: Path) -> dict[str, str]:
    """Read what each file in a folder was when a command wrote it, so that work in it is noticed.

    Parameters
    ----------
    path : pathlib.Path
        The record. From a damaged one nothing is taken, and a line says so.

    Returns
    -------
    dict of str to str
        Name of a file -> its `digest`.
    """
    if not path.is_file():
        return {}
    with contextlib.suppress(ValueError):
        record = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(record, dict):
            return record
    print(
        f"{path}: this record of what was copied is damaged; it is written anew, and whatever "
        "differs from the lesson is kept as if you had changed it.",
        file=sys.stderr,
    )
    return {}


def write_record(path: Path, record: Mapping[str, str]) -> None:
    """Write what `read_record` reads."""
    write_atomically(path, json.dumps(record, indent=1, sort_keys=True) + "\n")


def bring(aside: Path, folder: Path, record: str) -> list[str]:
    """Move new files to their place, and what somebody has changed there to a new name.

    Parameters
    ----------
    aside : pathlib.Path
        Folder of the new files.
    folder : pathlib.Path
        Where they belong.
    record : str
        Name of the record in `folder`, see `read_record`.

    Returns
    -------
    list of str
        For each file that somebody has changed, a sentence that says how it is called now.
    """
    written = read_record(folder / record)
    lines = []
    for source in sorted(path for path in aside.rglob("*") if path.is_file()):
        name = source.relative_to(aside).as_posix()
        place, sign = folder / name, digest(source.read_bytes())
        if place.exists() and digest(place.read_bytes()) not in (sign, written.get(name)):
            kept = place.rename(_free_name(place))
            lines.append(f"You changed {place.as_posix()}: your version is now {kept.name}.")
        place.parent.mkdir(parents=True, exist_ok=True)
        source.replace(place)
        written[name] = sign
    write_record(folder / record, written)
    return lines


def _free_name(path: Path) -> Path:
    """Return a path beside a file that nothing has yet."""
    free, number = path.with_name(f"{path.stem}-changed{path.suffix}"), 1
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-changed-{number}{path.suffix}")
    return free


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old or the new file, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_folder(".dl-lesson-write-", path.parent) as aside:
        complete = aside / path.name
        complete.write_bytes(content.encode() if isinstance(content, str) else content)
        complete.replace(path)
