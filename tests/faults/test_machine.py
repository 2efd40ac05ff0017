"""Full disks, closed folders, few files, little memory, odd settings, and two at once."""

import json
import resource
import shutil
from pathlib import Path

import nbformat
import pytest
from fault_tools import Command, digest, dl_lesson

from dl_lesson.course.execution import FEWEST_FILES
from dl_lesson.course.files import LEAST_MEMORY

from .conftest import fill

pytestmark = pytest.mark.slow
FULL = "the disk is full; free some space, then try again."
CLOSED = "work in a folder that you may write to."


def held(project: Path) -> str:
    """Return what the claim of the executed copy has printed."""
    path = project / "_build" / "course" / "01-lines.ipynb"
    return nbformat.read(path, as_version=4).cells[-2].outputs[0].text


@pytest.mark.parametrize("command", ["run", "build", "site"])
def test_full_disk(written_once, small_disk, temporary, command):
    disk = small_disk(20_000)
    project = disk / "project"
    shutil.copytree(written_once, project)
    (project / "_build" / "site").mkdir(parents=True)
    (project / "_build" / "site" / "index.html").write_text("before")
    (project / "_build" / "course").mkdir()
    notebook = project / "notebooks" / "01-lines.ipynb"
    if command == "build":
        text = project / "episodes" / "01-lines.md"
        # A few words more; the notebook has to be written again, and there is no page left.
        text.write_text(text.read_text().replace("A line is straight.", "A line is thin."))
    filler = fill(disk, 0 if command == "build" else 8)
    before = digest(project)
    # Temporary files lie on another disk, as is common.
    dl_lesson(project, command).says(FULL)
    assert digest(project) == before
    assert list(temporary.iterdir()) == []
    filler.unlink()
    if command != "site":
        dl_lesson(project, command).is_well()
        assert nbformat.read(notebook, as_version=4).cells


def test_full_disk_while_results_are_recorded(small_disk, monkeypatch):
    from dl_lesson import read_results, record_results

    disk = small_disk(64)
    monkeypatch.chdir(disk)
    row = {"test_set": "a", "n_test": 1, "model": "m", "description": "d", "metric": "accuracy"}
    record_results("02-lines", "lines", [row | {"value": 0.5}])
    filler = fill(disk, 0)
    before = digest(disk)
    with pytest.raises(OSError, match="No space left"):
        record_results("02-lines", "lines", [row | {"value": 0.75}] * 200)
    assert digest(disk) == before
    filler.unlink()
    record_results("02-lines", "lines", [row | {"value": 0.75}])
    assert read_results()["value"].tolist() == [0.75]


def test_checkout_of_somebody_else(project, closed, tmp_path):
    as_another_user = closed(project)
    before = digest(project)
    for arguments in (
        ("run",),
        ("build", "01-lines"),
        ("site",),
        ("handout", "--days", "1", "--day", "1"),
    ):
        ended = dl_lesson(project, *arguments, before=as_another_user)
        ended.says("Permission denied", CLOSED)
        assert digest(project) == before
    # What they are told helps.
    dl_lesson(project, "run", "--folder", str(tmp_path / "own"), before=as_another_user).is_well()
    assert (tmp_path / "own" / "01-lines.ipynb").is_file()


def test_file_where_a_folder_should_be(project):
    (project / "_build").write_text("mine")
    for command in ("run", "site"):
        dl_lesson(project, command).says("_build", "a file lies where a folder is needed")
    assert (project / "_build").read_text() == "mine"
    (project / "_build").unlink()
    dl_lesson(project, "run").is_well()


# With a dozen, the library below Jupyter aborts before Python can say anything.
@pytest.mark.parametrize("files", [24, 29, 30, 56, FEWEST_FILES - 1])
def test_few_open_files(project, temporary, files):
    ended = dl_lesson(project, "run", limits=[(resource.RLIMIT_NOFILE, files)])
    ended.says("Too many files are open", "ulimit -n 4096")
    assert list(temporary.iterdir()) == []
    assert not list((project / "_build").rglob("*.ipynb"))


def test_files_enough_for_a_kernel(project):
    dl_lesson(project, "run", limits=[(resource.RLIMIT_NOFILE, FEWEST_FILES)]).is_well()


# As much as the command needs to start, and as much as packages need that a cell imports.
@pytest.mark.parametrize("size", [100e6, 200e6, 350e6, 400e6, 500e6, 600e6, LEAST_MEMORY - 1])
def test_little_memory(project, temporary, size):
    ended = dl_lesson(project, "run", limits=[(resource.RLIMIT_AS, int(size))])
    ended.says("memory", "then try again", "limit")
    assert list(temporary.iterdir()) == []
    assert not list((project / "_build").rglob("*.ipynb"))


def test_memory_enough_for_a_kernel(project):
    dl_lesson(project, "run", limits=[(resource.RLIMIT_AS, int(LEAST_MEMORY))]).is_well()


SETTINGS = {
    "plain letters": {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "TERM": "dumb",
        "TZ": "Pacific/Chatham",
        "HOME": None,
    },
    "strict warnings": {"PYTHONWARNINGS": "error"},
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_odd_settings(project, settings):
    dl_lesson(project, "run", **settings).is_well()
    assert held(project) == "✓ The slope is 2.\n"


def test_checkpoints_check_in_optimized_code(project):
    notebook = project / "notebooks" / "01-lines.ipynb"
    notebook.write_text(notebook.read_text().replace("slope = 2", "slope = 3"))
    ended = dl_lesson(project, "run", PYTHONOPTIMIZE="1")
    ended.says("raises CheckpointError: The slope is 2.: the value is 3, but should be equal to 2")


def test_two_builds_at_once(project, temporary):
    notebook = project / "notebooks" / "01-lines.ipynb"
    builds = [Command(project, "dl_lesson", "build", "01-lines") for _ in range(2)]
    for running in builds:
        running.end().is_well()
    assert json.loads(notebook.read_text())["cells"][-2]["outputs"]
    assert sorted(digest(project / "notebooks")) == [
        "01-lines.ipynb",
        "figures",
        "figures/line.svg",
    ]
    assert list(temporary.iterdir()) == []


def test_two_runs_at_once(project, tmp_path):
    notebook = project / "notebooks" / "01-lines.ipynb"
    flag = tmp_path / "flag"
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(flag)!r}).exists(): time.sleep(0.1)"
    content = nbformat.read(notebook, as_version=4)
    next(cell for cell in content.cells if cell.cell_type == "code").source += f"\n{waits}"
    nbformat.write(content, notebook)
    first = Command(project, "dl_lesson", "run")
    busy = project / "_build" / "course" / ".dl-lesson-run.busy"
    first.wait_for(lambda: busy.is_file() and busy.read_text())
    dl_lesson(project, "run").says("Another run writes to _build/course; wait for it")
    flag.touch()
    first.end().is_well()
    assert held(project) == "✓ The slope is 2.\n"
