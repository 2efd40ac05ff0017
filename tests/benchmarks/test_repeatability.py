import importlib.util
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "repeatability.py"
spec = importlib.util.spec_from_file_location("benchmark_repeatability", PATH)
repeatability = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(repeatability)

# What each cell depends on: nothing, the time zone, the folder, and as a claim, the threads.
CELLS = {
    "nothing": ("1 + 1", []),
    "zone": ("import time; print(time.timezone)", []),
    "folder": ("import pathlib; pathlib.Path().resolve().name", []),
    "loose": ("import pathlib; print(pathlib.Path().resolve())", ["nbval-ignore-output"]),
    "threads": (
        "import os\nfrom dl_lesson import checkpoint\n"
        "checkpoint('There are 2 threads', int(os.environ['TF_NUM_INTRAOP_THREADS']), equals=2)",
        ["checkpoint"],
    ),
}


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """A notebook that was executed as the tests would do it."""
    cells = [
        nbformat.v4.new_code_cell(source, id=name, metadata={"tags": tags})
        for name, (source, tags) in CELLS.items()
    ]
    new = nbformat.v4.new_notebook(cells=cells, metadata={"dl_lesson": {"data": {}, "values": {}}})
    folder = tmp_path_factory.mktemp("committed") / "work"
    folder.mkdir()
    environment = repeatability.notebook_environment() | {"TZ": "UTC"}
    done = repeatability.execute(new, "small", folder, environment)
    nbformat.write(done.notebook, folder / "small.ipynb")
    return folder / "small.ipynb"


@pytest.mark.parametrize(
    ("condition", "held", "others"),
    [
        ("the same again", 1, []),
        ("without oneDNN", 1, []),
        ("instructions of an old processor", 1, []),
        ("1 thread", 0, []),
        ("4 threads", 0, []),
        ("other language and time zone", 1, ["zone"]),
        ("folder with other signs", 1, ["folder"]),
    ],
)
def test_what_depends_on_a_condition_is_named(notebook, monkeypatch, condition, held, others):
    monkeypatch.setenv("TZ", "UTC")
    (chosen,) = (c for c in repeatability.CONDITIONS if c.name == condition)
    outcome = repeatability.run(notebook, chosen)
    assert (outcome.held, outcome.claims, outcome.others) == (held, 1, others)
    assert outcome.is_same == (held == 1 and not others)


def test_a_notebook_that_stops_holds_no_claim(notebook, tmp_path):
    broken = nbformat.read(notebook, as_version=4)
    broken.cells[0].source = "1 / 0"
    nbformat.write(broken, tmp_path / "broken.ipynb")
    outcome = repeatability.run(tmp_path / "broken.ipynb", repeatability.Condition("any"))
    assert (outcome.held, outcome.claims, outcome.is_same) == (0, 1, False)
    assert "ZeroDivisionError" in str(outcome)


def test_a_notebook_that_is_not_there_is_one_sentence(monkeypatch, capsys):
    monkeypatch.chdir(PATH.parents[1])
    monkeypatch.setattr(sys, "argv", ["repeatability.py", "07-nothing"])
    assert repeatability.main() == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_no_run_at_all_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["repeatability.py", "--runs", "0"])
    with pytest.raises(SystemExit, match="2"):
        repeatability.main()
    assert "one run or more" in capsys.readouterr().err


@pytest.fixture
def runs(notebook, tmp_path, monkeypatch):
    """Pretend runs of a notebook, of which the second is another."""
    outcomes = iter([repeatability.Outcome(2, 2, []), repeatability.Outcome(1, 2, ["zone"])] * 2)
    monkeypatch.setattr(repeatability, "run", lambda path, condition: next(outcomes))
    monkeypatch.setattr(repeatability, "RECORD", tmp_path / "kept.csv")
    (tmp_path / "episodes").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01-small.ipynb").write_bytes(notebook.read_bytes())
    monkeypatch.chdir(tmp_path)
    arguments = ["repeatability.py", "--conditions", "1 thread", "--runs", "2"]
    monkeypatch.setattr(sys, "argv", arguments)
    return tmp_path / "kept.csv"


def test_of_several_runs_the_worst_is_kept_and_printed(runs, capsys):
    assert repeatability.main() == 1
    (row,) = pd.read_csv(runs).to_dict("records")
    assert row.pop("date")
    assert row == {
        "notebook": "01-small",
        "condition": "1 thread",
        "runs": 2,
        "claims": 2,
        "fewest_claims_held": 1,
        "cells_with_other_output": "zone",
    }
    printed = capsys.readouterr().out
    assert "1 of 2 (2); other output: zone" in printed
    assert "not tried" in printed


def test_new_runs_replace_only_those_of_the_same_notebook_and_condition(runs):
    again = repeatability.Condition("the same again")
    repeatability.record(runs, "01-small", again, [repeatability.Outcome(2, 2, [])])
    repeatability.main()
    repeatability.main()
    assert pd.read_csv(runs)["condition"].tolist() == ["1 thread", "the same again"]


def test_the_kept_table_is_of_conditions_and_notebooks_that_there_are():
    kept = pd.read_csv(PATH.with_suffix(".csv"), keep_default_na=False)
    assert set(kept["condition"]) == {condition.name for condition in repeatability.CONDITIONS}
    notebooks = repeatability.named_files(PATH.parents[1] / "notebooks", "*.ipynb")
    assert set(kept["notebook"]) <= set(notebooks)
    assert not kept.duplicated(["notebook", "condition"]).any()
