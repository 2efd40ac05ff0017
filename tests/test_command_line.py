"""What each command hands on, and what it says when it is done or cannot be."""

import errno
import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dl_lesson.authoring import stick
from dl_lesson.authoring.website import site
from dl_lesson.cli import app
from dl_lesson.course import lab, run


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Run a command in an empty folder of a machine with the wheel."""
    editions = tmp_path / "wheel"
    handouts = editions / "handouts"
    handouts.mkdir(parents=True)
    for name in (
        "half-day-1-of-2",
        "half-day-2-of-2",
        "half-day-1-of-4",
        "half-day-1-of-2-solutions",
    ):
        (handouts / f"{name}.md").write_text(f"# {name}\n", encoding="utf-8")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr("dl_lesson.course.files.bundled_editions", lambda: editions)
    return lambda *words: CliRunner().invoke(app, words)


@pytest.fixture
def checkout(command):
    """The same in a folder that looks like a checkout."""
    Path("episodes").mkdir()
    return command


@pytest.mark.parametrize(
    ("words", "folder", "names", "options"),
    [
        ([], "dl-lesson-run", (), {"further": False, "jobs": None}),
        (["--further", "--jobs", "2"], "dl-lesson-run-further", (), {"further": True, "jobs": 2}),
        (["01-line", "--folder", "mine"], "mine", ["01-line"], {"further": False, "jobs": None}),
    ],
)
def test_run_without_a_checkout(command, monkeypatch, words, folder, names, options):
    calls = []
    monkeypatch.setattr("dl_lesson.course.files.executed_notebooks", lambda: Path("solved"))
    monkeypatch.setattr(run, "run_course", lambda *a, **o: calls.append((*a, o)) or [])
    assert command("run", *words).exit_code == 0
    assert calls == [(Path("solved"), Path(folder), names, options)]


@pytest.mark.parametrize(("words", "folder"), [([], "course"), (["--further"], "further")])
def test_run_in_a_checkout(checkout, monkeypatch, words, folder):
    calls = []
    monkeypatch.setattr(run, "run_course", lambda *a, **_: calls.append(a) or [])
    assert checkout("run", *words).exit_code == 0
    assert calls == [(Path.cwd() / "notebooks", Path("_build", folder), ())]


def test_the_exit_status_of_jupyterlab_is_that_of_the_command(command, monkeypatch):
    monkeypatch.setattr(lab, "open_lab", lambda *_: 5)
    assert command("lab").exit_code == 5


def test_an_error_without_a_file_is_one_sentence(command, monkeypatch):
    def open_lab(*_):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr(lab, "open_lab", open_lab)
    result = command("lab")
    assert result.exit_code == 1
    assert result.stderr.startswith("Too many files are open at once; ")
    assert len(result.stderr.splitlines()) == 1


def test_a_handout_of_the_wheel_is_copied(command):
    assert command("handout", "--day", "2", "--days", "2").stdout == (
        "Written to half-day-2-of-2.md.\n"
    )
    assert Path("half-day-2-of-2.md").read_text() == "# half-day-2-of-2\n"
    command("handout", "--day", "1", "--days", "2", "--with-solutions")
    assert Path("half-day-1-of-2-solutions.md").is_file()


def test_a_handout_that_a_teacher_has_changed_gets_another_name(command):
    page = Path("half-day-1-of-2.md")
    first = command("handout", "--day", "1", "--days", "2").stdout
    assert first == command("handout", "--day", "1", "--days", "2").stdout
    page.write_text("mine")
    assert command("handout", "--day", "1", "--days", "2").stdout == (
        f"You changed {page}: your version is now half-day-1-of-2-changed.md.\n{first}"
    )
    assert page.read_text() == "# half-day-1-of-2\n"
    assert Path("half-day-1-of-2-changed.md").read_text() == "mine"


def test_a_half_day_that_no_workshop_has(command):
    result = command("handout", "--day", "3", "--days", "2")
    assert result.exit_code == 1
    assert result.stderr == (
        "There is no half day 3 of 2; a workshop has 2 or 4 half days, counted from 1.\n"
    )
    assert list(Path.cwd().iterdir()) == []


def test_site_says_where_it_lies(checkout, monkeypatch):
    monkeypatch.setattr(site, "build_site", lambda project: project.build / "site/index.html")
    said = checkout("site").stdout
    assert (
        said
        == f"The website lies in {Path.cwd() / '_build/site/index.html'}; open it with a browser.\n"
    )


@pytest.mark.parametrize(
    ("words", "systems", "pythons"),
    [
        ([], ["linux", "macos", "windows"], ["3.13"]),
        (
            ["--system", "macos", "--python", "3.11", "--python", "3.12"],
            ["macos"],
            ["3.11", "3.12"],
        ),
    ],
)
def test_stick_takes_all_systems_by_default(checkout, monkeypatch, words, systems, pythons):
    calls = []
    monkeypatch.setattr(stick, "write_stick", lambda *given: calls.append(given[1:]))
    said = checkout("stick", "media", *words).stdout
    ((folder, given_systems, given_pythons),) = calls
    assert (folder, sorted(given_systems), given_pythons) == (Path("media"), systems, pythons)
    assert said == f"Written to media; {Path('media/README.txt')} says how to install from it.\n"


LITTLE_MEMORY = (
    "A program may use 0.2 GB of memory here, a notebook needs 2 GB; raise the limit "
    "(`ulimit -v unlimited`), then try again.\n"
)


@pytest.mark.parametrize("words", [["run"], ["lab"], ["build"]], ids=" ".join)
def test_what_starts_kernels_looks_first_at_how_much_memory_there_may_be(
    checkout, monkeypatch, words
):
    monkeypatch.setattr("dl_lesson.course.files.allowed", lambda limit: 0.2e9)
    # What is imported after that can end the process.
    for module in ("course.run", "course.lab", "authoring.execution"):
        monkeypatch.setitem(sys.modules, f"dl_lesson.{module}", None)
    result = checkout(*words)
    assert (result.exit_code, result.output) == (1, LITTLE_MEMORY)


@pytest.mark.parametrize("memory", [0.2e9, float("inf")])
def test_with_little_memory_whatever_an_import_raises_is_put_down_to_it(
    checkout, monkeypatch, memory
):
    def import_pandas(*_):
        raise SystemError("error return without exception set")

    monkeypatch.setattr("dl_lesson.course.files.allowed", lambda limit: memory)
    monkeypatch.setattr(site, "build_site", import_pandas)
    result = checkout("site")
    if memory < 1e9:
        assert (result.exit_code, result.output) == (1, LITTLE_MEMORY)
    else:
        assert isinstance(result.exception, SystemError)
