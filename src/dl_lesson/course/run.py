"""``dl-lesson run``: execute copies of the notebooks and say which claims hold."""

import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import nbformat
from rich import box
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from dl_lesson.course.execution import Execution, execute, notebook_environment
from dl_lesson.course.files import FURTHER, AuthoringError, named_files, select, write_atomically


def run_course(
    notebooks: Path,
    folder: Path,
    names: Iterable[str],
    console: Console | None = None,
    *,
    further: bool = False,
) -> list[AuthoringError]:
    """Execute copies of the committed notebooks and print a table of what they took.

    Parameters
    ----------
    notebooks : pathlib.Path
        Folder of the executed notebooks.
    folder : pathlib.Path
        Folder for the copies. What it holds is replaced.
    names : iterable of str
        Notebooks to execute; all of one part of the course when there is none.
    console : rich.console.Console, optional
        Where to print.
    further : bool, default False
        Whether that is the second part.

    Returns
    -------
    list of AuthoringError
        What failed; the other notebooks were executed all the same.
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
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for part in dict.fromkeys(existing[name].parent for name in chosen):
        for needed in ("figures", "results"):
            if (part / needed).is_dir():
                shutil.copytree(part / needed, folder / part.relative_to(notebooks) / needed)
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
    errors = []
    others: dict[str, list[str]] = {}
    for name in chosen:
        try:
            notebook = read_notebook(existing[name])
            copy = folder / existing[name].relative_to(notebooks)
            copy.parent.mkdir(exist_ok=True)
            with _Display(console, name) as display:
                result = execute(
                    notebook, name, copy.parent, notebook_environment(fetched=True), on_cell=display
                )
        except AuthoringError as error:
            errors.append(error)
            table.add_row(name, "failed", *["–"] * 4)
            continue
        write_atomically(copy, nbformat.writes(result.notebook) + "\n")
        table.add_row(name, *_figures(result))
        others[name] = result.failed_claims
    console.print(table)
    if any(others.values()):
        console.print("Claims of the text that do not hold on these data:")
        for name, claims in others.items():
            for claim in claims:
                console.print(f"  {name}: {claim}", markup=False, highlight=False)
    if errors:
        console.print(f"{len(errors)} of {len(chosen)} notebooks failed. Next: dl-lesson check")
    else:
        console.print(
            f"Every notebook ran; the executed ones lie in {folder.as_posix()}.\n"
            "Next: dl-lesson lab to work in notebooks of your own."
        )
    return errors


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


def _figures(result: Execution) -> tuple[str, ...]:
    return (
        str(result.n_cells),
        f"{result.n_checkpoints} of {len(result.claims)}",
        f"{result.seconds:.0f}",
        f"{result.peak_memory / 1e6:.0f} MB",
        ", ".join(result.data.values()) or "none",
    )


class _Display:
    """One live line on a terminal; elsewhere a plain line at every tenth cell or so."""

    def __init__(self, console: Console, name: str):
        self.console, self.name = console, name
        self.started = time.monotonic()
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self.task = self.progress.add_task(f"{name}: starting")

    def __enter__(self) -> "_Display":
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def __call__(self, cell: int, total: int) -> None:
        line = f"{self.name}: cell {cell} of {total}"
        self.progress.update(self.task, description=line)
        if not self.console.is_terminal and (cell == total or cell % 10 == 1):
            self.console.print(f"{line}, {time.monotonic() - self.started:.0f} s")
