import json
import re

import nbconvert
import nbformat
import pytest

from dl_lesson.authoring.execution.build import build, check
from dl_lesson.authoring.website.site import build_site
from dl_lesson.course.execution import stored_error
from dl_lesson.course.files import AuthoringError

pytestmark = pytest.mark.slow

NOTEBOOK = "notebooks/01-line.ipynb"


@pytest.fixture
def lines():
    return []


def contents(project) -> dict[str, bytes]:
    files = (path for path in project.root.rglob("*") if path.is_file())
    return {path.relative_to(project.root).as_posix(): path.read_bytes() for path in files}


def test_the_notebook_is_executed_and_its_picture_described(built):
    notebook = nbformat.read(built.root / NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3, 4, 5]
    assert code[1].outputs[0].metadata["image/png"] == {"alt": "A line that rises."}
    assert code[4].outputs[0].text == "✓ The sum is 3.\n"
    assert "version" not in notebook.metadata.language_info
    script, kind = nbconvert.ScriptExporter().from_notebook_node(notebook)
    assert kind["output_extension"] == ".py"
    assert "# A {term}" not in script and "\n# This is a new cell.\n" in script
    assert not any("execution" in cell.metadata for cell in code)


def test_building_again_changes_and_executes_nothing(built, lines):
    before = contents(built)
    assert build(built, [], lines.append) == []
    assert lines == ["01-line: unchanged"]
    assert contents(built) == before


def test_a_named_episode_is_executed_again_and_gives_the_same_bytes(built, lines, monkeypatch):
    # Another kernel of the same name in the way: the running interpreter must be used.
    spec = built.root / "share" / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["no-such-python"], "display_name": "x", "language": "x"}))
    monkeypatch.setenv("JUPYTER_PATH", str(built.root / "share"))
    before = contents(built)
    assert build(built, ["01-line.md"], lines.append) == []
    assert "1 checkpoints passed" in lines[-1]
    assert contents(built) == before


def test_a_cell_that_fails_leaves_the_old_notebook_whole(built, edit):
    before = contents(built)
    edit("slope + 1, equals=3", "slope + 2, equals=3")
    (error,) = build(built, [], print)
    assert str(error).startswith("01-line.ipynb, cell draw-a-line-09, raises CheckpointError: The")
    assert "\n" not in str(error)
    after = contents(built)
    del before["episodes/01-line.md"], after["episodes/01-line.md"]
    assert after == before


def test_an_episode_with_mistakes_leaves_the_others_alone(built, lines):
    (built.episodes / "02-broken.md").write_text("no front matter", encoding="utf-8")
    (error,) = build(built, [], lines.append)
    assert "episodes/02-broken.md:1:" in str(error)
    assert lines == ["01-line: unchanged"]


def test_the_episode_that_takes_longest_is_executed_first(built, monkeypatch):
    text = (built.root / "episodes" / "01-line.md").read_text(encoding="utf-8")
    longer = text.replace(":prompt: Look at the slope.", ":prompt: Look.\n:seconds: 1")
    (built.root / "episodes" / "02-long.md").write_text(longer, encoding="utf-8")
    executed = []

    def refuse(project, episode, *, any_data):
        executed.append(episode.name)
        raise AuthoringError("not executed")

    monkeypatch.setattr("dl_lesson.authoring.execution.build._execute_aside", refuse)
    build(built, ["01-line", "02-long"], print, jobs=1)
    assert executed == ["02-long", "01-line"]


def test_an_unknown_name_lists_those_that_exist(built):
    with pytest.raises(AuthoringError, match=r"no episode 02-curve; those that exist: 01-line\."):
        build(built, ["02-curve"], print)


def test_check_passes_and_writes_nothing(built):
    before = contents(built)
    assert check(built) == []
    assert contents(built) == before


def test_check_names_the_command_that_mends_an_edited_episode(built, edit):
    edit("This is a new cell.", "This is a newer cell.")
    (error,) = check(built)
    assert str(error) == (
        "notebooks/01-line.ipynb differs from its episode; run: dl-lesson build 01-line"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("This is a new cell.", "This is an edited cell."),
        ("slope = 2", "slope = 3"),
        ('"id": "draw-a-line-04"', '"id": "draw-a-line-99"'),
        ('"nbval-ignore-output",', '"nbval-skip",'),
        ('"execution_count": 5,', '"execution_count": null,'),
        ('"name": "python3"', '"name": "julia"'),
        ('"episode": "01-line"', '"episode": "02-line"'),
        ('"nbformat": 4,', '"nbformat": 4,,'),
    ],
)
def test_check_catches_an_edited_notebook(built, edit, old, new):
    edit(old, new, NOTEBOOK)
    assert [str(error) for error in check(built)] == [
        "notebooks/01-line.ipynb differs from its episode; run: dl-lesson build 01-line"
    ]


@pytest.mark.parametrize(
    ("old", "new", "cell"),
    [
        ("✓ The sum is 3.", "✓ The sum is 2.", "draw-a-line-09 (checkpoint("),
        ('"image/png": "iVBORw0KGgo=', '"image/png": "iVBORw0KGgA=', "draw-a-line-04 (slope = 2)"),
        ('"3\\n"', '"30\\n"', "draw-a-line-08 (print(slope + 1))"),
    ],
)
def test_an_edited_output_is_noticed_and_executed_again(built, edit, lines, old, new, cell):
    before = (built.root / NOTEBOOK).read_bytes()
    edit(old, new, NOTEBOOK)
    (error,) = check(built)
    assert str(error).startswith(f"{NOTEBOOK}: cell {cell}")
    assert str(error).endswith("shows what no run has stored; run: dl-lesson build 01-line")
    with pytest.raises(AuthoringError, match="no run has stored"):
        build_site(built)
    assert build(built, [], lines.append) == []
    assert lines[0] == "01-line: executing"
    assert (built.root / NOTEBOOK).read_bytes() == before


def test_outputs_that_were_exchanged_are_noticed(built):
    path = built.root / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    first, second = (notebook.cells[n] for n in outputs_at(notebook)[:2])
    first.outputs, second.outputs = second.outputs, first.outputs
    nbformat.write(notebook, path)
    (error,) = check(built)
    assert f"cell {first.id} (" in str(error) and "no run has stored" in str(error)


def outputs_at(notebook) -> list[int]:
    return [n for n, cell in enumerate(notebook.cells) if cell.get("outputs")]


def test_code_that_was_edited_in_episode_and_notebook_is_noticed(built, edit):
    edit("slope + 1, equals=3)", "slope + 1, equals=3.0)")
    edit("slope + 1, equals=3)", "slope + 1, equals=3.0)", NOTEBOOK)
    (error,) = check(built)
    assert "cell draw-a-line-09 (checkpoint(" in str(error)


def test_digests_survive_changed_words_and_new_names_of_cells(built, edit, lines):
    edit("## Draw a line", "## Draw one line")
    assert build(built, [], lines.append) == []
    assert lines == ["01-line: written; the code is the same, so the outputs are kept"]
    assert check(built) == []
    digests = nbformat.read(built.root / NOTEBOOK, as_version=4).metadata.dl_lesson.digests
    assert all(name.startswith("draw-one-line-") for name in digests.cells)


def test_a_notebook_without_digests_gets_them_and_keeps_its_outputs(built, lines):
    path = built.root / NOTEBOOK
    before = path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    del notebook.metadata.dl_lesson["digests"]
    nbformat.write(notebook, path)
    (error,) = check(built)
    assert "it holds no digests of its outputs; run: dl-lesson build 01-line" in str(error)
    assert build(built, [], lines.append) == []
    assert lines == ["01-line: written; the code is the same, so the outputs are kept"]
    assert path.read_bytes() == before


def test_a_value_that_was_edited_in_notebook_and_sentence_is_noticed(built, edit):
    edit("That was `slope + 1`.", "That was {eval}`slope`.")
    assert build(built, [], print) == []
    edit("That was 2.", "That was 3.", NOTEBOOK)
    edit('"value": "2"', '"value": "3"', NOTEBOOK)
    (error,) = check(built)
    assert "a sentence shows a value that no run has stored" in str(error)


@pytest.mark.parametrize("folder", ["episodes", "notebooks"])
@pytest.mark.parametrize("change", ["edited", "deleted"])
def test_check_catches_a_changed_figure(built, folder, change):
    path = built.root / folder / "figures" / "line.svg"
    if change == "edited":
        path.write_text(path.read_text(encoding="utf-8").replace("#0072b2", "#d55e00"))
    else:
        path.unlink()
    (error,) = check(built)
    assert str(error).startswith("notebooks/figures/line.svg differs")


def test_check_catches_a_changed_drawing_and_build_mends_it(built, edit):
    edit("A line", "A curve", "episodes/figures/line.py")
    (error,) = check(built)
    assert "notebooks/figures/line.svg differs" in str(error)
    assert build(built, [], print) == []
    assert check(built) == []


def test_check_catches_what_has_no_source(built):
    notebook = built.root / NOTEBOOK
    (built.notebooks / "09-old.ipynb").write_bytes(notebook.read_bytes())
    (built.episodes / "figures" / "old.svg").write_text("<svg/>")
    assert [str(error) for error in check(built)] == [
        "notebooks/09-old.ipynb has no episode; delete it.",
        "episodes/figures/old.svg is shown in no episode; delete it.",
    ]


def test_check_reports_the_mistakes_of_an_episode(built, edit):
    edit("data: []", "data: [wether]")
    assert any("no data set wether" in str(error) for error in check(built))


RECORD = """
from dl_lesson import record_results
row = dict(test_set="t", n_test=9, model="line", description="straight", metric="accuracy", value=1)
record_results("01-line", "penguins", [row])
"""


@pytest.fixture
def recording(built, edit):
    """A project whose episode reads what another recorded, and records a result itself."""
    (built.notebooks / "results").mkdir()
    (built.notebooks / "results" / "00-point.csv").write_text("model\npoint\n")
    read = "\nfrom pathlib import Path\nprint(sorted(p.name for p in Path('results').glob('*')))"
    edit("print(slope + 1)\n", f"print(slope + 1){read}{RECORD}")
    return built


def test_what_a_notebook_records_lies_beside_it_afterwards(recording):
    assert build(recording, [], print) == []
    assert "line,straight" in (recording.notebooks / "results" / "01-line.csv").read_text(
        encoding="utf-8"
    )
    assert (recording.notebooks / "results" / "00-point.csv").exists()
    # Its own earlier results are not there when it runs again, those of others are.
    assert build(recording, ["01-line"], print) == []
    notebook = (recording.root / NOTEBOOK).read_text(encoding="utf-8")
    assert "['00-point.csv']" in notebook


def test_check_compares_results_with_the_episodes_that_record_them(recording, edit):
    (recording.notebooks / "results" / "00-point.csv").unlink()
    build(recording, [], print)
    assert check(recording) == []
    recorded = recording.notebooks / "results" / "01-line.csv"
    content = recorded.read_text()
    recorded.unlink()
    (error,) = check(recording)
    assert "notebooks/results/01-line.csv differs" in str(error)
    recorded.write_text(content)
    (recording.notebooks / "results" / "09-gone.csv").write_text(content)
    (error,) = check(recording)
    assert "notebooks/results/09-gone.csv has no episode; delete it." in str(error)


def test_a_recorded_result_that_was_edited_is_noticed(recording):
    (recording.notebooks / "results" / "00-point.csv").unlink()
    build(recording, [], print)
    recorded = recording.notebooks / "results" / "01-line.csv"
    recorded.write_text(recorded.read_text().replace("accuracy,1.0", "accuracy,0.9"))
    (error,) = check(recording)
    assert "results beside it are not those that its run has recorded; run: dl" in str(error)


def test_a_foreign_byte_in_what_a_run_has_stored_is_noticed(recording):
    (recording.notebooks / "results" / "00-point.csv").unlink()
    build(recording, [], print)
    recorded = recording.notebooks / "results" / "01-line.csv"
    recorded.write_bytes(recorded.read_bytes().replace(b"straight", b"strai\xdf"))
    (error,) = check(recording)
    assert "results beside it are not those that its run has recorded; run: dl" in str(error)
    notebook = recording.root / NOTEBOOK
    notebook.write_bytes(notebook.read_bytes().replace(b"straight", b"strai\xdf"))
    (error,) = check(recording)
    assert "01-line.ipynb differs from its episode; run: dl-lesson build 01-line" in str(error)


def test_results_that_are_no_longer_recorded_go(recording, edit):
    build(recording, [], print)
    edit(RECORD, "\n")
    assert build(recording, [], print) == []
    assert not (recording.notebooks / "results" / "01-line.csv").exists()


@pytest.mark.parametrize(
    ("drawing", "says"),
    [
        (
            "import matplotlib.pyplot as real; _ = real.title('$\\\\wrong$')",
            r"\(slope = 2\), shows ValueError among its outputs: ",
        ),
        (
            "type('Broken', (), {'_repr_html_': lambda _: 1 / 0})()",
            "raises ZeroDivisionError: division by zero",
        ),
    ],
)
def test_an_error_in_place_of_a_picture_stops_the_build(built, edit, drawing, says):
    before = (built.root / NOTEBOOK).read_bytes()
    edit("slope = 2\nplt.show()", f"slope = 2\n{drawing}")
    (error,) = build(built, [], print)
    assert re.match(f"01-line.ipynb, cell draw-a-line-04,? {says}", str(error))
    assert "\n" not in str(error) and (built.root / NOTEBOOK).read_bytes() == before


def test_a_stored_error_fails_check_and_site_and_is_executed_again(built, lines):
    path = built.root / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.source.startswith("slope = 2"))
    whole, cell.outputs = cell.outputs, [nbformat.v4.new_output("error", ename="E", evalue="bad")]
    nbformat.write(notebook, path)
    (error,) = check(built)
    assert str(error).startswith(f"{NOTEBOOK}, cell draw-a-line-04 (slope = 2), shows E ")
    assert str(error).endswith("; mend its code, then run: dl-lesson build 01-line")
    with pytest.raises(AuthoringError, match="cell draw-a-line-04"):
        build_site(built)
    assert build(built, [], lines.append) == []
    assert lines[0] == "01-line: executing"
    assert next(c for c in nbformat.read(path, 4).cells if c.id == cell.id).outputs == whole
    notebook.cells[notebook.cells.index(cell)].metadata.tags = ["raises-exception"]
    assert stored_error(notebook) == ""
