"""Lessons of the second part, which lie in folders of their own, through the whole chain."""

import json
import shutil

import pytest
from front_matter import front_matter

from dl_lesson.authoring.editions.bundle import write_notebooks
from dl_lesson.authoring.execution.build import build, check
from dl_lesson.authoring.source.schedule import read_parts
from dl_lesson.course.lab import copy_course
from dl_lesson.course.run import run_course

NAME = "11-plane"


@pytest.fixture
def both(built):
    """A project with a lesson in each part, both built."""
    first = (built.episodes / "01-line.md").read_text(encoding="utf-8")
    body = (
        first.split("---", 2)[2].replace("{part} 1", "{part} 11").replace("# A line", "# A plane")
    )
    further = built.episodes / "further"
    shutil.copytree(built.episodes / "figures", further / "figures")
    (further / "figures" / "_style.py").unlink()
    (further / f"{NAME}.md").write_text(front_matter("A plane", 5, 7) + body, encoding="utf-8")
    assert build(built, [], print) == []
    return built


def test_they_are_built_beside_the_first_part_and_checked(both):
    notebook = both.notebooks / "further" / f"{NAME}.ipynb"
    assert both.episode_names() == ["01-line", NAME] and both.notebook(NAME) == notebook
    assert (both.notebooks / "further/figures/line.svg").is_file()
    assert check(both) == []
    (both.notebooks / "further/figures/old.svg").write_text("<svg/>")
    notebook.unlink()
    assert [str(error) for error in check(both)] == [
        f"notebooks/further/{NAME}.ipynb differs from its episode; run: dl-lesson build {NAME}",
        "notebooks/further/figures/old.svg is shown in no episode; delete it.",
    ]


def test_their_minutes_are_counted_apart(both):
    assert [part.name for part in read_parts(both)] == ["1a", "1b"]
    assert [part.name for part in read_parts(both, further=True)] == ["11a", "11b"]


def test_learners_get_them_in_a_folder_with_links_that_lead_out_of_it(both, tmp_path):
    write_notebooks(both, both.build / "editions")
    copy_course(both.build / "editions" / "learner", tmp_path / "lab")
    folder = tmp_path / "lab" / "further"
    text = (folder / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "](../01-line.ipynb)" in text and "](../mistakes.ipynb)" in text
    assert "print(slope + 1)" not in text
    solutions = json.loads((folder / "solutions" / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    assert any("print(slope + 1)" in "".join(cell["source"]) for cell in solutions["cells"])
    assert (folder / "figures" / "line.svg").is_file()


def test_they_are_executed_on_demand_only(both, tmp_path):
    for further, expected in ((False, "01-line.ipynb"), (True, f"further/{NAME}.ipynb")):
        folder = tmp_path / str(further)
        assert run_course(both.notebooks, folder, [], further=further) == []
        found = [path.relative_to(folder).as_posix() for path in folder.rglob("*.ipynb")]
        assert found == [expected]


def test_a_mistake_is_reported_with_the_folder(both, edit):
    edit("{term}`line`", "{term}`line` {doc}`12-cube`", f"episodes/further/{NAME}.md")
    (error,) = check(both)
    assert str(error).startswith(f"episodes/further/{NAME}.md:")
