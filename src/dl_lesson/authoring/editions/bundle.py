"""Write all editions that a wheel holds, for the commands that work without a checkout."""

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dl_lesson.authoring.editions.handout import handout
from dl_lesson.authoring.editions.learner import mistakes_page, to_learner, to_solutions
from dl_lesson.authoring.editions.recorded import read_committed, recorded_values
from dl_lesson.authoring.editions.starter import LEVELS, to_starter
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.authoring.source.schedule import read_schedule
from dl_lesson.course.files import FURTHER, AuthoringError, Project, write_atomically


def write_editions(project: Project, folder: Path) -> None:
    """Write the notebooks of all editions and the handouts.

    Parameters
    ----------
    project : Project
        Project whose episodes to derive them from.
    folder : pathlib.Path
        Folder that gets ``learner/`` (with ``solutions/``), ``solved/``, ``starters/LEVEL/`` and
        ``handouts/``; what it holds already is replaced.

    Raises
    ------
    AuthoringError
        If an episode breaks a rule or has no executed notebook.
    """
    shutil.rmtree(folder, ignore_errors=True)
    write_notebooks(project, folder)
    plans = read_schedule(project)["plans"]
    for days in plans:
        for day in range(1, days + 1):
            for with_solutions in (False, True):
                ending = "-solutions" if with_solutions else ""
                page = handout(project, day, days, with_solutions=with_solutions)
                path = folder / "handouts" / f"half-day-{day}-of-{days}{ending}.md"
                write_atomically(path, page)


def write_notebooks(project: Project, folder: Path) -> None:
    """Write the notebooks of all editions, each with the figures; see `write_editions`."""
    for name in project.episode_names():
        path = project.notebook(name)
        committed = read_committed(path)
        if committed is None:
            raise AuthoringError(
                f"{project.shown(path)} is missing or was not executed; run: dl-lesson build {name}"
            )
        episode, values = read_episode(project, name), recorded_values(committed)
        file = path.relative_to(project.notebooks)
        _write(folder / "learner" / file, to_learner(episode, values))
        solutions = to_solutions(episode, committed, values)
        _write(folder / "learner" / file.parent / "solutions" / file.name, solutions)
        for level in LEVELS:
            _write(folder / "starters" / level / file, to_starter(episode, level, values))
        _write(folder / "solved" / file, committed)
    mistakes = project.root / "site" / "pages" / "mistakes.md"
    if mistakes.is_file():
        page = mistakes_page(mistakes.read_text(encoding="utf-8"))
        _write(folder / "learner" / "mistakes.ipynb", page)
    places = [folder / "learner", folder / "solved"]
    places += [folder / "starters" / level for level in LEVELS]
    for place in places:
        for part in ("", FURTHER):
            for kept in ("figures", *(("results",) if "starters" not in place.parts else ())):
                source = project.notebooks / part / kept
                if source.is_dir():
                    shutil.copytree(source, place / part / kept, dirs_exist_ok=True)


def _write(path: Path, notebook: NotebookNode) -> None:
    write_atomically(path, nbformat.writes(notebook, version=4) + "\n")
