import os
import time

import nbformat
import pytest

from dl_lesson.course.execution import ExecutionError, execute, notebook_environment
from dl_lesson.course.files import write_atomically

pytestmark = pytest.mark.slow


def notebook(*sources, data=()):
    cells = [nbformat.v4.new_code_cell(s, id=f"cell-{i}") for i, s in enumerate(sources)]
    new = nbformat.v4.new_notebook(cells=cells)
    new.metadata.dl_lesson = {"episode": "x", "data": dict.fromkeys(data)}
    return new


def test_memory_progress_and_data_are_measured(tmp_path, monkeypatch):
    monkeypatch.delenv("DL_LESSON_DATA", raising=False)
    # ipykernel would not capture the output of libraries under pytest.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    seen = []
    result = execute(
        notebook(
            "import time; block = bytearray(300_000_000); time.sleep(1)",
            "import os; _ = os.write(2, b'noise of a library')",
            "import os; print(os.getcwd(), os.environ['DL_LESSON_PROGRESS'])",
            data=["penguins", "weather"],
        ),
        "x",
        tmp_path,
        notebook_environment(),
        on_cell=lambda *numbers: seen.append(numbers),
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert result.peak_memory > 300_000_000
    assert 1 < result.seconds < 60
    assert result.data == {"penguins": "real", "weather": "simulated"}
    assert result.notebook.cells[1].outputs == []
    assert result.notebook.cells[2].outputs[0].text == f"{tmp_path} off\n"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("while True: pass", "takes more than 2 seconds"),
        (
            "import os; os.write(2, b'out of paper'); os._exit(1)",
            r"kills its kernel, perhaps for want of memory \(out of paper\)",
        ),
    ],
)
def test_a_stuck_or_dead_kernel_names_the_cell(tmp_path, source, words):
    started = time.monotonic()
    with pytest.raises(ExecutionError, match=rf"x.ipynb, cell cell-1, {words}"):
        execute(notebook("1", source), "x", tmp_path, notebook_environment(), cell_seconds=2)
    assert time.monotonic() - started < 30


def test_a_missing_data_folder_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("DL_LESSON_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(ExecutionError, match="DL_LESSON_DATA") as caught:
        execute(notebook("1", data=["weather"]), "x", tmp_path, notebook_environment())
    assert "\n" not in str(caught.value) and "DataError" not in str(caught.value)


def test_a_kernel_that_does_not_start(tmp_path):
    before = tmp_path / "before"
    before.mkdir()
    (before / "ipykernel_launcher.py").write_text("raise SystemExit('no kernel today')")
    environment = notebook_environment()
    path = [str(before), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    with pytest.raises(ExecutionError) as caught:
        execute(notebook("1"), "x", tmp_path, environment)
    assert str(caught.value) == (
        "x.ipynb was not executed. Its kernel did not start (no kernel today); run: dl-lesson check"
    )


def test_tests_pin_the_bundled_data_and_runs_may_use_fetched_data(monkeypatch):
    monkeypatch.delenv("DL_LESSON_BUNDLED_ONLY", raising=False)
    assert notebook_environment()["DL_LESSON_BUNDLED_ONLY"] == "1"
    assert "DL_LESSON_BUNDLED_ONLY" not in notebook_environment(fetched=True)
    monkeypatch.setenv("DL_LESSON_BUNDLED_ONLY", "1")
    assert notebook_environment(fetched=True)["DL_LESSON_BUNDLED_ONLY"] == "1"


def test_relative_python_paths_hold_in_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "src")
    assert notebook_environment()["PYTHONPATH"] == str(tmp_path.resolve() / "src")


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "new \udcff")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"] and path.read_text() == "old"


def test_what_a_kernel_sends_in_parts_is_stored_as_one(tmp_path):
    source = (
        "import sys, time\n"
        "for word in ('one', 'two'):\n"
        "    print(word, flush=True); time.sleep(0.5)\n"
        "sys.stderr.write('careful'); sys.stderr.flush(); time.sleep(0.5)\n"
        "print('three')"
    )
    result = execute(notebook(source), "x", tmp_path, notebook_environment())
    outputs = [(output.name, output.text) for output in result.notebook.cells[0].outputs]
    assert outputs == [("stdout", "one\ntwo\n"), ("stderr", "careful"), ("stdout", "three\n")]
