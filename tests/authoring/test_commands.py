import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from fault_tools import folder_of_a_killed_process
from typer.testing import CliRunner

from dl_lesson.cli import app
from dl_lesson.course import lab, run


def command(*arguments):
    return CliRunner().invoke(app, arguments)


def tracked(project) -> dict[str, bytes]:
    files = [p for top in ("episodes", "notebooks") for p in (project.root / top).rglob("*")]
    return {str(path): path.read_bytes() for path in files if path.is_file()}


@pytest.mark.slow
def test_run_executes_copies_and_ends_with_a_table(built, edit):
    mine = built.build / "course" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
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
    shown = sorted(p.name for p in course.iterdir() if not p.name.startswith("."))
    assert shown == ["01-line.ipynb", "figures", "mine.txt", "results"]
    assert [p.name for p in course.glob(".*")] == [run.RECORD]
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


@pytest.mark.slow
def test_the_notebook_that_takes_longest_starts_first(built):
    notebook = nbformat.read(built.notebooks / "01-line.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.id.startswith("draw-a-line") and cell.cell_type == "code":
            cell.metadata.setdefault("dl_lesson", {})["seconds"] = 1
    nbformat.write(notebook, built.notebooks / "02-long.ipynb")
    (built.notebooks / "03-damaged.ipynb").write_text("{")
    result = command("run", "--jobs", "1")
    shown = result.stdout
    assert shown.index("02-long: cell 1 of") < shown.index("01-line: cell 1 of")
    # One that cannot be read hides none of the others.
    assert result.exit_code == 1 and "03-damaged.ipynb" in result.stderr
    assert "1 of 3 notebooks failed" in shown


@pytest.mark.slow
def test_run_replaces_its_own_files_and_renames_what_somebody_changed(built):
    folder = built.root / "somewhere"
    link = built.root / "link"
    link.symlink_to(folder, target_is_directory=True)
    arguments = ("run", "--folder", "link")
    folder.mkdir()
    result = command(*arguments)
    assert result.exit_code == 0 and "You changed" not in result.stdout
    path, figure = folder / "01-line.ipynb", folder / "figures" / "line.svg"
    executed = path.read_bytes()
    # Opening it in JupyterLab is no change.
    path.write_text(path.read_text().replace('"language": "python"', '"language": "Python"'))
    assert path.read_bytes() != executed
    assert "You changed" not in command(*arguments).stdout
    assert path.read_bytes() == executed and link.is_symlink()
    for number, name in enumerate(("01-line-changed.ipynb", "01-line-changed-2.ipynb")):
        changed = executed.replace(b"slope = 2", b"slope = 3%d" % number)
        path.write_bytes(changed)
        said = command(*arguments).stdout
        assert f"You changed link/01-line.ipynb: your version is now {name}." in said
        assert (folder / name).read_bytes() == changed and path.read_bytes() == executed
    figure.write_text("mine")
    command(*arguments)
    assert figure.with_name("line-changed.svg").read_text() == "mine"
    assert figure.read_text().startswith("<?xml")


@pytest.mark.parametrize("in_the_way", ["file", "dead link"])
def test_run_does_not_touch_what_is_no_folder(built, in_the_way):
    folder = built.root / "there"
    if in_the_way == "file":
        folder.write_text("mine")
    else:
        folder.symlink_to(built.root / "nowhere")
    result = command("run", "--folder", "there")
    assert result.exit_code == 1 and result.stderr.startswith("there is a file, or a link")
    assert result.stderr.count("\n") == 1
    assert folder.is_symlink() or folder.read_text() == "mine"


@pytest.mark.slow
def test_a_second_run_waits_for_nobody_and_spoils_nothing(built):
    folder = built.build / "course"
    folder.mkdir(parents=True)
    left = folder_of_a_killed_process(run.ASIDE, folder)
    (folder / run.BUSY).write_text(str(os.getpid()))
    (folder / "01-line.ipynb").write_text("of the first run")
    result = command("run")
    assert result.exit_code == 1
    assert result.stderr.startswith("Another run writes to _build/course; wait for it")
    assert result.stderr.count("\n") == 1
    assert (folder / "01-line.ipynb").read_text() == "of the first run" and left.is_dir()
    # The number of a process that has ended: that run was killed.
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (folder / run.BUSY).write_text(str(ended.pid))
    assert command("run").exit_code == 0
    assert not left.exists() and not (folder / run.BUSY).exists()


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


def test_starters_of_a_checkout_are_written_at_each_level(built):
    for level in ("everything", "key", "filled"):
        result = command("starters", level, "--level", level)
        assert result.stdout == f"1 starter notebooks written to {level}.\n", result.output
    typed = {
        level: [c.source for c in nbformat.read(Path(level, "01-line.ipynb"), 4).cells]
        for level in ("everything", "filled")
    }
    assert any("slope = 2" in source for source in typed["filled"])
    assert not any("slope = 2" in source for source in typed["everything"])


@pytest.mark.parametrize(
    ("words", "folder", "edition"), [([], "lab", "learner"), (["--solved"], "solved", "solved")]
)
def test_lab_in_a_checkout_makes_the_edition_afresh(built, monkeypatch, words, folder, edition):
    calls = []
    monkeypatch.setattr(lab, "open_lab", lambda *given: calls.append(given) or 0)
    old = built.build / "editions" / "old.txt"
    old.parent.mkdir(parents=True)
    old.write_text("of an earlier time")
    assert command("lab", *words).exit_code == 0
    assert calls == [(built.build / "editions" / edition, Path("_build", folder), [])]
    assert (calls[0][0] / "01-line.ipynb").is_file() and not old.exists()


def test_handout_of_a_checkout_is_written_to_the_folder_of_what_is_built(built):
    result = command("handout", "--day", "1", "--days", "1")
    assert result.stdout == "Written to _build/handouts/half-day-1-of-1.md.\n", result.output
    page = (built.build / "handouts" / "half-day-1-of-1.md").read_text(encoding="utf-8")
    assert "Add one to the slope." in page


def test_starters_leave_figures_of_somebody_else_alone(built):
    own = built.root / "class" / "figures" / "line.svg"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    result = command("starters", "class")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{Path('class/figures')} is there already; name an empty")
    assert own.read_text() == "mine" and list(own.parents[1].iterdir()) == [own.parent]


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
