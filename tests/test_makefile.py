"""What the targets of the Makefile run, and what they do when one of the commands fails."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dl_lesson.course.files import named_files

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="make is not part of Windows")


@pytest.fixture
def make(tmp_path):
    """Run a target with programs that only write down how they were called.

    A call whose words hold those of `failing` fails.
    """
    programs, log = tmp_path / "bin", tmp_path / "log"
    programs.mkdir()
    for name in ("dl-lesson", "python", "ruff", "jupytext", "mypy", "deptry"):
        program = programs / name
        program.write_text(
            f'#!/bin/sh\necho "{name} $*" >> "{log}"\n'
            'case "$0 $*" in *"$FAILING"*) test -z "$FAILING" || exit 1;; esac\n'
        )
        program.chmod(0o755)

    def run(target, failing=""):
        log.unlink(missing_ok=True)
        command = [shutil.which("make"), "--assume-old=.venv/complete", f"BIN={programs}", target]
        environment = {"PATH": os.environ["PATH"], "FAILING": failing}
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        lines = log.read_text().splitlines() if log.exists() else []
        return result.returncode, lines

    return run


COURSE = ["dl-lesson check", "dl-lesson data fetch", "dl-lesson run", "dl-lesson site"]


def test_course_checks_fetches_runs_and_shows(make):
    assert make("course") == (0, COURSE)


def test_course_goes_on_without_a_network(make):
    assert make("course", failing="dl-lesson data fetch") == (0, COURSE)


@pytest.mark.parametrize("failing", ["check", "run", "site"])
def test_course_stops_at_whatever_else_fails(make, failing):
    status, lines = make("course", failing=f"dl-lesson {failing}")
    assert status == 2 and lines[-1] == f"dl-lesson {failing}"


EPISODES = [
    path.relative_to(ROOT).as_posix()
    for path in named_files(ROOT / "episodes", "[0-9]*.md").values()
]


@pytest.mark.parametrize("target", ["test", "quick"])
def test_style_and_tests_are_checked_and_each_can_fail(make, target):
    status, lines = make(target)
    assert status == 0
    jupytext = " ".join(["jupytext --quiet --from md:myst --to ipynb --test-strict", *EPISODES])
    assert lines[:-1] == ["ruff check", "ruff format --check", jupytext, "mypy ", "deptry ."]
    assert lines[-1].startswith("python -m pytest --numprocesses auto")
    for number, failing in enumerate([*lines[:-1], "python -m pytest"], start=1):
        status, lines = make(target, failing=failing)
        assert (status, len(lines)) == (2, number)


def test_code_and_episodes_are_brought_into_the_shape_that_is_checked(make):
    jupytext = " ".join(["jupytext --quiet --from md:myst --to md:myst", *EPISODES])
    assert make("format") == (0, ["ruff format", jupytext])


def test_tests_that_share_something_stay_in_one_process_and_notebooks_do_not():
    """What is built once for several tests would otherwise be built by each process."""
    tests = [
        "tests/test_uncertainty.py",
        "tests/website/test_outputs.py::test_colours_of_a_styler_are_kept",
        "tests/website/test_pages.py::test_definitions_are_short_sentences",
        "tests/notebooks/test_reexecution.py::test_a_result_that_was_changed_is_found",
    ]
    (line,) = re.findall("^TOGETHER := (.*)$", (ROOT / "Makefile").read_text(), re.M)
    command = [sys.executable, "-m", "pytest", "-v", *line.split(), "--numprocesses", "2", *tests]
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("PYTEST", "COV"))}
    shown = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    processes = {"website": set(), "notebooks": set(), "test_uncertainty.py": set()}
    for process, place in re.findall(r"^\[(gw\d)\] .* PASSED tests/([\w.]+)", shown, re.M):
        processes[place].add(process)
    assert {place: len(used) for place, used in processes.items()} == {
        "website": 1,
        "notebooks": 2,
        "test_uncertainty.py": 1,
    }


def test_quick_leaves_out_no_other_folder_of_tests(make):
    _, lines = make("quick")
    assert lines[-1].count("--ignore=") == 7 and " -m not slow " in lines[-1]


def test_further_lessons_are_run(make):
    assert make("course-further") == (0, ["dl-lesson run --further"])
