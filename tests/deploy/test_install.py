"""The installation for a class says what is missing, and leaves nothing half done."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "install_course.sh"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the script is for servers with a shell")


@pytest.fixture
def install(tmp_path):
    """Install a wheel to a folder that is not there, with a Python that can be another."""
    (tmp_path / "lesson.whl").touch()

    def run(*arguments, python="python3"):
        return subprocess.run(
            [
                "/bin/sh",
                str(SCRIPT),
                *(arguments or (tmp_path / "lesson.whl", tmp_path / "course")),
            ],
            env=os.environ | {"PYTHON": str(python)},
            capture_output=True,
            text=True,
        )

    return run


def stand_in(folder, venv):
    """Write a program that passes for a Python, and makes an environment as told."""
    program = folder / "python"
    program.write_text(f'#!/bin/sh\nif [ "$1" = -m ]; then\n{venv}\nfi\n')
    program.chmod(0o755)
    return program


def test_two_things_must_be_named(install, tmp_path):
    result = install(tmp_path / "lesson.whl")
    assert result.returncode == 2 and "WHEEL FOLDER" in result.stderr


def test_a_wheel_that_is_not_there(install, tmp_path):
    result = install(tmp_path / "no.whl", tmp_path / "course")
    assert result.returncode == 1
    assert result.stderr == (
        f"There is no file {tmp_path}/no.whl; make wheel writes the wheel to _build/dist.\n"
    )


@pytest.mark.parametrize("python", ["/bin/false", "no-such-python"])
def test_no_fitting_python(install, tmp_path, python):
    result = install(python=python)
    assert result.returncode == 1
    assert result.stderr.startswith(f"{python} is no Python 3.11, 3.12 or 3.13; install one")
    assert not (tmp_path / "course").exists()


def test_what_is_there_is_kept(install, tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "work").write_text("mine")
    result = install()
    assert result.returncode == 1 and "is there already; delete it" in result.stderr
    assert (tmp_path / "course" / "work").read_text() == "mine"


def test_an_installation_that_fails_leaves_nothing(install, tmp_path):
    half = 'mkdir -p "$3/bin"\nprintf "#!/bin/sh\\n[ \\"\\$1\\" = -c ]\\n" > "$3/bin/python"\n'
    python = stand_in(tmp_path, half + 'chmod 755 "$3/bin/python"\ntouch "$3/made"')
    # Else the user whom the script tries cannot come here.
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    result = install(python=python)
    assert result.returncode == 1 and "Only root" not in result.stderr
    assert not (tmp_path / "course").exists()


@pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() != 0, reason="only root can read more than learners"
)
def test_a_python_that_only_root_can_start(install, tmp_path):
    python = stand_in(
        tmp_path, 'mkdir -p "$3/bin"; ln -s /bin/true "$3/bin/python"; chmod 700 "$3"'
    )
    result = install(python=python)
    assert result.returncode == 1
    assert f"Only root can start {python} or what lies in {tmp_path}/course" in result.stderr
    assert not (tmp_path / "course").exists()


def test_a_setting_of_pip_asks_for_another_place(install, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_USER", "1")
    noted = tmp_path / "noted"
    half = 'mkdir -p "$3/bin"\nprintf "#!/bin/sh\\n[ \\"\\$1\\" = -c ] || '
    half += f'echo \\$PIP_USER >> {noted}\\n" > "$3/bin/python"\n'
    python = stand_in(tmp_path, half + 'chmod 755 "$3/bin/python"')
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    install(python=python)
    assert noted.read_text().split() == ["0", "0"]
