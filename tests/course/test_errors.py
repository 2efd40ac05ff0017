"""An error in a learner's notebook is short, and names the entry that explains it."""

import re
import traceback
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from dl_lesson.authoring.editions.learner import mistakes_page
from dl_lesson.course.environment import execution_environment
from dl_lesson.course.errors import find_entry, of_the_notebook, show

SOURCE = (Path(__file__).parents[2] / "site" / "pages" / "mistakes.md").read_text(encoding="utf-8")


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "mistakes.ipynb"
    nbformat.write(mistakes_page(SOURCE), path)
    return path


def sections():
    for section in re.split(r"\n(?=##+ )", SOURCE):
        title = re.match(r"#+ (.*)", section)
        for message in re.findall(r"```text\n(.*?)```", section, re.S):
            lines = [n for n in message.splitlines() if re.match(r"\w*(Error|Exception):", n)]
            if lines:
                yield title[1], lines[-1]


SECTIONS = list(sections())


@pytest.mark.parametrize(("title", "message"), SECTIONS, ids=[title for title, _ in SECTIONS])
def test_each_message_of_the_page_finds_its_entry(page, title, message):
    assert find_entry(message.replace("…", "something more"), page) == title


@pytest.mark.parametrize(
    ("message", "entry"),
    [
        ("NameError: name 'scaled_model' is not defined", "Cells run out of order"),
        (
            "AttributeError: 'History' object has no attribute 'evaluate'",
            "The model was replaced by its history",
        ),
        ("AttributeError: 'DataFrame' object has no attribute 'specie'", ""),
        ("AttributeError: 'ellipsis' object has no attribute 'shape'", "A gap was left open"),
        ("TypeError: Value after * must be an iterable, not ellipsis", "A gap was left open"),
        (
            "TypeError: unsupported operand type(s) for *: 'float' and 'ellipsis'",
            "A gap was left open",
        ),
        ("TypeError: unsupported operand type(s) for *: 'float' and 'str'", ""),
        ("ZeroDivisionError: division by zero", ""),
        ("KeyError: 'x'", ""),
    ],
)
def test_other_names_fit_and_other_errors_do_not(page, message, entry):
    assert find_entry(message, page) == entry


def test_without_the_page_nothing_is_said(tmp_path):
    assert find_entry("NameError: name 'x' is not defined", tmp_path / "mistakes.ipynb") == ""


class Shell:
    """Stands in for a kernel that shows an error."""

    def showtraceback(self, error, tb_offset):
        print(error[0].__name__)


def test_the_page_may_lie_one_folder_above(page, monkeypatch, capsys):
    (page.parent / "further").mkdir()
    monkeypatch.chdir(page.parent / "further")
    show(Shell(), NameError, NameError("name 'x' is not defined"), None)
    said = capsys.readouterr().out
    assert said.endswith("see “Cells run out of order” in ../mistakes.ipynb.\n")


def test_an_error_outside_of_a_notebook_has_no_steps_in_cells():
    try:
        nbformat.from_dict(1 / 0)
    except ZeroDivisionError as error:
        assert of_the_notebook(error.__traceback__) is None
        assert traceback.extract_tb(error.__traceback__)


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["calm", "strict"])
def test_in_a_notebook(page, setting):
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("import dl_lesson"),
            nbformat.v4.new_code_cell("import keras\nkeras.layers.Dense(3)(missing)"),
            nbformat.v4.new_code_cell("import json\ndef read():\n    json.loads('{')\nread()"),
        ]
    )
    environment = execution_environment() | {"DL_LESSON_CHECKPOINTS": setting}
    client = NotebookClient(notebook, allow_errors=True, timeout=120)
    client.execute(cwd=str(page.parent), env=environment)
    _, name, inside = notebook.cells
    texts = "".join(o.get("text", "") for o in name.outputs)
    steps = "\n".join(next(o for o in inside.outputs if o.output_type == "error").traceback)
    is_short = "decoder" not in steps
    assert is_short == (setting == "calm")
    assert "JSONDecodeError" in steps and "read" in steps
    hint = "What this means: see “Cells run out of order” in mistakes.ipynb."
    assert (hint in texts) == (setting == "calm")
