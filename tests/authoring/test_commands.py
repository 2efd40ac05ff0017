import re
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest
from typer.testing import CliRunner

from dl_lesson.cli import app


def command(*arguments):
    return CliRunner().invoke(app, arguments)


def tracked(project) -> dict[str, bytes]:
    files = [p for top in ("episodes", "notebooks") for p in (project.root / top).rglob("*")]
    return {str(path): path.read_bytes() for path in files if path.is_file()}


@pytest.mark.slow
def test_run_executes_copies_and_ends_with_a_table(built, edit):
    (built.build / "course").mkdir(parents=True)
    (built.build / "course" / "old.txt").write_text("old")
    (built.notebooks / "results").mkdir()
    (built.notebooks / "results" / "01-line.csv").write_text("model\n")
    broken = built.notebooks / "00-broken.ipynb"
    shutil.copyfile(built.notebooks / "01-line.ipynb", broken)
    edit("slope = 2", "slope = missing", "notebooks/00-broken.ipynb")
    before = tracked(built)
    result = command("run")
    assert result.exit_code == 1
    assert tracked(built) == before
    course = built.build / "course"
    assert sorted(p.name for p in course.iterdir()) == ["01-line.ipynb", "figures", "results"]
    assert (course / "results" / "01-line.csv").read_text() == "model\n"
    executed = nbformat.read(course / "01-line.ipynb", as_version=4)
    assert executed.cells[-2].outputs[0].text == "✓ The sum is 3.\n"
    table = dict(
        re.split(r"\s{2,}", line.strip(), maxsplit=1)
        for line in result.stdout.split("\n")
        if re.match(r" *\d\d-\w+  ", line)
    )
    cells, claims, seconds, memory, data = re.split(r"\s{2,}", table["01-line"].strip())
    assert (cells, claims, data) == ("5", "1 of 1", "none")
    assert float(seconds) < 60 and memory.endswith(" MB")
    assert table["00-broken"].startswith("failed")
    assert "01-line: cell 5 of 5" in result.stdout
    assert "Next: dl-lesson check" in result.stdout
    assert result.stderr == (
        "00-broken.ipynb, cell draw-a-line-04, raises NameError: name 'missing' is not defined\n"
    )


def test_run_names_a_file_that_is_no_notebook(built):
    (built.notebooks / "01-line.ipynb").write_text("<html>")
    result = command("run")
    assert result.exit_code == 1
    assert "01-line.ipynb is not a notebook; run: dl-lesson build 01-line" in result.stderr


def test_run_without_notebooks(project):
    result = command("run")
    assert result.exit_code == 1 and result.stderr == "There is no notebook in this project.\n"


@pytest.mark.parametrize("name", ["build", "site"])
def test_a_folder_that_is_no_project(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = command(name)
    assert result.exit_code == 1
    assert "is not a project of this lesson" in result.stderr
    assert result.stderr.count("\n") == 1 and list(tmp_path.iterdir()) == []


def test_build_check_by_command(built, edit):
    assert command("build", "--check").exit_code == 0
    edit("This is a new cell.", "This is a newer cell.")
    result = command("build", "--check")
    assert result.exit_code == 1 and "run: dl-lesson build 01-line\n" in result.stderr
    assert command("build", "--check", "01-line").exit_code == 2


def test_an_error_of_the_system_is_one_sentence(built):
    (built.root / "file").write_text("")
    result = command("starters", "file")
    assert result.exit_code == 1 and result.stderr.count("\n") == 1
    assert "Traceback" not in result.output and "file" in result.stderr


def test_help_imports_nothing_that_is_slow():
    code = (
        "import sys; from typer.testing import CliRunner; from dl_lesson.cli import app; "
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0; print(*sys.modules)"
    )
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout
    slow = {"tensorflow", "keras", "pandas", "numpy", "nbformat", "nbclient", "markdown_it", "rich"}
    assert slow.isdisjoint(output.decode().split())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT goes to a whole console there")
def test_an_interrupted_run_ends_at_once_and_leaves_no_kernel(built, edit):
    started = built.root / "started.txt"
    edit(
        "slope = 2",
        f"import os, pathlib, time; pathlib.Path({str(started)!r}).write_text(str(os.getpid())); "
        "time.sleep(60)",
        "notebooks/01-line.ipynb",
    )
    shutil.copyfile(built.notebooks / "01-line.ipynb", built.notebooks / "02-line.ipynb")
    command = [sys.executable, "-m", "dl_lesson", "run"]
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Tests that run in the background ignore SIGINT, and the command would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not started.exists() or not started.read_text():
        assert running.poll() is None
        time.sleep(0.1)
    kernel = psutil.Process(int(started.read_text()))
    running.send_signal(signal.SIGINT)
    _, stderr = running.communicate(timeout=20)
    assert running.returncode != 0
    assert "Traceback" not in stderr and "Task was destroyed" not in stderr, stderr
    psutil.wait_procs([kernel], timeout=5)
    assert not kernel.is_running()
