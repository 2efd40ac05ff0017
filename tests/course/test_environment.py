import subprocess
import sys

import pytest

from dl_lesson.course.environment import execution_environment

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
