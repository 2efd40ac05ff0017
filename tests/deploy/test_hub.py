"""The hub for one machine: what it says when it cannot start, and a small class in it."""

import contextlib
import json
import os
import pwd
import runpy
import shutil
import socket
import stat
import subprocess
import sys
import types
from pathlib import Path

import nbformat
import pytest
from traitlets.config import Config

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "deploy" / "jupyterhub_config.py"
# Where install_course.sh has put the course and the hub, if anywhere.
INSTALLED = Path(os.environ.get("DL_LESSON_INSTALLED", "/opt/dl-lesson"))


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A machine on which the hub would start, and stand-ins for the packages of the hub."""
    for name in ("firstuseauthenticator", "jupyterhub", "jupyterhub.auth"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules["firstuseauthenticator"].FirstUseAuthenticator = type("First", (), {})
    sys.modules["jupyterhub.auth"].LocalAuthenticator = type("Local", (), {})
    (tmp_path / "prefix" / "bin").mkdir(parents=True)
    (tmp_path / "prefix" / "bin" / "dl-lesson-server").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "prefix"))
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    proxy = tmp_path / "configurable-http-proxy"
    proxy.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DL_LESSON_HUB", str(tmp_path))
    monkeypatch.setenv("DL_LESSON_HUB_PORT", str(free_port()))
    (tmp_path / "learners.txt").write_text("# The class of today\nada-of-today\n\ngrace-of-today\n")
    return tmp_path


def free_port():
    """Return a port with two free ones above it."""
    for port in range(20000, 60000, 3):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for each in range(port, port + 3):
                stack.enter_context(socket.create_server(("127.0.0.1", each)))
            return port
    raise AssertionError("no three free ports in a row")


def configuration():
    found = Config()
    runpy.run_path(str(CONFIGURATION), {"get_config": lambda: found})
    return found


def sentence(room):
    """Return what is said in place of a start, after which nothing is left behind."""
    before = set(room.rglob("*"))
    with pytest.raises(SystemExit) as ended:
        configuration()
    assert set(room.rglob("*")) == before
    said = ended.value.code
    assert "\n" not in said and said.endswith(".")
    return said


def test_each_learner_is_a_user_with_a_home_that_nobody_else_reads(room):
    found = configuration()
    assert found.Authenticator.allowed_users == {"ada-of-today", "grace-of-today"}
    assert found.Authenticator.admin_users == set()
    # Whoever is not in the list chooses no password.
    assert found.FirstUseAuthenticator.create_users is False
    command = found.LocalAuthenticator.add_user_cmd
    assert command[-1] == "HOME_MODE=0700"
    assert command[command.index("--base-dir") + 1] == str(room / "homes")
    assert stat.S_IMODE((room / "homes").stat().st_mode) & 0o044 == 0
    private = room / "hub"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    kept = (
        found.FirstUseAuthenticator.dbm_path,
        found.JupyterHub.cookie_secret_file,
        found.JupyterHub.db_url,
        found.ConfigurableHTTPProxy.pid_file,
    )
    assert all(str(private) in path for path in kept)


def test_teachers_are_admins(room):
    (room / "teachers.txt").write_text("mary-of-today\n")
    found = configuration()
    assert found.Authenticator.admin_users == {"mary-of-today"}
    assert "mary-of-today" in found.Authenticator.allowed_users


def test_each_process_of_a_learner_is_limited(room):
    found = configuration()
    program, limit, server = found.Spawner.cmd
    assert (program, server) == ("prlimit", str(room / "prefix" / "bin" / "dl-lesson-server"))
    assert int(limit.removeprefix("--data=")) == 4 * 2**30


def test_an_ordinary_user_cannot_start_it(room, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert "start it with sudo" in sentence(room)


def test_the_authenticator_is_missing(room, monkeypatch):
    monkeypatch.setitem(sys.modules, "firstuseauthenticator", None)
    assert sentence(room).startswith("The hub's authenticator is missing (")


def test_the_proxy_program_is_missing(room):
    (room / "configurable-http-proxy").unlink()
    assert "npm install --global configurable-http-proxy" in sentence(room)


def test_the_course_is_not_installed(room):
    (room / "prefix" / "bin" / "dl-lesson-server").unlink()
    assert "install_course.sh" in sentence(room)


@pytest.mark.parametrize("names", [None, "", "# nobody yet\n"])
def test_nobody_is_named(room, names):
    (room / "learners.txt").unlink()
    if names is not None:
        (room / "learners.txt").write_text(names)
    assert f"write {room / 'learners.txt'} with a name on each line" in sentence(room)


@pytest.mark.parametrize("name", ["Ada", "ada lovelace", "../ada", "-ada", "1ada", "a" * 32])
def test_a_name_that_no_user_can_have(room, name):
    (room / "learners.txt").write_text(f"{name}\n")
    assert sentence(room).startswith(f'The name "{name}" in {room} cannot be')


def test_a_learner_cannot_become_root(room):
    (room / "learners.txt").write_text("root\n")
    assert '"root"' in sentence(room)


def test_a_learner_of_an_earlier_day_comes_again(room, monkeypatch):
    home = types.SimpleNamespace(pw_dir=str(room / "homes" / "ada-of-today"))
    known = {"ada-of-today": home}
    monkeypatch.setattr(pwd, "getpwnam", known.__getitem__)
    assert "ada-of-today" in configuration().Authenticator.allowed_users


@pytest.mark.parametrize("above", [0, 1, 2])
def test_a_port_is_in_use(room, above):
    port = int(os.environ["DL_LESSON_HUB_PORT"]) + above
    with socket.create_server(("127.0.0.1", port)):
        said = sentence(room)
    assert said.startswith(f"Port {port}, for the ") and "DL_LESSON_HUB_PORT" in said


def why_not():
    """Say what is missing for a class, or nothing."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "only root may make users for a class"
    if not (INSTALLED / "bin" / "dl-lesson-server").is_file():
        return (
            f"no course and hub in {INSTALLED}: install them with deploy/install_course.sh, and "
            "name the folder in DL_LESSON_INSTALLED"
        )
    if not shutil.which("configurable-http-proxy"):
        return "no configurable-http-proxy: npm install --global configurable-http-proxy"
    return ""


def users():
    return {entry.pw_name for entry in pwd.getpwall()}


@pytest.mark.slow
@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_two_learners_work_undisturbed(tmp_path):
    cells = ["import dl_lesson\nassert len(dl_lesson.load_penguins()) == 344", "1 + 1"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
    nbformat.write(notebook, tmp_path / "tiny.ipynb")
    before = users()
    # It fails where a learner reads another's folder, or where the kernel that eats memory is not
    # stopped or stops others.
    result = subprocess.run(
        [
            *(str(INSTALLED / "bin" / "python"), str(ROOT / "benchmarks" / "classroom.py")),
            *("--learners", "2", "--executed", str(tmp_path / "tiny.ipynb")),
            *("--json", str(tmp_path / "measured.json")),
        ],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert result.returncode == 0, result.stderr
    measured = json.loads((tmp_path / "measured.json").read_text())
    assert len(measured["episode_seconds"]) == 2
    assert 0.05 < measured["memory_learner"] <= measured["memory_together"]
    assert users() == before
