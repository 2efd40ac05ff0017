"""A stick holds what its systems need, and nothing half-written stays."""

import subprocess
from pathlib import Path

import pytest

from dl_lesson.authoring import stick
from dl_lesson.course.files import AuthoringError, Project

ROOT = Path(__file__).parents[2]
LOCK = """\
# made by a program
numpy==2.4.6 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:cc
appnope==0.1.4 ; platform_system == 'Darwin' \\
    --hash=sha256:dd
tomli==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:ee
"""


def test_markers_are_read_for_the_system_named():
    def names(system, python):
        return [line.split("==")[0] for line in stick.locked(LOCK, system, python)]

    assert names("linux", "3.13") == ["numpy"]
    assert names("windows", "3.12") == ["numpy", "colorama"]
    assert names("macos", "3.11") == ["numpy", "appnope", "tomli"]
    assert next(stick.locked(LOCK, "linux", "3.13")) == (
        "numpy==2.4.6 --hash=sha256:aa --hash=sha256:bb"
    )


@pytest.mark.parametrize("system", stick.SYSTEMS)
def test_the_lock_of_the_lesson_has_tensorflow_for_each_system(system):
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lines = list(stick.locked(lock, system, "3.13"))
    assert any(line.startswith("tensorflow==") for line in lines)
    assert all("--hash=sha256:" in line for line in lines)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose website is there, and a pip that only notes what it is asked."""
    root = tmp_path / "project"
    site = root / "_build" / "site"
    site.mkdir(parents=True)
    (site / "index.html").write_text("<html>")
    (root / "requirements.lock").write_text(LOCK)
    monkeypatch.setattr(stick, "build_site", lambda _: Path("_build/site/index.html"))
    asked = []

    def run(command, **_):
        asked.append(command)
        fails = any("win_amd64" in word for word in command) and "fail" in str(tmp_path.name)
        if "wheel" in command:
            (Path(command[command.index("--wheel-dir") + 1]) / "dl_lesson-1.whl").write_text("")
        return subprocess.CompletedProcess(command, int(fails), "", "ERROR: no such wheel\n")

    monkeypatch.setattr(subprocess, "run", run)
    return Project(root), asked


def test_what_is_written(project, tmp_path):
    checkout, asked = project
    folder = tmp_path / "stick"
    stick.write_stick(checkout, folder, ["linux", "windows"], ["3.13"])
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.txt",
        "dl_lesson-1.whl",
        "website",
        "wheels",
    ]
    text = (folder / "README.txt").read_text()
    assert "pip install --no-user --no-index --find-links wheels dl_lesson-1.whl" in text
    assert "linux with Python 3.13, windows with Python 3.13" in text
    assert [command[3] for command in asked] == ["wheel", "download", "download"]
    assert "--platform=win_amd64" in asked[2] and "--python-version=3.13" in asked[2]
    assert not list(tmp_path.glob(".stick-*"))


def test_a_package_that_cannot_be_fetched(project, tmp_path, monkeypatch):
    checkout, _ = project
    failing = subprocess.CompletedProcess([], 1, "", "noise\nERROR: No matching distribution\n")
    real = subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda command, **k: failing if "download" in command else real(command)
    )
    with pytest.raises(AuthoringError, match="pip download failed: No matching distribution"):
        stick.write_stick(checkout, tmp_path / "stick", ["linux"], ["3.13"])
    assert not (tmp_path / "stick").exists() and not list(tmp_path.glob(".stick-*"))


@pytest.mark.parametrize(
    ("systems", "pythons", "words"),
    [
        (["beos"], ["3.13"], "no beos with Python 3.13"),
        (["linux"], ["3.9"], "no linux with Python 3.9"),
    ],
)
def test_an_unknown_system(project, tmp_path, systems, pythons, words):
    with pytest.raises(AuthoringError, match=words):
        stick.write_stick(project[0], tmp_path / "stick", systems, pythons)


def test_a_folder_in_use_and_a_full_disk(project, tmp_path, monkeypatch):
    checkout, _ = project
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine.txt").write_text("mine")
    with pytest.raises(AuthoringError, match="name an empty folder"):
        stick.write_stick(checkout, used, ["linux"], ["3.13"])
    full = type("Usage", (), {"free": 5e8})
    monkeypatch.setattr(stick.shutil, "disk_usage", lambda _: full)
    with pytest.raises(AuthoringError, match=r"needs about 2\.9 GB, and 0\.5 GB are free"):
        stick.write_stick(checkout, tmp_path / "x", list(stick.SYSTEMS), ["3.13"])
    assert not (tmp_path / "x").exists()
