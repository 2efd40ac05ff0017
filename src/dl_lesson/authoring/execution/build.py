"""``dl-lesson build``: keep notebooks and figures in step with the episodes."""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dl_lesson.authoring.editions.derive import derive
from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.editions.recorded import read_committed, recorded_values
from dl_lesson.authoring.execution.digests import (
    altered,
    has_digests,
    results_beside,
    store_digests,
)
from dl_lesson.authoring.execution.figures import draw, figure_names, same_drawing
from dl_lesson.authoring.source.episode import CodeCell, Episode, walk
from dl_lesson.authoring.source.parts import overfull
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.execution import (
    Execution,
    data_sources,
    execute,
    notebook_environment,
    stored_error,
)
from dl_lesson.course.files import FURTHER, AuthoringError, Project, select, write_atomically
from dl_lesson.course.parallel import choose_jobs, run_together
from dl_lesson.data.temporary import temporary_folder

# Better sources of data first.
SOURCES = ("real", "part", "simulated", "rendered", "stand-in", "own")


def sources(notebook: NotebookNode) -> dict:
    """Return what of a notebook comes from its episode: everything but the results."""
    metadata = json.loads(json.dumps(notebook.metadata))
    lesson = metadata.get("dl_lesson", {})
    lesson["data"] = sorted(lesson.get("data", ()))
    lesson.pop("digests", None)
    return {"metadata": metadata, "cells": [_source(cell) for cell in notebook.cells]}


def _source(cell: NotebookNode) -> dict:
    return {key: cell.get(key) for key in ("id", "cell_type", "source", "metadata")}


def generate(episode: Episode, committed: NotebookNode | None) -> NotebookNode:
    """Return the notebook of an episode, with the values of the committed run in its sentences."""
    return to_notebook(derive(episode, "executed"), recorded_values(committed))


def is_current(episode: Episode, path: Path) -> bool:
    """Tell whether a committed notebook has the sources of its episode and was executed well."""
    committed = read_committed(path)
    return (
        committed is not None
        and not stored_error(committed)
        and not altered(committed, results_beside(path))
        and sources(committed) == sources(generate(episode, committed))
    )


def outdated(project: Project, episode: Episode) -> list[AuthoringError]:
    """Return what is wrong with the committed notebook of an episode, and what mends it."""
    path = project.notebook(episode.name)
    if is_current(episode, path):
        return []
    committed = read_committed(path)
    if committed and (problem := stored_error(committed)):
        command = f"run: dl-lesson build {episode.name}"
        return [AuthoringError(f"{project.shown(path)}, {problem}; mend its code, then {command}")]
    if (
        committed
        and sources(committed) == sources(generate(episode, committed))
        and (problem := altered(committed, results_beside(path)))
    ):
        command = f"run: dl-lesson build {episode.name}"
        return [AuthoringError(f"{project.shown(path)}: {problem}; {command}")]
    return [drift(project.shown(path), episode.name)]


def build(
    project: Project,
    names: Iterable[str],
    say: Callable[[str], None] = print,
    *,
    any_data: bool = False,
    jobs: int | None = None,
) -> list[AuthoringError]:
    """Write and execute notebooks.

    Parameters
    ----------
    project : Project
        Project to build.
    names : iterable of str
        Episodes to execute in any case. With none, those whose code has changed; where only words
        have, the outputs are kept.
    say : callable, optional
        Called with each line of progress.
    any_data : bool, default False
        Whether a notebook that shows real data may be replaced by one that shows others.
    jobs : int, optional
        How many notebooks run at once; by default as many as cores and memory allow.

    Returns
    -------
    list of AuthoringError
        What went wrong. An episode with an error keeps its old notebook, unless all that is wrong
        are its minutes.
    """
    errors: list[AuthoringError] = []
    names = list(names)
    waiting: dict[str, Episode] = {}
    for name in select(names, project.episode_names(), "episode"):
        try:
            episode = read_episode(project, name)
            path = project.notebook(name)
            for figure in figure_names(episode):
                _update_figure(episode.path.parent / figure, path.parent / figure)
            if not names and is_current(episode, path):
                say(f"{name}: unchanged")
            elif not names and (notebook := _with_old_outputs(episode, path)):
                write_atomically(path, nbformat.writes(notebook, version=4) + "\n")
                say(f"{name}: written; the code is the same, so the outputs are kept")
            else:
                waiting[name] = episode
            errors += _overfull(episode)
        except AuthoringError as error:
            errors.append(error)

    def execute_one(name: str) -> None:
        say(f"{name}: executing")
        result = _execute_aside(project, waiting[name], any_data=any_data)
        path = project.notebook(name)
        write_atomically(path, nbformat.writes(result.notebook, version=4) + "\n")
        say(
            f"{name}: written, {result.n_checkpoints} checkpoints passed, "
            f"{result.seconds:.0f} s, {result.peak_memory / 1e6:.0f} MB"
        )

    readers = [name for name, episode in waiting.items() if _calls(episode, "read_results")]
    # The longest first, so that it does not run alone when the others are done.
    longest_first = sorted(waiting, key=lambda name: _stated_seconds(waiting[name]), reverse=True)
    done = run_together(execute_one, longest_first, choose_jobs(jobs, len(waiting)), readers)
    return errors + [result for result in done.values() if isinstance(result, AuthoringError)]


def _stated_seconds(episode: Episode) -> float:
    nodes = (node for node, _ in walk(episode.nodes))
    return sum(node.options.get("seconds", 0) for node in nodes if isinstance(node, CodeCell))


def _overfull(episode: Episode) -> list[AuthoringError]:
    return [AuthoringError(f"{episode.shown}:{n}: {sentence}") for n, sentence in overfull(episode)]


def _with_old_outputs(episode: Episode, path: Path) -> NotebookNode | None:
    """Return the notebook of today with the outputs of the committed one, if its code is equal."""
    committed = read_committed(path)
    if committed is None or stored_error(committed):
        return None
    results = results_beside(path)
    # A notebook from before there were digests keeps its outputs and gets them.
    if has_digests(committed) and altered(committed, results):
        return None
    notebook = generate(episode, committed)
    old, new = (
        [cell for cell in n.cells if cell.cell_type == "code"] for n in (committed, notebook)
    )
    # Pictures carry the alternative text of their cell, so that counts as code here.
    same_code = [(c.source, c.metadata) for c in old] == [(c.source, c.metadata) for c in new]
    if not (same_code and _questions(notebook) <= _questions(committed)):
        return None
    if set(committed.metadata.dl_lesson.data) != set(notebook.metadata.dl_lesson.data):
        return None
    for cell, before in zip(new, old, strict=True):
        cell.outputs, cell.execution_count = before.outputs, before.execution_count
    notebook.metadata.dl_lesson.data = committed.metadata.dl_lesson.data
    store_digests(notebook, results)
    return notebook


def _questions(notebook: NotebookNode) -> set[tuple[str, tuple[int, ...]]]:
    """Return what the sentences ask for, and after which code cells, counted from 0."""
    ids = [cell.id for cell in notebook.cells if cell.cell_type == "code"]
    return {
        (expression, tuple(ids.index(cell) for cell in entry["after"]))
        for expression, entry in notebook.metadata.dl_lesson.get("values", {}).items()
    }


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
    unread = False
    known: set[Path] = set()
    for name in project.episode_names():
        try:
            episode = read_episode(project, name)
            errors += _overfull(episode)
            notebook = project.notebook(name)
            known.add(notebook)
            errors += outdated(project, episode)
            for figure in figure_names(episode):
                path, copy = episode.path.parent / figure, notebook.parent / figure
                known.update((path, copy))
                if not _figure_is_current(path, copy):
                    errors.append(drift(project.shown(copy), name))
            recorded = project.results(name)
            known.add(recorded)
            if recorded.exists() != _calls(episode, "record_results"):
                errors.append(drift(project.shown(recorded), name))
        except AuthoringError as error:
            errors.append(error)
            unread = True
    # Nobody knows what an episode shows that could not be read.
    return errors if unread else errors + _orphans(project, known)


def _orphans(project: Project, known: set[Path]) -> list[AuthoringError]:
    """Find notebooks, results and figures that no episode has."""
    errors = []
    for pattern, lacks in (
        ("*.ipynb", "has no episode"),
        ("results/*", "has no episode"),
        ("figures/*.svg", "is shown in no episode"),
        ("figures/*.png", "is shown in no episode"),
    ):
        for part in (project.notebooks, project.episodes):
            for folder in (part, part / FURTHER):
                errors += [
                    AuthoringError(f"{project.shown(path)} {lacks}; delete it.")
                    for path in sorted(folder.glob(pattern))
                    if path not in known
                ]
    return errors


def drift(path: str, name: str) -> AuthoringError:
    """Return the error that says which file is out of date, and what mends it."""
    return AuthoringError(f"{path} differs from its episode; run: dl-lesson build {name}")


def _calls(episode: Episode, function: str) -> bool:
    """Tell whether the code of an episode calls a function of the lesson."""
    return any(
        isinstance(node, CodeCell) and f"{function}(" in node.source
        for node, _ in walk(episode.nodes)
    )


def _execute_aside(project: Project, episode: Episode, *, any_data: bool) -> Execution:
    """Execute in a fresh folder, so that of an earlier run only the results of others count."""
    name = episode.name
    committed = project.results(name)
    notebook = to_notebook(derive(episode, "executed"))
    with temporary_folder("dl-lesson-build-") as folder:
        if committed.parent.is_dir():
            shutil.copytree(committed.parent, folder / "results")
        recorded = folder / "results" / committed.name
        recorded.unlink(missing_ok=True)
        environment = notebook_environment(fetched=True)
        old = read_committed(project.notebook(name))
        if old and not any_data:
            _refuse_worse_data(name, dict(old.metadata.dl_lesson.data), environment)
        execution = execute(notebook, name, folder, environment, strict=True)
        _put_values_into_sentences(episode, execution.notebook)
        results = recorded.read_text(encoding="utf-8") if recorded.exists() else None
        store_digests(execution.notebook, results)
        if results is None:
            committed.unlink(missing_ok=True)
        else:
            write_atomically(committed, results)
    return execution


def _refuse_worse_data(name: str, recorded: dict[str, str], environment: dict[str, str]) -> None:
    used = data_sources(list(recorded), environment)
    for data_set, before in recorded.items():
        if SOURCES.index(used[data_set]) > SOURCES.index(before):
            raise AuthoringError(
                f"notebooks/{name}.ipynb shows {before} data ({data_set}), and this run would "
                f"replace them by {used[data_set]} ones: set DL_LESSON_DATA to a folder with "
                f"{before} data, or run: dl-lesson build --any-data {name}"
            )


def _put_values_into_sentences(episode: Episode, executed: NotebookNode) -> None:
    """Give the text cells of an executed notebook the values that were found in the run."""
    values = recorded_values(executed)
    with_values = to_notebook(derive(episode, "executed"), values)
    if missing := with_values.metadata.dl_lesson.get("values", {}).keys() - values.keys():
        raise AuthoringError(
            f"{episode.shown}: {', '.join(sorted(missing))} stands in a sentence "
            "before any code; move the sentence below the cell that computes it."
        )
    for cell, written in zip(executed.cells, with_values.cells, strict=True):
        cell.source = written.source


def _update_figure(path: Path, copy: Path) -> None:
    """Draw a figure where it has changed, and copy it beside the notebooks."""
    if path.with_suffix(".py").exists():
        drawn = draw(path.with_suffix(".py"))
        if not path.exists() or not same_drawing(drawn, path.read_text(encoding="utf-8")):
            write_atomically(path, drawn)
    if not copy.exists() or copy.read_bytes() != path.read_bytes():
        write_atomically(copy, path.read_bytes())


def _figure_is_current(path: Path, copy: Path) -> bool:
    if not path.exists() or not copy.exists():
        return False
    drawing = path.with_suffix(".py")
    return copy.read_bytes() == path.read_bytes() and (
        not drawing.exists() or same_drawing(draw(drawing), path.read_text(encoding="utf-8"))
    )
