from dataclasses import replace
from pathlib import Path

import pytest

from dl_lesson.authoring.execution import build
from dl_lesson.authoring.source.episode import Text, parse_episode
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.files import Project, named_files

PROJECT = Project(Path(__file__).parents[2])
EPISODES = list(named_files(PROJECT.episodes, "[0-9][0-9]-*.md"))


def test_notebooks_and_figures_agree_with_their_episodes():
    assert [str(error) for error in build.check(PROJECT)] == []


@pytest.mark.parametrize("name", EPISODES)
def test_each_episode_keeps_the_rules(name):
    assert read_episode(PROJECT, name).errors == []


@pytest.mark.parametrize("name", EPISODES)
def test_a_word_that_is_added_to_an_episode_is_noticed(name):
    episode = parse_episode(PROJECT.source(name))
    assert build.outdated(PROJECT, episode) == []
    changed = replace(episode, nodes=(*episode.nodes, Text("One word more.", 1)))
    (error,) = build.outdated(PROJECT, changed)
    assert str(error).endswith(
        f"{name}.ipynb differs from its episode; run: dl-lesson build {name}"
    )


def test_check_looks_at_each_episode_and_each_figure(monkeypatch):
    """A check that leaves one out is blind for it, and says that all is well."""
    notebooks, figures = [], []

    def look_at_notebook(project, episode):
        notebooks.append(episode.name)
        return []

    def look_at_figure(path, copy):
        figures.append(path)
        return True

    monkeypatch.setattr(build, "outdated", look_at_notebook)
    monkeypatch.setattr(build, "_figure_is_current", look_at_figure)
    assert build.check(PROJECT) == []
    assert sorted(notebooks) == EPISODES
    drawn = {p for p in PROJECT.episodes.rglob("figures/*") if p.suffix in (".svg", ".png")}
    assert set(figures) == drawn
