"""Command line of the lesson. Each command imports what it needs when it runs."""

import contextlib
import os
import shutil
import signal
import threading
import warnings
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from dl_lesson.course.data import app as data_app
from dl_lesson.course.files import AuthoringError, Project, bring, machine_fault, memory_limit

STOPPED = "Stopped; nothing half-written is left. Repeat the command to do the rest."


class _Ended(BaseException):
    """Somebody asked this process to end; it tidies up first."""

    def __init__(self, number: int):
        self.number = number


@contextlib.contextmanager
def _ending_tidily() -> Iterator[None]:
    """Turn a request to end, or a terminal that closes, into an exception."""

    def end(number: int, _: object) -> NoReturn:
        signal.signal(number, signal.SIG_IGN)
        raise _Ended(number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {}
    if threading.current_thread() is threading.main_thread():
        # What nohup has switched off stays off.
        before = {
            n: signal.signal(n, end) for n in numbers if signal.getsignal(n) == signal.SIG_DFL
        }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Commands(TyperGroup):
    """Ends with one sentence on stderr where a user can mend the error."""

    def invoke(self, context: Any) -> Any:
        # A user's wish to see warnings, or to stop at them, is not meant for the libraries here.
        os.environ.pop("PYTHONWARNINGS", None)
        warnings.simplefilter("ignore")
        with _ending_tidily():
            try:
                return super().invoke(context)
            except AuthoringError as error:
                _fail(error)
            except KeyboardInterrupt:
                _stop(signal.SIGINT)
            except _Ended as end:
                _stop(end.number)
            except typer.Exit:
                raise
            except Exception as error:
                # What an import raises that finds too little memory can be anything.
                if not (fault := machine_fault(error) or memory_limit()):
                    raise
                _fail(fault)


app = typer.Typer(
    cls=_Commands,
    help="An introduction to deep learning: run the lesson, or maintain it.",
    no_args_is_help=True,
    add_completion=False,
    # Rich help takes half a second to import.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(data_app, name="data")
Jobs = Annotated[
    int | None,
    typer.Option(help="Notebooks that run at once; by default as many as there is room for."),
]
Names = Annotated[list[str] | None, typer.Argument(metavar="EPISODE", help="Name of an episode.")]


def _fail(*errors: object) -> None:
    for error in errors:
        typer.echo(str(error), err=True)
    if errors:
        raise typer.Exit(1)


def _need_memory() -> None:
    """Say at once that a kernel cannot start. Numpy can end this process if it finds too little."""
    if problem := memory_limit():
        _fail(problem)


def _stop(number: int) -> NoReturn:
    typer.echo(STOPPED, err=True)
    raise typer.Exit(128 + number)


@app.command()
def check() -> None:
    """Check this installation, one line for each part of it."""
    from dl_lesson.course.check import run_checks

    failed = False
    for result in run_checks():
        remedy = "" if result.ok else f"; {result.remedy}"
        failed = failed or not result.ok
        typer.echo(f"{'OK' if result.ok else 'FAIL':4}  {result.name}: {result.found}{remedy}")
    if failed:
        raise typer.Exit(1)


@app.command()
def run(
    episodes: Names = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Folder for the executed copies; your changes are kept."),
    ] = None,
    further: Annotated[
        bool, typer.Option("--further", help="Those of the second part, Going further.")
    ] = False,
    jobs: Jobs = None,
) -> None:
    """Execute copies of the notebooks and end with a table; the first part when none is named."""
    _need_memory()
    from dl_lesson.course.files import executed_notebooks
    from dl_lesson.course.run import run_course

    here = Project.is_here()
    notebooks = Project.current().notebooks if here else executed_notebooks()
    if here:
        default = Path("_build/further" if further else "_build/course")
    else:
        default = Path("dl-lesson-run-further" if further else "dl-lesson-run")
    folder = folder or default
    _fail(*run_course(notebooks, folder, episodes or (), further=further, jobs=jobs))


@app.command()
def lab(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FOLDER] [-- OPTIONS OF JUPYTERLAB]", show_default=False),
    ] = None,
    solved: Annotated[
        bool, typer.Option("--solved", help="Open the executed notebooks, with all solutions.")
    ] = False,
    copy_only: Annotated[
        bool, typer.Option("--copy-only", help="Copy, and open nothing: a hub opens JupyterLab.")
    ] = False,
) -> None:
    """Copy the notebooks to a folder, never over your work, and open JupyterLab there."""
    _need_memory()
    from dl_lesson.course.lab import open_lab, put_course

    words = list(arguments or ())
    default = "dl-lesson-solved" if solved else "dl-lesson-course"
    if Project.is_here():
        default = f"_build/{'solved' if solved else 'lab'}"
    folder = Path(words.pop(0) if words and not words[0].startswith("-") else default)
    edition = _editions() / ("solved" if solved else "learner")
    if copy_only:
        if words:
            raise AuthoringError(
                f"With --copy-only no JupyterLab starts that could take {' '.join(words)}; leave "
                "out one of them."
            )
        put_course(edition, folder)
    elif status := open_lab(edition, folder, words):
        raise typer.Exit(status)


def _editions() -> Path:
    """Return the folder of the notebooks: those of the wheel, or of the checkout, made afresh."""
    from dl_lesson.course.files import bundled_editions

    if not Project.is_here() and (bundled := bundled_editions()):
        return bundled
    project = Project.current()
    from dl_lesson.authoring.editions.bundle import write_notebooks

    shutil.rmtree(project.build / "editions", ignore_errors=True)
    write_notebooks(project, project.build / "editions")
    return project.build / "editions"


class Level(StrEnum):
    """How much of a starter is typed."""

    everything = "everything"
    key = "key"
    filled = "filled"


@app.command()
def starters(
    folder: Annotated[Path, typer.Argument(help="Folder to write to.")],
    level: Annotated[
        Level, typer.Option(help="What is typed live: everything, the key lines, or nothing.")
    ] = Level.key,
) -> None:
    """Write notebooks for live coding: headings, exercises, prompts, and the code that is given."""
    from dl_lesson.data.temporary import temporary_folder

    source = _editions() / "starters" / level.value
    names = sorted(path.relative_to(source) for path in source.rglob("*.ipynb"))
    figures = sorted(path.relative_to(source) for path in source.rglob("figures"))
    if present := [name for name in (*names, *figures) if (folder / name).exists()]:
        raise AuthoringError(
            f"{folder / present[0]} is there already; name an empty folder, so that nobody's work "
            "is overwritten."
        )
    folder.mkdir(parents=True, exist_ok=True)
    with temporary_folder(".dl-lesson-starters-", folder) as aside:
        shutil.copytree(source, aside, dirs_exist_ok=True)
        for path in sorted(aside.rglob("*")):
            place = folder / path.relative_to(aside)
            if path.is_dir():
                place.mkdir(exist_ok=True)
            else:
                path.replace(place)
    typer.echo(f"{len(names)} starter notebooks written to {folder}.")


@app.command()
def handout(
    day: Annotated[int, typer.Option(help="Number of the half day, counted from 1.")],
    days: Annotated[int, typer.Option(help="Half days of the workshop: 1, 2 or 4.")] = 4,
    with_solutions: Annotated[
        bool, typer.Option("--with-solutions", help="Add the solutions, folded.")
    ] = False,
) -> None:
    """Write the page that a workshop keeps open together on one half day.

    What you have changed in it stays, under another name.
    """
    from dl_lesson.data.temporary import temporary_folder

    ending = "-solutions" if with_solutions else ""
    name, folder = f"half-day-{day}-of-{days}{ending}.md", Path()
    if Project.is_here():
        from dl_lesson.authoring.editions.handout import handout as write_handout

        page = write_handout(Project.current(), day, days, with_solutions=with_solutions)
        folder = Path("_build/handouts")
    else:
        page = _bundled_handout(name, day, days)
    folder.mkdir(parents=True, exist_ok=True)
    with temporary_folder(".dl-lesson-handout-", folder) as aside:
        (aside / name).write_bytes(page.encode())
        for line in bring(aside, folder, ".dl-lesson-handouts.json"):
            typer.echo(line)
    typer.echo(f"Written to {(folder / name).as_posix()}.")


def _bundled_handout(name: str, day: int, days: int) -> str:
    """Return a handout that came with the wheel."""
    from dl_lesson.course.files import bundled_editions

    folder = (bundled_editions() or Project.current().build) / "handouts"
    if not (folder / name).is_file():
        plans = {path.stem.split("-of-")[1] for path in folder.glob("half-day-1-of-?.md")}
        raise AuthoringError(
            f"There is no half day {day} of {days}; a workshop has {' or '.join(sorted(plans))} "
            "half days, counted from 1."
        )
    return (folder / name).read_text(encoding="utf-8")


@app.command()
def build(
    episodes: Names = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where something differs.")
    ] = False,
    any_data: Annotated[
        bool, typer.Option("--any-data", help="Replace real data by simulated ones, if need be.")
    ] = False,
    jobs: Jobs = None,
) -> None:
    """Write and execute the notebooks whose episode changed, or those named in any case."""
    _need_memory()
    from dl_lesson.authoring.execution import build as builder

    project = Project.current()
    if check and episodes:
        typer.echo("--check looks at the whole project; name no episode with it.", err=True)
        raise typer.Exit(2)
    if not check:
        _fail(*builder.build(project, episodes or (), any_data=any_data, jobs=jobs))
        return
    _fail(*builder.check(project))
    typer.echo("Notebooks and figures agree with their episodes.")


@app.command()
def site() -> None:
    """Build the website in _build/site, for learners and for instructors."""
    from dl_lesson.authoring.website.site import build_site

    index = build_site(Project.current())
    typer.echo(f"The website lies in {index}; open it with a browser.")


@app.command()
def stick(
    folder: Annotated[Path, typer.Argument(help="Empty folder to write to.")],
    system: Annotated[
        list[str] | None, typer.Option(help="linux, macos or windows; all three by default.")
    ] = None,
    python: Annotated[
        list[str] | None, typer.Option(help="3.11, 3.12 or 3.13; 3.13 by default.")
    ] = None,
) -> None:
    """Write all that a room without a network needs: packages, notebooks, data, website."""
    from dl_lesson.authoring.stick import SYSTEMS, write_stick

    write_stick(Project.current(), folder, system or list(SYSTEMS), python or ["3.13"])
    typer.echo(f"Written to {folder}; {folder / 'README.txt'} says how to install from it.")
