"""The first cell for a notebook in the cloud, run where the lesson is not installed."""

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import nbformat
import pytest
from jupyter_client import KernelManager

ROOT = Path(__file__).parents[2]
NOTEBOOK = "dl_lesson/bundled/editions/learner/02-penguins-classification.ipynb"


def first_cell():
    """Return the cell that the page gives."""
    page = (ROOT / "site" / "pages" / "in-a-classroom.md").read_text(encoding="utf-8")
    (cell,) = re.findall(r"```python\n(import importlib\.util\n.*?)```", page, re.S)
    return cell


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A Python with all packages of this one but the lesson, a folder, and the lesson's wheel."""
    folder = tmp_path_factory.mktemp("service")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (folder / "packages").mkdir()
    for place in dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]):
        for path in Path(place).iterdir():
            if path.suffix != ".pth" and not re.match(r"_*(editable_*)?dl[-_]lesson", path.name):
                (folder / "packages" / path.name).symlink_to(path)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    return folder


@pytest.fixture
def run(service, monkeypatch):
    """Run code in a kernel of the service; return what it printed, without errors."""
    monkeypatch.setenv("PYTHONPATH", str(service / "packages"))
    # No network, and nothing of the user's.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    # Some services ask for this everywhere; no environment allows it.
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PYTHONNOUSERSITE", "1")
    monkeypatch.setenv("DL_LESSON_BUNDLED_ONLY", "1")
    manager = KernelManager()
    python = service / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    manager.kernel_spec.argv[0] = str(python)
    manager.start_kernel(cwd=str(service))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)

    def run(code):
        said, printed = [], []
        reply = client.execute_interactive(
            code,
            timeout=300,
            output_hook=lambda message: (
                printed if message["msg_type"] == "stream" else said
            ).append(message["content"]),
        )
        assert reply["content"]["status"] == "ok", said
        return "".join(content["text"] for content in printed)

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_the_first_cell_names_the_wheel_of_this_version():
    (name,) = re.findall(r"pip install .*?(\S+\.whl)", first_cell())
    assert name.startswith("dl_lesson-") and f"`{name}`" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.slow
def test_the_first_cell_installs_the_lesson_once(service, run):
    missing = "import importlib.util\nprint(importlib.util.find_spec('dl_lesson'))"
    assert run(missing).strip() == "None"
    run(first_cell())
    (place,) = (Path(line) for line in run("import dl_lesson\nprint(dl_lesson.__file__)").split())
    assert service / "venv" in place.parents
    # Repeated, it does nothing.
    assert run(first_cell()) == ""
    (wheel,) = service.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        learners = nbformat.reads(archive.read(NOTEBOOK).decode("utf-8"), as_version=4)
    given = []
    for cell in learners.cells:
        if cell.cell_type == "code":
            if "provided" not in cell.metadata.get("tags", ()):
                break
            given.append(cell.source)
    assert "import" in given[0]
    for code in given:
        run(code)
    run(
        "from dl_lesson import catch_up\n"
        "catch_up('02-penguins-classification', '3. Prepare the data')"
    )
    assert run("print(len(penguins))").strip() == "344"
