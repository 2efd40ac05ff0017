"""Re-execute each committed notebook with nbval and compare what it shows and what it records."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from dl_lesson.course.execution import notebook_environment
from dl_lesson.course.files import named_files

PATHS = list(named_files(Path(__file__).parents[2] / "notebooks", "*.ipynb").values())


def nbval(notebook: Path, *options: str) -> subprocess.CompletedProcess:
    environment = notebook_environment()
    environment.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "dl_lesson.authoring.execution.nbval_plugin"),
            *("-p", "no:cacheprovider", "--color=no", "-q", "--rootdir", notebook.parent),
            *("--nbval", "--nbval-current-env", "--nbval-cell-timeout=300", *options, notebook),
        ],
        cwd=notebook.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def named(path):
    """Name a notebook with its data sets, so that a run can select those that use one of them."""
    data = nbformat.read(path, as_version=4).metadata.dl_lesson.data
    return "-".join([path.stem, *data])


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_a_committed_notebook_gives_its_outputs_again(path, tmp_path):
    copy = tmp_path / "notebooks"
    unwanted = shutil.ignore_patterns("saved_models", "logs", ".*")
    shutil.copytree(path.parent, copy, ignore=unwanted)
    recorded, committed = (
        folder / "results" / f"{path.stem}.csv" for folder in (copy, path.parent)
    )
    recorded.unlink(missing_ok=True)
    result = nbval(copy / path.name)
    assert result.returncode == 0, result.stdout + result.stderr
    assert recorded.exists() == committed.exists()
    if committed.exists():
        assert differences(pd.read_csv(recorded), pd.read_csv(committed)) == []


# How far a score may be from the committed one. Those of networks move with the processor: lesson 5
# asserts that its accuracies move by at most 0.08, lesson 3 that two errors differ by less than
# 0.25 hours. A forest moves with the version of scikit-learn.
MOVES = {"accuracy": 0.1, "RMSE (h)": 0.25}
# Whatever has no random numbers comes out again, up to the rounding of its four decimals.
REPEATABLE = {
    "always Adelie",
    "logistic regression",
    "5 neighbours",
    "training mean",
    "persistence",
    "mean of 7 days",
    "ridge",
    "chance",
}


def differences(recorded, committed):
    """Say in what two tables of results differ more than machines do."""
    same_data = recorded["data_source"].equals(committed["data_source"])
    left_out = ["value"] if same_data else ["value", "data_source", "n_test"]
    names = [table.drop(columns=left_out) for table in (recorded, committed)]
    if not names[0].equals(names[1]):
        return [f"other rows: {names[0].to_dict('list')}, not {names[1].to_dict('list')}"]
    if not same_data:
        # On other data only the checkpoints say what the scores must be.
        return []
    return [
        f"{new.model}: {new.value}, not {old.value}"
        for new, old in zip(recorded.itertuples(), committed.itertuples(), strict=True)
        if abs(new.value - old.value) > (0.0002 if new.model in REPEATABLE else MOVES[new.metric])
    ]


RESULTS = [
    {
        "data_set": "penguins",
        "data_source": "real",
        "test_set": "one in five",
        "n_test": 69,
        "model": model,
        "description": "as it is",
        "metric": "accuracy",
        "value": value,
    }
    for model, value in (("neural network", 0.9565), ("logistic regression", 0.971))
]


@pytest.mark.parametrize(
    ("row", "changed", "n_faults"),
    [
        (0, {}, 0),
        (0, {"value": 0.9}, 0),
        (0, {"value": 0.84}, 1),
        (1, {"value": 0.9}, 1),
        (1, {"model": "neural network"}, 1),
        (1, {"n_test": 96}, 1),
        (0, {"description": "otherwise"}, 1),
    ],
)
def test_a_result_that_was_changed_is_found(row, changed, n_faults):
    rows = [dict(result) for result in RESULTS]
    rows[row] |= changed
    assert len(differences(pd.DataFrame(rows), pd.DataFrame(RESULTS))) == n_faults


def test_on_other_data_only_the_names_are_compared():
    rows = [result | {"data_source": "simulated", "value": 0.1} for result in RESULTS]
    assert differences(pd.DataFrame(rows), pd.DataFrame(RESULTS)) == []
    assert differences(pd.DataFrame(rows[::-1]), pd.DataFrame(RESULTS)) != []


# Source, tags, stored output, and whether nbval must find a fault.
CELLS = [
    ("from dl_lesson import checkpoint", [], "", False),
    ("print('same')", [], "same\n", False),
    ("print('new')", [], "old\n", True),
    ("print('new')", ["nbval-ignore-output"], "old\n", False),
    ("print('new')", ["data-output"], "old\n", False),
    ("checkpoint('1 is 1', 1, equals=1)", ["checkpoint"], "✓ 1 is 1\n", False),
    ("checkpoint('1 is 2', 1, equals=2)", ["checkpoint"], "✓ 1 is 2\n", True),
    ("import sys; print('careful', file=sys.stderr)", [], "", True),
    ("1 / 0", ["raises-exception", "nbval-ignore-output"], "", False),
]


@pytest.fixture
def notebook():
    cells = []
    for count, (source, tags, text, _) in enumerate(CELLS, start=1):
        outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
        cells.append(
            nbformat.v4.new_code_cell(
                source, metadata={"tags": tags}, outputs=outputs, execution_count=count
            )
        )
    new = nbformat.v4.new_notebook(cells=cells)
    # Recorded on real data, while the tests use bundled data, which are simulated.
    new.metadata.dl_lesson = {"episode": "x", "data": {"weather": "real"}}
    return new


def failed_cells(notebook, path, monkeypatch) -> tuple[set[int], str]:
    monkeypatch.delenv("DL_LESSON_DATA", raising=False)
    nbformat.write(notebook, path)
    result = nbval(path, "-rf")
    return {int(n) for n in re.findall(r"^FAILED .*Cell (\d+)", result.stdout, re.M)}, result.stdout


def test_nbval_finds_each_fault_and_no_other(notebook, tmp_path, monkeypatch):
    expected = {number for number, cell in enumerate(CELLS) if cell[-1]}
    failed, report = failed_cells(notebook, tmp_path / "x.ipynb", monkeypatch)
    assert failed == expected, report
    assert "old" in report and "new" in report and "CheckpointError" in report


def test_data_cells_are_compared_on_the_recorded_data(notebook, tmp_path, monkeypatch):
    notebook.metadata.dl_lesson["data"] = {"weather": "simulated"}
    notebook.cells = [cell for cell in notebook.cells if "data-output" in cell.metadata.tags]
    failed, report = failed_cells(notebook, tmp_path / "x.ipynb", monkeypatch)
    assert failed == {0}, report
