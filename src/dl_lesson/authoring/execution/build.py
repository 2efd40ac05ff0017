"""``dl-lesson build``: keep notebooks and figures in step with the episodes."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.execution.figures import draw, figure_names, same_drawing
from dl_lesson.authoring.source.episode import Episode, parse_episode
from dl_lesson.authoring.source.validation import validate
from dl_lesson.course.execution import Execution, execute, notebook_environment
from dl_lesson.course.files import AuthoringError, Project, select, write_atomically


def read_episode(project: Project, name: str) -> Episode:
    """Parse an episode and check it against the rules of the source format."""
    episode = parse_episode(project.episodes / f"{name}.md")
    validate(episode, project.episode_names())
    return episode


def sources(notebook: NotebookNode) -> dict:
    """Return what of a notebook comes from its episode: everything but the results."""
    metadata = json.loads(json.dumps(notebook.metadata))
    lesson = metadata.get("dl_lesson", {})
    lesson["data"] = sorted(lesson.get("data", ()))
    cells = [
        {key: cell.get(key) for key in ("id", "cell_type", "source", "metadata")}
        for cell in notebook.cells
    ]
    return {"metadata": metadata, "cells": cells}


def is_current(notebook: NotebookNode, path: Path) -> bool:
    """Tell whether a committed notebook has the sources of a generated one and was executed."""
    if not path.exists():
        return False
    try:
        committed = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError):
        return False
    executed = all(c.execution_count for c in committed.cells if c.cell_type == "code")
    return executed and sources(committed) == sources(notebook)


def build(
    project: Project, names: Iterable[str], say: Callable[[str], None] = print
) -> list[AuthoringError]:
    """Write and execute notebooks.

    Parameters
    ----------
    project : Project
        Project to build.
    names : iterable of str
        Episodes to build in any case. With none, those whose sources have changed.
    say : callable, optional
        Called with each line of progress.

    Returns
    -------
    list of AuthoringError
        What went wrong. An episode with an error keeps its old notebook.
    """
    errors = []
    names = list(names)
    for name in select(names, project.episode_names(), "episode"):
        try:
            episode = read_episode(project, name)
            notebook = to_notebook(episode)
            for figure in figure_names(episode):
                _update_figure(project, figure)
            path = project.notebooks / f"{name}.ipynb"
            if not names and is_current(notebook, path):
                say(f"{name}: unchanged")
                continue
            say(f"{name}: executing")
            result = _execute_aside(project, notebook, name)
            write_atomically(path, nbformat.writes(result.notebook, version=4) + "\n")
            say(
                f"{name}: written, {result.n_checkpoints} checkpoints passed, "
                f"{result.seconds:.0f} s, {result.peak_memory / 1e6:.0f} MB"
            )
        except AuthoringError as error:
            errors.append(error)
    return errors


def check(project: Project) -> list[AuthoringError]:
    """Compare notebooks and figures with what their sources give today.

    Parameters
    ----------
    project : Project
        Project to check. Nothing is written.

    Returns
    -------
    list of AuthoringError
        What differs, and the command that mends it.
    """
    errors = []
    used = set()
    for name in project.episode_names():
        try:
            episode = read_episode(project, name)
            used.update(figure_names(episode))
            notebook = to_notebook(episode)
            if not is_current(notebook, project.notebooks / f"{name}.ipynb"):
                errors.append(drift(f"notebooks/{name}.ipynb", name))
            for figure in figure_names(episode):
                if not _figure_is_current(project, figure):
                    errors.append(drift(f"notebooks/{figure}", name))
            recorded = project.results / f"{name}.csv"
            if recorded.exists() != records_results(notebook):
                errors.append(drift(f"notebooks/results/{name}.csv", name))
        except AuthoringError as error:
            errors.append(error)
    for name in sorted(set(project.notebook_names()) - set(project.episode_names())):
        errors.append(AuthoringError(f"notebooks/{name}.ipynb has no episode; delete it."))
    for path in sorted(project.results.glob("*")):
        if path.stem not in project.episode_names():
            errors.append(
                AuthoringError(f"notebooks/results/{path.name} has no episode; delete it.")
            )
    for folder in (project.episodes, project.notebooks):
        for path in sorted((folder / "figures").glob("*.svg")):
            if f"figures/{path.name}" not in used:
                shown = path.relative_to(project.root).as_posix()
                errors.append(AuthoringError(f"{shown} is shown in no episode; delete it."))
    return errors


def drift(path: str, name: str) -> AuthoringError:
    """Return the error that says which file is out of date, and what mends it."""
    return AuthoringError(f"{path} differs from its episode; run: dl-lesson build {name}")


def records_results(notebook: NotebookNode) -> bool:
    """Tell whether a notebook writes to the table of results."""
    return any("record_results(" in c.source for c in notebook.cells if c.cell_type == "code")


def _execute_aside(project: Project, notebook: NotebookNode, name: str) -> Execution:
    """Execute in a fresh folder, so that of an earlier run only the results of others count."""
    committed = project.results / f"{name}.csv"
    with tempfile.TemporaryDirectory() as folder:
        if project.results.is_dir():
            shutil.copytree(project.results, Path(folder) / "results")
        recorded = Path(folder) / "results" / committed.name
        recorded.unlink(missing_ok=True)
        execution = execute(notebook, name, Path(folder), notebook_environment(fetched=True))
        if recorded.exists():
            write_atomically(committed, recorded.read_text(encoding="utf-8"))
        else:
            committed.unlink(missing_ok=True)
    return execution


def _update_figure(project: Project, figure: str) -> None:
    """Draw a figure where it has changed, and copy it beside the notebooks."""
    path = project.episodes / figure
    if path.with_suffix(".py").exists():
        drawn = draw(path.with_suffix(".py"))
        if not path.exists() or not same_drawing(drawn, path.read_text(encoding="utf-8")):
            write_atomically(path, drawn)
    committed = path.read_text(encoding="utf-8")
    copy = project.notebooks / figure
    if not copy.exists() or copy.read_text(encoding="utf-8") != committed:
        write_atomically(copy, committed)


def _figure_is_current(project: Project, figure: str) -> bool:
    path, copy = project.episodes / figure, project.notebooks / figure
    if not path.exists() or not copy.exists():
        return False
    committed = path.read_text(encoding="utf-8")
    drawing = path.with_suffix(".py")
    return copy.read_text(encoding="utf-8") == committed and (
        not drawing.exists() or same_drawing(draw(drawing), committed)
    )
