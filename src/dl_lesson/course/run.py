"""``dl-lesson run``: execute copies of the notebooks and say which claims hold."""

import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import nbformat
from rich import box
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from dl_lesson.course.execution import Execution, execute, notebook_environment
from dl_lesson.course.files import FURTHER, AuthoringError, named_files, select, write_atomically
from dl_lesson.course.parallel import choose_jobs, run_together


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
        Folder for the copies. What it holds is replaced.
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
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for part in dict.fromkeys(existing[name].parent for name in chosen):
        for needed in ("figures", "results"):
            if (part / needed).is_dir():
                shutil.copytree(part / needed, folder / part.relative_to(notebooks) / needed)
    console.print(f"{len(chosen)} notebooks, {jobs} at a time.")
    with _Display(console) as display:

        def run_one(name: str) -> Execution:
            notebook = read_notebook(existing[name])
            copy = folder / existing[name].relative_to(notebooks)
            copy.parent.mkdir(exist_ok=True)
            environment = notebook_environment(fetched=True)
            on_cell = display.of(name)
            result = execute(notebook, name, copy.parent, environment, on_cell=on_cell)
            write_atomically(copy, nbformat.writes(result.notebook) + "\n")
            return result

        readers = [name for name in chosen if _reads_results(existing[name])]
        results = run_together(run_one, chosen, jobs, last=readers)
    errors = [results[name] for name in chosen if isinstance(results[name], AuthoringError)]
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

    def __init__(self, console: Console):
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
