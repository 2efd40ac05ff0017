"""The planted defects can still be planted, and what their tests say is understood."""

import importlib.util
import multiprocessing
import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def mutants():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks" / "mutants")
        path = ROOT / "benchmarks" / "mutants" / "__main__.py"
        specification = importlib.util.spec_from_file_location("planted", path)
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        yield module


def test_each_defect_changes_its_files_and_names_tests_that_exist(mutants, tmp_path):
    assert len(mutants.DEFECTS) >= 80
    assert {defect.kind for defect in mutants.DEFECTS} == {"helper", "data", "pipeline", "episode"}
    for defect in mutants.DEFECTS:
        for file in (*defect.files, *results_of(defect.files)):
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / file, tmp_path / file)
        defect.plant(tmp_path)
        same = [f for f in defect.files if (ROOT / f).read_bytes() == (tmp_path / f).read_bytes()]
        assert same == [], defect.what
        for test in defect.tests:
            file, _, name = test.partition("::")
            assert f"def {name.partition('[')[0]}" in (ROOT / file).read_text("utf-8"), test


def results_of(files):
    """Return the results beside notebooks, which their digests are made of, too."""
    tables = (Path("notebooks/results") / f"{Path(file).stem}.csv" for file in files)
    return [table.as_posix() for table in tables if (ROOT / table).exists()]


def test_words_that_choose_nothing_are_one_sentence(mutants, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["mutants", "plot_history", "elsewhere"])
    assert mutants.main() == 2
    assert capsys.readouterr().err == "No defect has all of these words: plot_history elsewhere.\n"


def test_a_defect_that_is_out_of_date_says_so(mutants, tmp_path):
    (tmp_path / "a.py").write_text("1 + 1\n1 + 1\n")
    table = importlib.import_module("table")
    for old in ("2 + 2", "1 + 1"):
        _, plant = table.replaced("a.py", old, "3")
        with pytest.raises(table.NotFoundError, match=r"stands [02] times in a\.py"):
            plant(tmp_path)


TESTS = """
import time

def test_good():
    pass

def test_bad():
    assert 1 == 2, "no"

def test_slow():
    time.sleep(600)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="make mutants needs sessions of processes")
@pytest.mark.parametrize(
    ("name", "verdict", "words"),
    [
        ("test_good", "survived", "1 passed"),
        ("test_bad", "killed", "FAILED test_x.py::test_bad - AssertionError: no"),
        ("test_slow", "too slow", ""),
        ("test_gone", "error", "not found"),
    ],
)
def test_what_tests_say_is_understood(mutants, tmp_path, name, verdict, words):
    (tmp_path / "test_x.py").write_text(TESTS)
    (tmp_path / "src").mkdir()
    processes = multiprocessing.get_context("forkserver")
    seconds = 3 if verdict == "too slow" else 100
    found, _, said = mutants._test(processes, tmp_path, [f"test_x.py::{name}"], seconds)
    assert found == verdict and words in said
