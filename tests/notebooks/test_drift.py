from pathlib import Path

from dl_lesson.authoring.execution.build import check
from dl_lesson.course.files import Project


def test_notebooks_and_figures_agree_with_their_episodes():
    assert [str(error) for error in check(Project(Path(__file__).parents[2]))] == []
