import json
import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from dl_lesson.course.environment import (
    execution_environment,
    foreign_keras_settings,
    without_settings,
)

SUMMARY = """
from rich.console import Console
from rich.table import Table

table = Table("a", "b")
table.add_row("1 " * 50, "[bold]2[/bold] " * 50)
print(Console().width)
Console().print(table)
"""


def shown():
    environment = execution_environment()
    command = [sys.executable, "-c", SUMMARY]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


@pytest.mark.parametrize(
    ("name", "value"), [("COLUMNS", "47"), ("NO_COLOR", "1"), ("FORCE_COLOR", "1")]
)
def test_settings_of_a_shell_do_not_change_what_notebooks_show(monkeypatch, name, value):
    for setting in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(setting, raising=False)
    usual = shown()
    monkeypatch.setenv(name, value)
    assert shown() == usual


def test_data_are_those_that_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("DL_LESSON_DATA", "elsewhere")
    assert "DL_LESSON_DATA" not in execution_environment()
    assert execution_environment(tmp_path)["DL_LESSON_DATA"] == str(tmp_path)
    assert execution_environment()["DL_LESSON_BUNDLED_ONLY"] == "1"


def test_threads_are_pinned(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    environment = execution_environment()
    names = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
    assert {environment[name] for name in names} == {"2"}
    assert environment["OMP_NUM_THREADS"] == environment["OPENBLAS_NUM_THREADS"] == "1"


def test_order_of_sets_and_words_of_libraries_are_pinned(monkeypatch):
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    monkeypatch.setenv("DL_LESSON_CHECKPOINTS", "calm")
    environment = execution_environment()
    pinned = {
        "PYTHONHASHSEED": "0",
        "DL_LESSON_CHECKPOINTS": "strict",
        "DL_LESSON_PROGRESS": "off",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "1",
    }
    assert {name: environment[name] for name in pinned} == pinned
    code = "print(hash('penguin'))"
    command = [sys.executable, "-c", code]
    hashes = {
        subprocess.run(command, env=environment, capture_output=True, check=True).stdout
        for _ in range(2)
    }
    assert len(hashes) == 1


def printed(environment, *sources):
    """Execute cells in a kernel, and return the text of all outputs."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120).execute(env=environment)
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    return "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in outputs)


@pytest.mark.slow
def test_settings_of_a_user_do_not_reach_a_kernel_of_the_lesson(monkeypatch, tmp_path):
    for place, text in {
        "ipython/profile_default/ipython_config.py": (
            "get_config().InteractiveShell.ast_node_interactivity = 'all'"
        ),
        "ipython/profile_default/startup/mine.py": "mine = 'started'",
        "start.py": "mine = 'started'",
        "matplotlib/matplotlibrc": "lines.linewidth: 7",
        "keras/keras.json": json.dumps({"image_data_format": "channels_first"}),
    }.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "start.py"))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("KERAS_MAX_EPOCHS", "1")
    for name in ("KERAS_BACKEND", "MATPLOTLIBRC"):
        monkeypatch.delenv(name, raising=False)
    cells = (
        "1\n2",
        "import os, matplotlib; globals().get('mine'), matplotlib.rcParams['lines.linewidth']",
        "import keras; keras.config.image_data_format(), os.environ.get('KERAS_MAX_EPOCHS')",
    )
    assert printed(execution_environment(), *cells) == "2(None, 1.5)('channels_last', None)"
    # The same cells do see the settings where nothing is done about them.
    mine = printed(dict(os.environ), *cells)
    assert mine == "12('started', 7.0)('channels_first', '1')"


@pytest.mark.parametrize(
    ("written", "variable", "says"),
    [
        ({}, None, None),
        ({"backend": "tensorflow", "floatx": "float32"}, "tensorflow", None),
        ([], None, None),
        ("{", None, None),
        ({"image_data_format": "channels_first"}, None, 'image_data_format is "channels_first" in'),
        ({"floatx": "float16"}, None, 'floatx is "float16" in'),
        ({"backend": "jax"}, None, 'backend is "jax" in'),
        ({"backend": "jax"}, "tensorflow", None),
        ({}, "torch", "KERAS_BACKEND is torch, "),
    ],
)
def test_settings_that_the_lesson_cannot_work_with(monkeypatch, tmp_path, written, variable, says):
    text = written if isinstance(written, str) else json.dumps(written)
    (tmp_path / "keras.json").write_text(text)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    if variable:
        monkeypatch.setenv("KERAS_BACKEND", variable)
    problems = foreign_keras_settings()
    if says is None:
        assert problems == []
    else:
        (problem,) = problems
        assert problem.startswith(says)
        assert variable or str(tmp_path / "keras.json") in problem
    for name, value in without_settings().items():
        monkeypatch.setenv(name, value)
    assert foreign_keras_settings() == []


@pytest.mark.slow
def test_a_learners_notebook_says_so_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert printed(dict(os.environ, KERAS_BACKEND="tensorflow"), "import dl_lesson") == ""
    line = printed(dict(os.environ, KERAS_BACKEND="torch"), "import dl_lesson")
    assert line == (
        "Careful: KERAS_BACKEND is torch, the lesson needs another value; unset this variable. "
        "Then restart the kernel.\n"
    )
