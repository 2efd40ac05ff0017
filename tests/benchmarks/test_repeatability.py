import importlib.util
import sys
from pathlib import Path

import nbformat
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


def test_a_notebook_that_is_not_there_is_one_sentence(monkeypatch, capsys):
    monkeypatch.chdir(PATH.parents[1])
    monkeypatch.setattr(sys, "argv", ["repeatability.py", "07-nothing"])
    assert repeatability.main() == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
