import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "examples" / "scaling"


@pytest.fixture
def scaling_environment(tmp_path):
    """Return variables with which the scripts find the package and leave their files in a test."""
    paths = os.pathsep.join([str(ROOT / "src"), str(SCRIPTS)])
    own = {"DL_LESSON_BUNDLED_ONLY": "1", "PYTHONPATH": paths, "TMPDIR": str(tmp_path)}
    return {**os.environ, **own}


@pytest.fixture
def run_script(scaling_environment):
    """Run a script of examples/scaling to its end."""

    def run(name, *arguments, **variables):
        return subprocess.run(
            [sys.executable, str(SCRIPTS / name), *map(str, arguments)],
            env=scaling_environment | variables,
            capture_output=True,
            text=True,
            timeout=600,
        )

    return run


@pytest.fixture
def scaling_scripts(monkeypatch):
    """Let a test import the scripts."""
    monkeypatch.syspath_prepend(str(SCRIPTS))


@pytest.fixture
def left_behind(tmp_path):
    """Tell which processes still work in a folder, by default that of the test."""

    def find(folder=tmp_path):
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if any(str(folder) in word for word in process.cmdline()):
                    found.append(process)
        return found

    return find


@pytest.fixture
def taken_address():
    """Listen on a port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def free_addresses():
    """Name two ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        ports = [each.getsockname()[1] for each in (one, other)]
    return [f"127.0.0.1:{port}" for port in ports]
