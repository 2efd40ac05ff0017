"""``dl-lesson run``: execute the course in ``_build/course`` and say what it took."""

import shutil
import time
from collections.abc import Iterable

import nbformat
from rich import box
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from dl_lesson.course.execution import Execution, execute, notebook_environment
from dl_lesson.course.files import AuthoringError, Project, select, write_atomically


def run_course(
    project: Project, names: Iterable[str], console: Console | None = None
) -> list[AuthoringError]:
    """Execute copies of the committed notebooks and print a table of what they took.

    Parameters
    ----------
    project : Project
        Project whose notebooks to execute.
    names : iterable of str
        Notebooks to execute, all when there is none.
    console : rich.console.Console, optional
        Where to print.

    Returns
    -------
    list of AuthoringError
        What failed; the other notebooks were executed all the same.
    """
    console = console or Console()
    chosen = select(names, project.notebook_names(), "notebook")
    folder = project.build / "course"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for needed in (project.notebooks / "figures", project.results):
        if needed.is_dir():
            shutil.copytree(needed, folder / needed.name)
    # Narrow enough for a terminal of 80 columns.
    table = Table(
        title="The course on this machine",
        box=box.SIMPLE,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("episode", no_wrap=True)
    for heading in ("cells", "checkpoints passed", "seconds", "peak memory"):
        table.add_column(heading, justify="right")
    table.add_column("data used")
    errors = []
    for name in chosen:
        try:
            notebook = read_notebook(project, name)
            with _Display(console, name) as display:
                result = execute(
                    notebook, name, folder, notebook_environment(fetched=True), on_cell=display
                )
        except AuthoringError as error:
            errors.append(error)
            table.add_row(name, "failed", *["–"] * 4)
            continue
        write_atomically(folder / f"{name}.ipynb", nbformat.writes(result.notebook) + "\n")
        table.add_row(name, *_figures(result))
    console.print(table)
    if errors:
        console.print(f"{len(errors)} of {len(chosen)} notebooks failed. Next: dl-lesson check")
    else:
        console.print(
            "Every notebook ran; the executed ones lie in _build/course.\n"
            "Next: make lab (or dl-lesson lab) to work with copies of them."
        )
    return errors


def read_notebook(project: Project, name: str) -> nbformat.NotebookNode:
    """Read a committed notebook.

    Raises
    ------
    AuthoringError
        If the file is no notebook.
    """
    try:
        return nbformat.read(project.notebooks / f"{name}.ipynb", as_version=4)
    except Exception as error:
        # nbformat raises whatever its JSON and schema libraries raise.
        raise AuthoringError(
            f"notebooks/{name}.ipynb is not a notebook; run: dl-lesson build {name}"
        ) from error


def _figures(result: Execution) -> tuple[str, ...]:
    return (
        str(result.n_cells),
        str(result.n_checkpoints),
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
