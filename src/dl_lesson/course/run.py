"""``dl-lesson run``: execute copies of the notebooks and say which claims hold."""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import nbformat
import psutil
from rich import box
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from dl_lesson.course.execution import Execution, execute, notebook_environment
from dl_lesson.course.files import (
    FURTHER,
    AuthoringError,
    bring,
    named_files,
    select,
    write_atomically,
)
from dl_lesson.course.parallel import choose_jobs, run_together
from dl_lesson.data.temporary import temporary_folder

# In the folder of the copies.
RECORD = ".dl-lesson-run.json"
# There while a run writes to the folder, with the number of its process.
BUSY = ".dl-lesson-run.busy"
ASIDE = ".dl-lesson-run-"


def run_course(
    notebooks: Path,
    folder: Path,
    names: Iterable[str],
    console: Console | None = None,
    *,
    further: bool = False,
    jobs: int | None = None,
) -> list[AuthoringError]:
    """Execute copies of the committed notebooks and print a table of what they took.

    Parameters
    ----------
    notebooks : pathlib.Path
        Folder of the executed notebooks.
    folder : pathlib.Path
        Folder for the copies. What an earlier run wrote there is replaced; a file that somebody
        has changed since gets another name, which is printed.
    names : iterable of str
        Notebooks to execute; all of one part of the course when there is none.
    console : rich.console.Console, optional
        Where to print.
    further : bool, default False
        Whether that is the second part.
    jobs : int, optional
        How many notebooks run at once; by default as many as cores and memory allow.

    Returns
    -------
    list of AuthoringError
        What failed; the other notebooks were executed all the same.

    Raises
    ------
    AuthoringError
        If `folder` is no folder, or another run writes to it.
    """
    console = console or Console()
    existing = named_files(notebooks, "*.ipynb")
    names = list(names)
    if not names:
        existing = {
            name: path
            for name, path in existing.items()
            if (path.parent.name == FURTHER) == further
        }
    chosen = select(names, list(existing), "notebook")
    jobs = choose_jobs(jobs, len(chosen))
    with _alone(folder) as aside:
        paths = {name: existing[name] for name in chosen}
        results = _execute(notebooks, aside, paths, jobs, console)
        for line in bring(aside, folder, RECORD):
            console.print(line, markup=False)
    errors = [r for name in chosen if isinstance(r := results[name], AuthoringError)]
    console.print(_table({name: results[name] for name in chosen}))
    claims = {n: r.failed_claims for n, r in results.items() if isinstance(r, Execution)}
    if any(claims.values()):
        console.print("Claims of the text that do not hold on these data:")
        for name in chosen:
            for claim in claims.get(name, ()):
                console.print(f"  {name}: {claim}", markup=False, highlight=False)
    if errors:
        console.print(f"{len(errors)} of {len(chosen)} notebooks failed. Next: dl-lesson check")
    else:
        console.print(
            f"Every notebook ran; the executed ones lie in {folder.as_posix()}.\n"
            "Next: dl-lesson lab to work in notebooks of your own."
        )
    return errors


def _execute(
    notebooks: Path, folder: Path, chosen: Mapping[str, Path], jobs: int, console: Console
) -> dict[str, Execution | AuthoringError]:
    """Execute copies of the chosen notebooks in an empty folder."""
    for part in dict.fromkeys(path.parent for path in chosen.values()):
        for needed in ("figures", "results"):
            if (part / needed).is_dir():
                shutil.copytree(part / needed, folder / part.relative_to(notebooks) / needed)
    console.print(f"{len(chosen)} notebooks, {jobs} at a time.")
    with _Display(console) as display:

        def run_one(name: str) -> Execution:
            notebook = read_notebook(chosen[name])
            copy = folder / chosen[name].relative_to(notebooks)
            copy.parent.mkdir(exist_ok=True)
            environment = notebook_environment(fetched=True)
            on_cell = display.of(name)
            result = execute(notebook, name, copy.parent, environment, on_cell=on_cell)
            write_atomically(copy, nbformat.writes(result.notebook) + "\n")
            return result

        readers = [name for name in chosen if _reads_results(chosen[name])]
        # The longest first, so that it does not run alone when the others are done.
        longest_first = sorted(chosen, key=lambda name: _stated_seconds(chosen[name]), reverse=True)
        return run_together(run_one, longest_first, jobs, last=readers)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """Keep other runs out of a folder, and give an empty one inside of it to work in."""
    if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
        raise AuthoringError(
            f"{folder} is a file, or a link to no folder; name another one with --folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    busy = folder / BUSY
    with contextlib.suppress(FileNotFoundError, ValueError):
        if psutil.pid_exists(int(busy.read_text(encoding="utf-8"))):
            raise _is_busy(folder)
        # That run was killed.
        busy.unlink()
    try:
        handle = os.open(busy, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError as error:
        raise _is_busy(folder) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(str(os.getpid()))
        with temporary_folder(ASIDE, folder) as aside:
            yield aside
    finally:
        busy.unlink(missing_ok=True)


def _is_busy(folder: Path) -> AuthoringError:
    return AuthoringError(
        f"Another run writes to {folder}; wait for it, or name another folder with --folder. If "
        f"there is none, delete {folder / BUSY}."
    )


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read an executed notebook of the lesson.

    Raises
    ------
    AuthoringError
        If the file is no notebook.
    """
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        # nbformat raises whatever its JSON and schema libraries raise.
        raise AuthoringError(
            f"{path.parent.name}/{path.name} is not a notebook; run: dl-lesson build {path.stem}, "
            "or install the lesson again."
        ) from error


def _stated_seconds(path: Path) -> float:
    """Return how long the cells take for which an episode says so."""
    try:
        cells = read_notebook(path).cells
    except AuthoringError:
        # Its turn to run says so, and the others run all the same.
        return 0
    return sum(cell.metadata.get("dl_lesson", {}).get("seconds", 0) for cell in cells)


def _reads_results(path: Path) -> bool:
    return "read_results(" in path.read_text(encoding="utf-8", errors="replace")


def _table(results: Mapping[str, Execution | AuthoringError]) -> Table:
    # Narrow enough for a terminal of 80 columns.
    table = Table(
        title="The course on this machine",
        box=box.SIMPLE,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("episode", no_wrap=True)
    for heading in ("cells", "claims held", "seconds", "peak memory"):
        table.add_column(heading, justify="right")
    table.add_column("data used")
    for name, result in results.items():
        if isinstance(result, AuthoringError):
            table.add_row(name, "failed", *["–"] * 4)
        else:
            table.add_row(name, *_figures(result))
    return table


def _figures(result: Execution) -> tuple[str, ...]:
    return (
        str(result.n_cells),
        f"{result.n_checkpoints} of {len(result.claims)}",
        f"{result.seconds:.0f}",
        f"{result.peak_memory / 1e6:.0f} MB",
        ", ".join(dict.fromkeys(result.data.values())) or "none",
    )


class _Display:
    """A live line for each running notebook on a terminal; elsewhere plain lines now and then."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> "_Display":
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def of(self, name: str) -> Callable[[int, int], None]:
        """Return what shows the progress of one notebook."""
        started = time.monotonic()
        task = self.progress.add_task(f"{name}: starting")

        def show(cell: int, total: int) -> None:
            line = f"{name}: cell {cell} of {total}"
            self.progress.update(task, description=line)
            if not self.console.is_terminal and (cell == total or cell % 10 == 1):
                self.console.print(f"{line}, {time.monotonic() - started:.0f} s")

        return show
