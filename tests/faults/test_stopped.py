"""A command that is stopped in the middle leaves nothing half-written, and no process."""

import signal
from pathlib import Path

import pytest
from fault_tools import Command, digest, dl_lesson

pytestmark = pytest.mark.slow
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]
FIRST_LINE = "from dl_lesson import checkpoint"
# Says that it runs, then takes longer than any test has patience for.
WAITS = "open(r'{flag}', 'w').close(); import time; time.sleep(300)"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def stopped_in_a_cell(project, tmp_path, temporary):
    """Stop a command when a cell of the file runs; then let the command do its work."""

    def stop(path: Path, number: int, *arguments: str) -> None:
        flag = tmp_path / "flag"
        waits = WAITS.format(flag=flag)
        edit(path, FIRST_LINE, waits)
        before = digest(project)
        running = Command(project, "dl_lesson", *arguments)
        running.wait_for(flag.exists)
        # Otherwise the end of them would prove nothing.
        assert running.has_started("ipykernel_launcher")
        ended = running.end(number)
        if number == signal.SIGKILL:
            assert ended.status == -number
            kept = {name: sign for name, sign in digest(project).items() if name in before}
            assert kept == before
        else:
            ended.says("Stopped; nothing half-written is left. Repeat", status=128 + number)
            assert digest(project) == before
            assert list(temporary.iterdir()) == []
        edit(path, waits, FIRST_LINE)
        dl_lesson(project, *arguments).is_well()
        # What the killed one could not delete, the next has.
        assert list(temporary.iterdir()) == []

    return stop


@pytest.mark.parametrize("number", SIGNALS)
def test_run(project, stopped_in_a_cell, number):
    course = project / "_build" / "course"
    course.mkdir(parents=True)
    (course / "mine.txt").write_text("mine")
    stopped_in_a_cell(project / "notebooks" / "01-lines.ipynb", number, "run")
    names = sorted(path.name for path in course.iterdir())
    assert names == [".dl-lesson-run.json", "01-lines.ipynb", "figures", "mine.txt"]


@pytest.mark.parametrize("number", SIGNALS)
def test_build(project, stopped_in_a_cell, number):
    notebook = project / "notebooks" / "01-lines.ipynb"
    before = notebook.read_bytes()
    stopped_in_a_cell(project / "episodes" / "01-lines.md", number, "build", "01-lines")
    assert b"The slope is 2." in notebook.read_bytes() and len(notebook.read_bytes()) > 0
    assert sorted(digest(project / "notebooks")) == [
        "01-lines.ipynb",
        "figures",
        "figures/line.svg",
    ]
    assert before.count(b"outputs") == notebook.read_bytes().count(b"outputs")


def test_site(project, temporary):
    site = project / "_build" / "site"
    site.mkdir(parents=True)
    (site / "index.html").write_text("before")
    before = digest(project)
    for number in SIGNALS:
        running = Command(project, "dl_lesson", "site")
        running.wait_for(lambda running=running: running.has_started("sphinx"))
        ended = running.end(number)
        if number == signal.SIGKILL:
            assert (site / "index.html").read_text() == "before"
        else:
            ended.says("Stopped; nothing half-written is left. Repeat", status=128 + number)
            assert digest(project) == before
            assert list(temporary.iterdir()) == []
    dl_lesson(project, "site").is_well()
    assert [path.name for path in (project / "_build").iterdir()] == ["site"]
    assert "Lines" in (site / "index.html").read_text(encoding="utf-8")
    assert list(temporary.iterdir()) == []


def test_lab(project, tmp_path):
    work = tmp_path / "work"
    options = ("--no-browser", "--allow-root", "--port=0")
    running = Command(project, "dl_lesson", "lab", str(work), "--", *options)
    running.wait_for(lambda: running.has_started("jupyterlab"))
    # A closed terminal, or the end of a lesson on a server. JupyterLab writes lines of its own.
    ended = running.end(signal.SIGTERM)
    assert ended.status == 128 + signal.SIGTERM and "Traceback" not in ended.err
    assert (work / "01-lines.ipynb").is_file()
