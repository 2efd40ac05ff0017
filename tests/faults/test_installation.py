"""An installation that lacks something, says what, and a model file that runs nothing."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from fault_tools import Command, dl_lesson

from dl_lesson.course import check
from dl_lesson.course.files import INSTALL

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture
def hiding(tmp_path, monkeypatch):
    """Put a module in front of the installed one."""
    folder = tmp_path / "before"
    folder.mkdir()

    def hide(name: str, code: str) -> None:
        (folder / f"{name}.py").write_text(code)
        path = [str(folder), *filter(None, [str(ROOT / "src")])]
        monkeypatch.setenv("PYTHONPATH", ":".join(path))

    return hide


def test_package_without_its_files(project, hiding):
    hiding("ipykernel", "raise ModuleNotFoundError('No module', name='ipykernel')")
    dl_lesson(project, "run").says(f"The package ipykernel cannot be imported; {INSTALL}.")
    assert not (project / "_build").exists()


def test_check_finds_packages_that_cannot_be_imported(hiding, monkeypatch):
    hiding("seaborn", "raise ImportError('DLL load failed\\nand more')")
    monkeypatch.setattr(check, "_modules", lambda: ["rich", "seaborn", "tqdm"])
    result = check.check_imports()
    assert result.found == "cannot be imported: seaborn (ImportError: DLL load failed)"
    assert result.remedy == INSTALL
    hiding("tqdm", "import os; os.abort()")
    hiding("seaborn", "")
    result = check.check_imports()
    assert (result.found, result.remedy) == ("tqdm ends Python", INSTALL)
    hiding("tqdm", "")
    assert check.check_imports().ok


def test_check_imports_every_package_that_has_modules():
    modules = check._modules()
    assert {"IPython", "keras", "sklearn", "tensorflow", "typer"} <= set(modules)
    assert "ruff" not in modules


def test_package_that_is_too_old(hiding, monkeypatch, tmp_path):
    folder = tmp_path / "before" / "numpy-1.0.dist-info"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path / "before")
    (result,) = [line for line in check.check_packages() if line.name == "numpy"]
    assert result.found.startswith("1.0 (required >=") and result.remedy == INSTALL


def test_old_python(tmp_path):
    # A Python that says it is too old stands in for all; there is no other, and no uv.
    for name in ("python3.13", "python3.12", "python3.11", "python3", "python"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    shell = shutil.which("sh")
    script = ROOT / "tools" / "make_environment.sh"
    ended = subprocess.run(
        [shell, script], cwd=tmp_path, env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert ended.returncode == 1 and ended.stderr.count("\n") == 1
    assert "dl-lesson needs Python 3.11, 3.12 or 3.13 and found none: install one" in ended.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="a user may have packages of their own")
@pytest.mark.parametrize("settings", [{"PIP_USER": "1"}, {"PIP_CONFIG_FILE": "pip.conf"}])
def test_settings_of_pip_that_no_environment_allows(tmp_path, settings):
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    # It asks pip for what is there, in place of all packages, and from the real environment.
    pip = f"{sys.executable} -m pip install --dry-run --no-index --quiet pip"
    python.write_text(f'#!/bin/sh\n[ "$1" = -c ] || exec {pip}\n')
    python.chmod(0o755)
    (tmp_path / "pip.conf").write_text("[global]\nuser = true\n")
    shell = [shutil.which("sh"), ROOT / "tools" / "make_environment.sh"]
    # Without uv, which has no such setting.
    ended = subprocess.run(
        shell, cwd=tmp_path, env={"PATH": "/nowhere"} | settings, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_port_that_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        options = ["--no-browser", f"--port={port}", "--ServerApp.port_retries=0", "--allow-root"]
        (tmp_path / "episodes").mkdir()
        edition = tmp_path / "edition"
        edition.mkdir()
        nbformat.write(nbformat.v4.new_notebook(), edition / "01-lines.ipynb")
        code = (
            "import sys; from pathlib import Path; from dl_lesson.course.lab import open_lab; "
            "sys.exit(open_lab(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))"
        )
        lab = Command(tmp_path, "-c", code, str(edition), str(tmp_path / "work"), *options)
        ended = lab.end()
    assert ended.status != 0
    assert f"The port {port} is already in use" in ended.err and "Traceback" not in ended.err
    assert (tmp_path / "work" / "01-lines.ipynb").is_file()


# A TensorFlow that finds a card without its driver says so, past Python, and names no device.
TENSORFLOW = """
import os
from types import SimpleNamespace as Names
class config:
    experimental = Names(get_device_details=lambda gpu: gpu.details)
    def list_physical_devices(kind):
        os.write(2, b"E0000 failed call to cuInit: INTERNAL: CUDA error: UNKNOWN ERROR (303)\\n")
        return [{gpu}]
"""


@pytest.mark.parametrize(
    ("gpu", "found"),
    [
        ("", "CPU (enough)"),
        ("Names(name='/GPU:0', details={'device_name': 'Tesla'})", "GPU: Tesla"),
        ("Names(name='/GPU:0', details={})", "GPU: /GPU:0"),
    ],
)
def test_graphics_card_that_is_not_usable(hiding, gpu, found):
    hiding("tensorflow", TENSORFLOW.replace("{gpu}", gpu))
    result = check._apart(check.check_devices, "TensorFlow devices")
    assert (result.found, result.remedy) == (found, "")


def test_weights_of_another_network(tmp_path):
    from dl_lesson import create_nn

    path = tmp_path / "other.weights.h5"
    create_nn(4, hidden=(8, 8)).save_weights(path)
    model = create_nn(4, hidden=(8,))
    with pytest.raises(ValueError, match="could not be loaded"):
        model.load_weights(path)


def test_model_file_that_would_run_code(tmp_path):
    import keras

    path = tmp_path / "model.keras"
    keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x + 1)]).save(path)
    with pytest.raises(ValueError, match=r"Lambda.*(unsafe|safe_mode)"):
        keras.models.load_model(path)
    plain = tmp_path / "plain.keras"
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(plain)
    assert keras.models.load_model(plain).predict(np.ones((1, 2)), verbose=0).shape == (1, 1)


def test_the_lesson_loads_model_files_in_safe_mode():
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "episodes").rglob("*.md")]
    assert len(files) > 30
    for path in files:
        text = path.read_text(encoding="utf-8")
        for word in ("safe_mode", "enable_unsafe_deserialization", "allow_pickle=True"):
            assert word not in text, path
