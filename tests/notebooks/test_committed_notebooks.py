"""Rules for committed notebooks that nbval does not know.

nbval passes a notebook that was never executed, ignores a mistyped tag in silence, and does not
compare pictures. Each rule below takes a notebook and yields what is wrong with it; each is
itself tested on a broken notebook.
"""

import ast
import copy
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from dl_lesson.authoring.execution.digests import altered, results_beside, store_digests
from dl_lesson.course.files import FURTHER, named_files

ROOT = Path(__file__).parents[2]
PARTS = (ROOT / "notebooks", ROOT / "notebooks" / FURTHER)
PATHS = list(named_files(ROOT / "notebooks", "*.ipynb").values())
TAGS = {
    "nbval-ignore-output",
    "data-output",
    "raises-exception",
    "provided",
    "solution",
    "hide-cell",
    "checkpoint",
    "check",
}
MISSION = {"create_nn", "compile_model", "plot_history", "plot_predictions"}
MAXIMUM_BYTES = 1_500_000


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell) -> list[str]:
    return cell.metadata.get("tags", [])


def texts(notebook):
    """Yield cell id and text of each source and each output that is no picture."""
    for cell in notebook.cells:
        yield cell.id, cell.source
        for output in cell.get("outputs", ()):
            yield cell.id, output.get("text", "")
            for kind, data in output.get("data", {}).items():
                if not kind.startswith("image/"):
                    yield cell.id, str(data)


def executed_in_order(notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)) or not counts:
        yield f"the execution counts are {counts}"


def no_error(notebook):
    for cell in code_cells(notebook):
        kinds = {output.output_type for output in cell.outputs}
        if ("error" in kinds) != ("raises-exception" in tags(cell)):
            yield f"{cell.id}: an error is stored without its tag, or the tag without an error"


def no_stderr(notebook):
    for cell in code_cells(notebook):
        if any(output.get("name") == "stderr" for output in cell.outputs):
            yield f"{cell.id}: something stands on stderr"


def known_tags(notebook):
    for cell in notebook.cells:
        if unknown := set(tags(cell)) - TAGS:
            yield f"{cell.id}: unknown tags {unknown}"


def no_comment_steers_nbval(notebook):
    for cell in code_cells(notebook):
        if re.search(r"#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source):
            yield f"{cell.id}: a comment steers nbval"


def kernel_is_python3(notebook):
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the kernel is not python3"


def no_absolute_path(notebook):
    pattern = r"(?<![\w.:/<$\\])/[\w.-]+/[\w./-]+|\b[A-Z]:\\\w"
    for name, text in texts(notebook):
        if found := re.search(pattern, text):
            yield f"{name}: the path {found[0]}"


def no_address(notebook):
    for name, text in texts(notebook):
        if found := re.search(r"\b0x[0-9a-f]{6,}", text):
            yield f"{name}: the memory address {found[0]}"


def small(notebook):
    size = len(nbformat.writes(notebook).encode())
    if size > MAXIMUM_BYTES:
        yield f"{size} bytes, more than {MAXIMUM_BYTES}"


def uncompared_cells_are_checked(notebook):
    cells = code_cells(notebook)
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if "nbval-ignore-output" in tags(cell) and not (after and "checkpoint" in tags(after)):
            yield f"{cell.id}: the next code cell is no checkpoint"


def checkpoints_check(notebook):
    for cell in code_cells(notebook):
        calls = bool(re.search(r"^\s*checkpoint\(", cell.source, re.M))
        printed = any("✓ " in output.get("text", "") for output in cell.outputs)
        if "checkpoint" in tags(cell) and not (calls and printed):
            yield f"{cell.id}: tagged checkpoint, but checks nothing"
        if "checkpoint" in tags(cell) and "nbval-ignore-output" in tags(cell):
            yield f"{cell.id}: a checkpoint that is not compared"


def at_most_a_third_is_uncompared(notebook):
    cells = code_cells(notebook)
    uncompared = sum("nbval-ignore-output" in tags(cell) for cell in cells)
    if 3 * uncompared > len(cells):
        yield f"{uncompared} of {len(cells)} code cells are not compared"


def pictures_have_alt_text(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            for kind in output.get("data", {}):
                alt = output.metadata.get(kind, {}).get("alt", "")
                if kind.startswith("image/") and not alt.strip():
                    yield f"{cell.id}: a picture without alt text"


def figures_have_alt_text_and_a_file(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for alt, target in re.findall(r"!\[((?:\\.|[^]\\])*)\]\(([^)]*)\)", cell.source):
                if not alt.strip() or not any((part / target).exists() for part in PARTS):
                    yield f"{cell.id}: the figure {target} lacks alt text or its file"


def uses_the_four_functions(notebook):
    source = "\n".join(cell.source for cell in code_cells(notebook))
    tree = ast.parse(re.sub(r"^\s*[%!].*", "", source, flags=re.M))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "dl_lesson"
        for alias in node.names
    }
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    if missing := MISSION - (imported & called):
        yield f"not imported and called: {sorted(missing)}"


RULES = [
    executed_in_order,
    no_error,
    no_stderr,
    known_tags,
    no_comment_steers_nbval,
    kernel_is_python3,
    no_absolute_path,
    no_address,
    small,
    uncompared_cells_are_checked,
    checkpoints_check,
    at_most_a_third_is_uncompared,
    pictures_have_alt_text,
    figures_have_alt_text_and_a_file,
    uses_the_four_functions,
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_committed_notebook_keeps_the_rules(rule, path):
    assert list(rule(nbformat.read(path, as_version=4))) == []


def test_each_episode_has_a_notebook_and_each_notebook_an_episode():
    episodes = list(named_files(ROOT / "episodes", "[0-9][0-9]-*.md"))
    assert episodes and [path.stem for path in PATHS] == episodes


def output(kind="stream", **fields):
    return nbformat.v4.new_output(kind, **fields)


@pytest.fixture
def good():
    def cell(count, source, *outputs, tags=()):
        metadata = {"tags": list(tags)} if tags else {}
        return nbformat.v4.new_code_cell(
            source, outputs=list(outputs), execution_count=count, metadata=metadata
        )

    picture = output("display_data", data={"image/png": "iVBORw0KGgo="})
    picture.metadata = nbformat.from_dict({"image/png": {"alt": "A line."}})
    names = ", ".join(sorted(MISSION))
    calls = "\n".join(f"{name}(1)" for name in sorted(MISSION))
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title\n\nHigh/low and https://keras.io/api/ok/"),
            cell(1, f"from dl_lesson import checkpoint, {names}", tags=["provided"]),
            cell(2, calls, picture),
            cell(3, "print(1)", output(text="1\n"), tags=["nbval-ignore-output"]),
            cell(4, "checkpoint('1', 1, equals=1)", output(text="✓ 1\n"), tags=["checkpoint"]),
        ]
    )
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    return notebook


def change(index, **fields):
    def apply(notebook):
        notebook.cells[index].update(nbformat.from_dict(fields))

    return apply


def tagged(index, *names):
    return change(index, metadata={"tags": list(names)})


def printed(text, name="stdout"):
    return change(3, outputs=[output(text=text, name=name)])


def error():
    return output("error", ename="ValueError", evalue="", traceback=[])


def cells(*kept):
    def apply(notebook):
        notebook.cells = [notebook.cells[index] for index in kept]

    return apply


FAULTS = [
    (executed_in_order, change(2, execution_count=None)),
    (executed_in_order, change(2, execution_count=7)),
    (executed_in_order, cells(0)),
    (no_error, change(3, outputs=[error()])),
    (no_error, tagged(3, "raises-exception", "nbval-ignore-output")),
    (no_stderr, printed("careful", name="stderr")),
    (known_tags, tagged(3, "nbval-ignore-outputs")),
    (known_tags, tagged(0, "nbval-skip")),
    (no_comment_steers_nbval, change(3, source="# NBVAL_IGNORE_OUTPUT\nprint(1)")),
    (kernel_is_python3, lambda notebook: notebook.metadata.update(kernelspec={"name": "venv"})),
    (no_absolute_path, printed("saved to /home/someone/model.keras")),
    (no_absolute_path, printed("C:\\Users\\someone")),
    (no_absolute_path, change(0, source="See `/tmp/x/y`.")),
    (no_address, printed("<object at 0x7f11d2a0b5d0>")),
    (small, printed("x" * MAXIMUM_BYTES)),
    (uncompared_cells_are_checked, cells(0, 1, 2, 3)),
    (uncompared_cells_are_checked, tagged(4)),
    (checkpoints_check, change(4, source="print('✓ 1')")),
    (checkpoints_check, change(4, outputs=[])),
    (checkpoints_check, tagged(4, "checkpoint", "nbval-ignore-output")),
    (at_most_a_third_is_uncompared, cells(1, 3)),
    (
        pictures_have_alt_text,
        change(2, outputs=[output("display_data", data={"image/png": "iVBORw0KGgo="})]),
    ),
    (figures_have_alt_text_and_a_file, change(0, source="![](figures/x.svg)")),
    (figures_have_alt_text_and_a_file, change(0, source="![A line](figures/no-such.svg)")),
    (uses_the_four_functions, change(2, source="# create_nn(1)")),
    (uses_the_four_functions, change(1, source="from dl_lesson import checkpoint")),
]


def test_a_good_notebook_keeps_all_rules(good):
    assert [fault for rule in RULES for fault in rule(good)] == []


@pytest.mark.parametrize(("rule", "breaks"), FAULTS, ids=[rule.__name__ for rule, _ in FAULTS])
def test_a_broken_notebook_is_noticed(rule, breaks, good):
    broken = copy.deepcopy(good)
    breaks(broken)
    assert list(rule(broken)) != []


def test_each_rule_has_a_fault_that_tests_it():
    assert {rule for rule, _ in FAULTS} == set(RULES)


# The best there is at hand, see data/README.md; whoever has better ones changes it here.
BEST = {
    "penguins": "real",
    "weather": "real",
    "dollar_street": "rendered",
    "diamonds": "real",
    "pima_diabetes": "real",
    "california_housing": "simulated",
    "fashion": "real",
    "digits": "part",
    "cifar": "stand-in",
}


def test_the_committed_notebooks_show_the_best_data_there_are():
    shown = {}
    for path in PATHS:
        shown |= dict(nbformat.read(path, as_version=4).metadata.dl_lesson.data)
    assert {"penguins", "weather", "dollar_street"} <= set(shown)
    assert shown == {name: BEST[name] for name in shown}


# What sentences say of a result that is recorded too.
SAID = {
    "02-penguins-classification": {"neural network": "score:.2f"},
    "03-weather-regression": {
        "training mean": "mean_test:.2f",
        "persistence": "persistence_test:.2f",
        "ridge": "ridge_test:.2f",
        "neural network": "network_test:.2f",
    },
    "04-dollar-street-cnn": {
        "CNN": "first_score:.0%",
        "CNN with augmentation": "test_score:.0%",
    },
    "05-transfer-learning": {
        "CNN from scratch": "test_scratch:.0%",
        "frozen base, linear head": "test_frozen:.0%",
    },
}


@pytest.mark.parametrize("name", SAID)
def test_results_are_those_that_the_notebook_shows(name):
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    table = pd.read_csv(ROOT / "notebooks" / "results" / f"{name}.csv")
    shown = "".join(text for _, text in texts(notebook))
    assert f"Recorded {len(table)} results in results/{name}.csv" in shown
    assert table["model"].is_unique
    # Names and descriptions stand in the code that records them, in this order; guessing has no
    # model, and may stand anywhere.
    (recording,) = (c.source for c in code_cells(notebook) if "record_results(" in c.source)
    for column in ("model", "description", "test_set", "metric"):
        # A number in a description may be computed.
        pieces = {piece for text in table[column] for piece in re.split(r"\d\S*", text)}
        assert {piece for piece in pieces if piece not in recording} == set(), column
    places = [recording.find(f'"{model}"') for model in table["model"] if model != "chance"]
    assert places == sorted(places)
    score = table.set_index("model")["value"]
    for model, expression in SAID[name].items():
        said = notebook.metadata.dl_lesson["values"][expression]["value"]
        assert said == format(score[model], expression.partition(":")[2]), model


def test_each_table_of_results_is_looked_at():
    assert sorted(SAID) == [path.stem for path in sorted((ROOT / "notebooks/results").glob("*"))]


def test_the_outlook_shows_the_first_results():
    notebook = nbformat.read(ROOT / "notebooks" / "06-outlook.ipynb", as_version=4)
    (cell,) = (c for c in code_cells(notebook) if "= read_results()" in c.source)
    table = BeautifulSoup(cell.outputs[0].data["text/html"], "html.parser")
    names = [head.get_text() for head in table.thead.find_all("th")][1:]
    shown = [[field.get_text() for field in row.find_all("td")] for row in table.tbody("tr")]
    paths = sorted((ROOT / "notebooks" / "results").glob("*.csv"))
    results = pd.concat([pd.read_csv(path).assign(episode=path.stem) for path in paths])
    assert len(shown) == 5
    for row, expected in zip(shown, results[names].itertuples(index=False), strict=False):
        assert row == [f"{v:.4f}" if isinstance(v, float) else str(v) for v in expected]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_outputs_values_and_results_are_those_that_a_run_has_stored(path):
    assert altered(nbformat.read(path, as_version=4), results_beside(path)) == ""


def exchanged(first, second):
    def apply(notebook):
        a, b = notebook.cells[first], notebook.cells[second]
        a.outputs, b.outputs = b.outputs, a.outputs

    return apply


@pytest.mark.parametrize(
    "breaks",
    [
        printed("2\n"),
        change(2, outputs=[]),
        change(3, execution_count=7),
        change(4, source="checkpoint('1', 1, at_least=0)"),
        exchanged(2, 3),
        lambda notebook: notebook.metadata.dl_lesson["values"]["n"].update(value="39"),
        lambda notebook: notebook.metadata.dl_lesson.pop("digests"),
    ],
)
def test_what_no_run_has_stored_is_noticed(breaks, good):
    good.metadata.dl_lesson = {"values": {"n": {"after": [], "value": "30"}}}
    store_digests(good, "a,b\n")
    assert altered(good, "a,b\n") == ""
    assert altered(good, "a,c\n") != ""
    breaks(good)
    assert altered(good, "a,b\n") != ""
