"""catch_up runs what stands before a heading, in the notebook that calls it."""

import json
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from dl_lesson import CatchUpError, catch_up
from dl_lesson.course import catch_up as module
from dl_lesson.course.catch_up import code_before
from dl_lesson.course.execution import notebook_environment
from dl_lesson.course.files import AuthoringError, executed_notebooks, named_files

DRAW = "import matplotlib.pyplot as plt\nplt.plot([1]); plt.show(); print('loud')"
EPISODES = named_files(executed_notebooks(), "[0-9]*.ipynb")


def cell(source, *tags, name="", seconds=None):
    metadata = {"tags": list(tags)} if tags else {}
    if seconds:
        metadata["dl_lesson"] = {"seconds": seconds}
    return nbformat.v4.new_code_cell(source, metadata=metadata, id=name or source[:4])


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title", id="title"),
            cell("slope = 2", seconds=9),
            nbformat.v4.new_markdown_cell("## 1. Draw", id="draw"),
            cell(DRAW),
            cell("slope = 99", "solution", name="solved"),
            cell("checkpoint = 1 / 0", "checkpoint", name="claim"),
            cell("1 / 0", "raises-exception", name="error"),
            nbformat.v4.new_markdown_cell("## 2. Add", id="add"),
            cell("slope = slope + 1", name="more"),
            nbformat.v4.new_markdown_cell("## 3. Add again", id="again"),
            cell("1 / 0", name="late"),
        ]
    )
    notebook.metadata.dl_lesson = {
        "headings": [
            {"heading": "1. Draw", "cell": "draw"},
            {"heading": "2. Add", "cell": "add"},
            {"heading": "3. Add again", "cell": "again"},
        ]
    }
    (tmp_path / "01-line.ipynb").write_text(nbformat.writes(notebook))
    monkeypatch.setattr(module, "executed_notebooks", lambda: tmp_path)
    return tmp_path


def run(notebooks, *sources):
    """Run cells in a fresh kernel, and return what they printed or the error of the last."""
    first = (
        "import dl_lesson.course.catch_up as module; from pathlib import Path; "
        f"module.executed_notebooks = lambda: Path({str(notebooks)!r}); catch_up = module.catch_up"
    )
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in (first, *sources)]
    )
    client = NotebookClient(notebook, allow_errors=True, timeout=120)
    client.execute(env=notebook_environment())
    return [
        "".join(o.get("text", "") or o.get("evalue", "") for o in c.outputs if "data" not in o)
        for c in notebook.cells[1:]
    ]


@pytest.mark.slow
def test_variables_come_and_outputs_stay_away(notebooks):
    said, slope = run(notebooks, "catch_up('01-line', '3. Add again')", "print(slope)")
    assert "Running 3 cells of 01-line up to '3. Add again'; this takes about 10 seconds." in said
    assert "Done. Go on at '3. Add again'." in said and "loud" not in said
    assert slope == "3\n"


@pytest.mark.slow
def test_before_the_first_code_there_is_nothing_to_run(notebooks):
    notebook = nbformat.read(notebooks / "01-line.ipynb", 4)
    notebook.metadata.dl_lesson.headings.insert(0, {"heading": "Title", "cell": "title"})
    nbformat.write(notebook, notebooks / "01-line.ipynb")
    (said,) = run(notebooks, "catch_up('01-line', 'Title')")
    assert said == "No code stands before 'Title' in 01-line. Go on there.\n"


@pytest.mark.slow
def test_code_that_fails_is_named(notebooks):
    path = notebooks / "01-line.ipynb"
    path.write_text(path.read_text().replace("slope = slope + 1", "slope = missing"))
    (said,) = run(notebooks, "catch_up('01-line', '3.')")
    assert "begins with 'slope = missing' failed: name 'missing' is not defined" in said


@pytest.mark.parametrize(
    ("episode", "heading", "words"),
    [
        ("02-curve", "1.", "no episode '02-curve'; those that exist:\n- 01-line$"),
        (
            "01-line",
            "4. Sub",
            "no heading '4. Sub' in 01-line; those that exist:\n- 1. Draw\n- 2. A",
        ),
        ("01-line", "", "more than one heading ''"),
    ],
)
def test_an_unknown_place_lists_those_there_are(notebooks, episode, heading, words):
    with pytest.raises(CatchUpError, match=words.replace("(", r"\(")):
        code_before(episode, heading)


def test_first_words_of_a_heading_are_enough(notebooks):
    for heading in ("2. add", "## 2. Add", "2."):
        assert code_before("01-line", heading)[:2] == ("2. Add", ["slope = 2", DRAW])


def test_outside_a_notebook():
    with pytest.raises(CatchUpError, match="works in a notebook only"):
        catch_up("01-introduction", "A single neuron")


class Shell:
    """Stands in for a kernel, and keeps what it is given to run."""

    def __init__(self):
        self.ran = []

    def run_cell(self, source, store_history):
        compile(source, "cell", "exec")
        self.ran.append(source)
        return SimpleNamespace(success=True)


@pytest.mark.parametrize("name", EPISODES)
def test_at_each_heading_the_main_code_before_it_is_run(name, monkeypatch, capsys):
    notebook = json.loads(EPISODES[name].read_text(encoding="utf-8"))
    headings = {e["cell"]: e["heading"] for e in notebook["metadata"]["dl_lesson"]["headings"]}
    main = []
    for c in notebook["cells"]:
        if c["id"] in headings:
            shell = Shell()
            monkeypatch.setattr("IPython.get_ipython", lambda shell=shell: shell)
            catch_up(name, headings[c["id"]])
            assert shell.ran == main
            said = capsys.readouterr().out
            assert f"Go on at {headings[c['id']]!r}." in said if main else "No code stands" in said
        tags = {"solution", "checkpoint", "check"} & set(c["metadata"].get("tags", ()))
        if c["cell_type"] == "code" and not tags:
            main.append("".join(c["source"]))


@pytest.mark.parametrize("name", EPISODES)
def test_each_heading_of_each_episode_can_be_reached(name):
    notebook = json.loads(EPISODES[name].read_text(encoding="utf-8"))
    headings = [entry["heading"] for entry in notebook["metadata"]["dl_lesson"]["headings"]]
    written = [
        line.lstrip("# ").strip()
        for c in notebook["cells"]
        if c["cell_type"] == "markdown"
        for line in "".join(c["source"]).splitlines()[:1]
        if line.startswith("##")
    ]
    assert len(headings) == len(written) > 5
    reached = [len(code_before(name, heading)[1]) for heading in headings]
    assert reached == sorted(reached)
    main = [
        c
        for c in notebook["cells"]
        if c["cell_type"] == "code"
        and not {"solution", "checkpoint", "check"} & set(c["metadata"].get("tags", ()))
    ]
    assert len(main) >= reached[-1] > 0


def test_an_installation_without_notebooks_is_one_sentence(monkeypatch):
    def nowhere():
        raise AuthoringError("There are no notebooks; install the lesson again.")

    monkeypatch.setattr(module, "executed_notebooks", nowhere)
    with pytest.raises(CatchUpError, match=r"^There are no notebooks; install the lesson again\.$"):
        code_before("01-line", "1. Draw")
