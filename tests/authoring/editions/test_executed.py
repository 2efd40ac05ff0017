import json
import re
import subprocess
import sys

import nbformat
import pytest

from dl_lesson.authoring.editions.executed import package_source, to_notebook
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.files import AuthoringError


@pytest.fixture
def notebook(project):
    return to_notebook(read_episode(project, "01-line"))


def markdown(notebook) -> str:
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def test_cells_start_at_headings_breaks_and_code(notebook):
    nbformat.validate(notebook)
    first, section, after_break, *rest = notebook.cells
    assert first.source.startswith("# A line\n\n**Teaching:** 5 minutes · **Exercises:** 7 minutes")
    assert section.source.startswith("## Draw a line")
    assert after_break.source.startswith("This is a new cell.")
    assert [c.cell_type for c in rest[:4]] == ["code", "code", "markdown", "code"]


def test_cell_ids_are_unique_and_name_the_section(notebook, project):
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert ids[:3] == ["a-line-01", "draw-a-line-01", "draw-a-line-02"]
    assert ids == [c.id for c in to_notebook(read_episode(project, "01-line")).cells]


def test_long_and_foreign_headings_give_valid_ids(project, edit):
    edit("## Draw a line", f"## Überlänge: {'sehr ' * 30}lang")
    cells = to_notebook(read_episode(project, "01-line")).cells
    assert cells[1].id.startswith("uberlange-sehr-sehr") and len(cells[1].id) <= 64


def test_no_directive_role_or_comment_is_left(notebook):
    text = markdown(notebook)
    assert not re.search(r"\{[a-z-]+\}`|:::|\{code-cell\}|comment is for authors|\+\+\+", text)
    assert "A *line* is straight, and lines are *straight*." in text
    assert "Read [A line](01-line.ipynb) first." in text


def test_boxes_tell_their_kind_in_a_word_and_their_minutes(notebook):
    text = markdown(notebook)
    assert '<div class="alert alert-block alert-info">\n\n**❓ Questions**\n\n- What' in text
    assert "**✏️ Challenge: Add one** (5 minutes)" in text
    assert "(20 minutes, optional)" in text
    assert "**✏️ Challenge: Add one** (continued)" in text


def test_every_box_and_fold_is_closed_in_its_own_cell(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            tags = re.findall(r"<(/?)(div|details)\b", cell.source)
            stack = []
            for closing, name in tags:
                if closing:
                    assert stack.pop() == name
                else:
                    stack.append(name)
            assert not stack, cell.source


def test_markdown_and_mathematics_in_boxes_stand_between_blank_lines(notebook):
    text = markdown(notebook)
    assert "- What is a line, where $a_1 < b_2$?" in text
    for tag in ("</div>", "</details>"):
        assert all(before.endswith("\n\n") for before in text.split(tag)[:-1])
    for opening in re.findall(r"<div[^>]*>.", text, re.S):
        assert opening.endswith("\n")
    assert not re.search(r"<div[^>]*>\n[^\n]", text)
    assert not re.search(r"</summary>\n[^\n]", text)


def test_a_solution_folds_its_text_and_collapses_its_code(notebook):
    text = markdown(notebook)
    assert (
        "<details>\n<summary><b>✅ Solution</b></summary>\n\nThe sum is three.\n\n</details>"
        in text
    )
    cells = {c.source: c for c in notebook.cells if c.cell_type == "code"}
    added = cells["print(slope + 1)"].metadata
    assert added.jupyter == {"source_hidden": True, "outputs_hidden": True}
    assert added.tags == ["nbval-ignore-output", "solution", "hide-cell"]
    assert cells["slope"].metadata == {}


def test_a_checkpoint_folds_its_code_but_shows_what_it_found(project, edit):
    first = "```{code-cell} python\n:prompt: Set the slope"
    edit(first, f"```{{code-cell}} python\ncheckpoint('1 is 1', 1, equals=1)\n```\n\n{first}")
    cells = to_notebook(read_episode(project, "01-line")).cells
    (check,) = (cell for cell in cells if cell.source.startswith("checkpoint('1 is 1'"))
    assert check.metadata == {"jupyter": {"source_hidden": True}, "tags": ["checkpoint"]}


def test_checkpoint_cells_and_figures_carry_their_metadata(notebook):
    cells = {c.source: c for c in notebook.cells if c.cell_type == "code"}
    (check,) = (c for source, c in cells.items() if source.startswith("checkpoint("))
    assert "checkpoint" in check.metadata.tags
    assert cells["slope = 2\nplt.show()"].metadata.mystnb.image.alt == "A line that rises."


def test_figures_have_alt_text_and_caption(notebook):
    text = markdown(notebook)
    alt = "A straight line from the lower left to the upper right."
    assert f"![{alt}](figures/line.svg)\n\n<em>The line [a] with $a_1$.</em>" in text


def test_instructor_notes_are_left_out(notebook):
    assert "Rooms get stuck" not in nbformat.writes(notebook)


def test_a_solution_that_begins_with_code_says_where_it_is(project, edit):
    edit("The sum is three.\n\n", "")
    text = markdown(to_notebook(read_episode(project, "01-line")))
    assert "<b>✅ Solution</b></summary>\n\nThe code is in the next cell.\n\n</details>" in text


def test_package_source_shows_the_summary_line_only(notebook):
    source = package_source("dl_lesson.create_nn")
    assert source.startswith("def create_nn(")
    assert "Parameters\n" not in source and "return keras.Model" in source
    assert "```python\ndef checkpoint(" in markdown(notebook)
    with pytest.raises(AuthoringError, match="create_nothing is no function"):
        package_source("dl_lesson.create_nothing")


def test_package_source_without_a_docstring(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("def double(x):\n    return 2 * x\n\n\ny = 1\n")
    monkeypatch.setattr("dl_lesson.__file__", str(tmp_path / "__init__.py"))
    monkeypatch.setattr("dl_lesson.__all__", ["double"])
    assert package_source("dl_lesson.double") == "def double(x):\n    return 2 * x"


def test_metadata(notebook):
    assert notebook.metadata.kernelspec.name == "python3"
    # In a process of its own: it changes how progress bars look in the one that imports it.
    asked = "import json; from ipykernel.ipkernel import IPythonKernel as kernel; "
    asked += "print(json.dumps(kernel.language_info))"
    said = json.loads(subprocess.check_output([sys.executable, "-c", asked], text=True))
    del said["version"]
    assert notebook.metadata.language_info == said
    assert notebook.metadata.dl_lesson == {
        "episode": "01-line",
        "data": {},
        "headings": [{"heading": "Draw a line", "cell": "draw-a-line-01"}],
        "values": {},
    }
