import importlib.metadata
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

from dl_lesson.cli import app
from dl_lesson.course import check
from dl_lesson.data import sources as data


@pytest.mark.parametrize(
    ("result", "remedy"),
    [
        (check.check_python("3.12.1"), ""),
        (check.check_python("3.10.9"), "install a Python"),
        (check.check_python("3.14.0"), "install a Python"),
        (check.check_memory(8e9), ""),
        (check.check_memory(0.5e9), "close other programs"),
        (check.check_disk(50e9), ""),
        (check.check_disk(0.2e9), "delete files"),
        (check.check_package(Requirement("numpy>=2")), ""),
        (check.check_package(Requirement("numpy>=99")), "make course"),
        (check.check_package(Requirement("no-such-package>=1")), "make course"),
    ],
)
def test_each_check_passes_and_fails(result, remedy):
    assert result.ok is (remedy == "")
    assert remedy in result.remedy


def test_package_line_shows_installed_and_required():
    line = check.check_package(Requirement("numpy>=99")).found
    assert line == f"{importlib.metadata.version('numpy')} (required >=99)"
    assert check.check_package(Requirement("no-such-package")).found.startswith("missing")


def test_every_required_package_has_a_line():
    names = [result.name for result in check.check_packages()]
    assert {"tensorflow", "keras", "keras-tuner", "pandas", "jupyter"} <= set(names)
    assert "ruff" not in names


def test_each_data_set_and_the_weights_have_a_line(monkeypatch, cache, tmp_path):
    lines = {result.name: result for result in check.check_data()}
    assert all(result.ok for result in lines.values())
    assert list(lines) == [*(f"Data: {name}" for name in data.DATA_SETS), "ImageNet weights"]
    monkeypatch.setattr(data, "bundled_folder", lambda: tmp_path)
    assert not any(result.ok for result in check.check_data())


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("raise ImportError('libcuda is broken')", "ImportError: libcuda is broken"),
        ("os.kill(os.getpid(), 4)", "no message (stopped by signal 4)"),
    ],
)
def test_broken_package_becomes_a_line_not_a_traceback(monkeypatch, tmp_path, statement, found):
    (tmp_path / "tensorflow.py").write_text(f"import os\n{statement}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    result = check._apart(check.check_devices, "TensorFlow devices")
    assert result.found == found
    assert not result.ok


@pytest.mark.slow
def test_command_ends_in_ok_on_this_installation():
    result = subprocess.run(
        [sys.executable, "-m", "dl_lesson", "check"], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    lines = result.stdout.splitlines()
    assert sum("FAIL" in line for line in lines) == 0
    assert any("A tiny network" in line and "OK" in line for line in lines)
    assert any("TensorFlow devices" in line and ("CPU" in line or "GPU" in line) for line in lines)
    assert result.stderr == ""


def test_command_fails_and_names_the_remedy(monkeypatch):
    results = [check.Result("Python", "3.12.1"), check.Result("keras", "missing", "install keras")]
    monkeypatch.setattr(check, "run_checks", lambda: iter(results))
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == 1
    ok, fail, *_ = result.output.splitlines()
    assert ok.startswith("OK") and "Python" in ok
    assert fail.startswith("FAIL") and "install keras" in fail
