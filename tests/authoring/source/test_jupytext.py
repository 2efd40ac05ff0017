"""An episode that JupyterLab opens and saves through jupytext stays the same episode."""

from pathlib import Path

import jupytext
import nbformat
import pytest

from dl_lesson.authoring.execution.build import generate, sources
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.files import Project, named_files

LESSON = Project(Path(__file__).parents[3])
EPISODES = list(named_files(LESSON.episodes, "[0-9][0-9]-*.md").values())


def saved(path: Path) -> str:
    """Return the text that jupytext writes when nothing was changed."""
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    # JupyterLab holds a notebook as JSON, and adds what it knows of the kernel.
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    notebook.metadata["language_info"] = {"name": "python", "version": "3.13.1"}
    return jupytext.writes(notebook, fmt="md:myst")


@pytest.mark.parametrize("path", EPISODES, ids=lambda path: path.stem)
def test_an_episode_survives_jupytext(path, tmp_path):
    copy = Project(tmp_path)
    target = tmp_path / path.relative_to(LESSON.root)
    target.parent.mkdir(parents=True)
    # Links and figures lead to the neighbours of the episode.
    for other in LESSON.episodes.rglob("*"):
        place = tmp_path / other.relative_to(LESSON.root)
        if other.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif other != path:
            place.symlink_to(other)
    target.write_text(saved(path), encoding="utf-8")
    before, after = read_episode(LESSON, path.stem), read_episode(copy, path.stem)
    keys = ("title", "teaching", "exercises", "data", "kernelspec")
    assert {k: after.front_matter[k] for k in keys} == {k: before.front_matter[k] for k in keys}
    assert sources(generate(after, None)) == sources(generate(before, None))
    # What notebooks do not show, notes and options, say.
    assert _without_lines(after.nodes) == _without_lines(before.nodes)
    # From then on, saving changes nothing.
    assert saved(target) == target.read_text(encoding="utf-8")


def _without_lines(nodes) -> list:
    return [
        {
            key: _without_lines(value) if key == "children" else value
            for key, value in vars(node).items()
            if key != "line"
        }
        for node in nodes
    ]
