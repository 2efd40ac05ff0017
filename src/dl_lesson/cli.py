"""Command line of the lesson. Each command imports what it needs when it runs."""

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from dl_lesson.course.files import AuthoringError, Project


class _Commands(TyperGroup):
    """Ends with one sentence on stderr where a user can mend the error."""

    def invoke(self, context: typer.Context) -> object:
        try:
            return super().invoke(context)
        except AuthoringError as error:
            _fail(error)
        except OSError as error:
            _fail(f"{error.filename or 'A file'}: {error.strerror or error}.")


app = typer.Typer(
    cls=_Commands,
    help="An introduction to deep learning: run the lesson, or maintain it.",
    no_args_is_help=True,
    add_completion=False,
    # Rich help takes half a second to import.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
Names = Annotated[list[str] | None, typer.Argument(metavar="EPISODE", help="Name of an episode.")]


def _fail(*errors: object) -> None:
    for error in errors:
        typer.echo(str(error), err=True)
    if errors:
        raise typer.Exit(1)


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


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def data(context: typer.Context) -> None:
    """Fetch the real data, verify them, or copy them for a classroom."""
    from dl_lesson.course.data import app as data_app

    data_app(context.args, prog_name="dl-lesson data")


@app.command()
def run(episodes: Names = None) -> None:
    """Execute notebooks in _build/course and end with a table; all when none is named."""
    from dl_lesson.course.run import run_course

    _fail(*run_course(Project.current(), episodes or ()))


@app.command()
def lab() -> None:
    """Open JupyterLab on a working copy of the notebooks in _build/lab."""
    from dl_lesson.course.lab import open_lab

    open_lab(Project.current())


@app.command()
def starters(
    folder: Annotated[Path, typer.Argument(help="Folder to write to.")],
) -> None:
    """Write live-coding notebooks: headings, prompts and empty cells."""
    from dl_lesson.authoring.editions.starter import write_starters

    written, errors = write_starters(Project.current(), folder)
    typer.echo(f"{written} starter notebooks written to {folder}.")
    _fail(*errors)


@app.command()
def build(
    episodes: Names = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where something differs.")
    ] = False,
) -> None:
    """Write and execute the notebooks whose episode changed, or those named in any case."""
    from dl_lesson.authoring.execution import build as builder

    project = Project.current()
    if check and episodes:
        typer.echo("--check looks at the whole project; name no episode with it.", err=True)
        raise typer.Exit(2)
    _fail(*(builder.check(project) if check else builder.build(project, episodes or ())))
    if check:
        typer.echo("Notebooks and figures agree with their episodes.")


@app.command()
def site() -> None:
    """Build the website in _build/site, for learners and for instructors."""
    from dl_lesson.authoring.website.site import build_site

    index = build_site(Project.current())
    typer.echo(f"The website lies in {index}; open it with a browser.")


@app.command()
def handout(
    day: Annotated[int, typer.Option(help="Number of the half day, counted from 1.")],
    days: Annotated[int, typer.Option(help="Half days of the workshop: 1, 2 or 4.")] = 4,
    with_solutions: Annotated[
        bool, typer.Option("--with-solutions", help="Add the solutions, folded.")
    ] = False,
) -> None:
    """Write the page that a workshop keeps open together on one half day."""
    from dl_lesson.authoring.editions.handout import write_handout

    project = Project.current()
    path = write_handout(project, day, days, with_solutions=with_solutions)
    typer.echo(f"Written to {path.relative_to(project.root).as_posix()}.")
