"""A small project, whose notebook and website cost seconds, and disks that are full."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import nbformat
import pytest
from front_matter import front_matter, schedule

from dl_lesson.authoring.editions.derive import derive
from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.execution.digests import store_digests
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.files import Project

ROOT = Path(__file__).parents[2]
EPISODE = """
# Lines

:::{part} 1a
:topic: Lines
:teaching: 5
:::

:::{questions}
- What is a line?
:::

:::{objectives}
- Draw a line.
:::

:::{prerequisites}
- None.
:::

## Draw a line

:::{figure} figures/line.svg
:alt: A straight line.
A line.
:::

```{code-cell} python
:tags: [provided]
from dl_lesson import checkpoint

slope = 2
```

```{code-cell} python
checkpoint("The slope is 2.", slope, equals=2)
```

:::{keypoints}
- A line is straight.
:::
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><path d="M0 20 20 0"/></svg>'
PAGES = {
    "glossary.md": "# Glossary\n\n:::{glossary}\nline\n  A straight thing.\n:::\n",
    "setup.md": "# Setup\n\nType `make`.\n",
    "mistakes.md": "# Mistakes\n\nNone.\n",
    "instructor/guide.md": "# Guide\n\nSmile.\n\n:::{parts}\n:::\n\n:::{half-day} 1 1\n:::\n",
}


def write_project(root: Path) -> Project:
    project = Project(root)
    for folder in ("episodes", "notebooks"):
        (root / folder / "figures").mkdir(parents=True)
        (root / folder / "figures" / "line.svg").write_text(SVG, encoding="utf-8")
    text = front_matter("Lines", 5, 0) + EPISODE
    (root / "episodes" / "01-lines.md").write_text(text, encoding="utf-8")
    (root / "episodes" / "schedule.yml").write_text(schedule(one=["1a"]), encoding="utf-8")
    notebook = to_notebook(derive(read_episode(project, "01-lines"), "executed"))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[-1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="✓ The slope is 2.\n")]
    for number, cell in enumerate(code, 1):
        cell.execution_count = number
    store_digests(notebook, None)
    nbformat.write(notebook, project.notebook("01-lines"))
    for part in ("_static", "_templates", "collected"):
        shutil.copytree(ROOT / "site" / part, root / "site" / part)
    shutil.copy(ROOT / "site" / "conf.py", root / "site")
    for name, text in PAGES.items():
        page = root / "site" / "pages" / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    return project


@pytest.fixture(scope="session")
def written_once(tmp_path_factory) -> Path:
    return write_project(tmp_path_factory.mktemp("project")).root


@pytest.fixture
def project(written_once, tmp_path) -> Path:
    """A project of one episode, in a folder whose name is not easy."""
    folder = tmp_path / "Größe 'von' \"Linien\""
    shutil.copytree(written_once, folder)
    return folder


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """The folder for temporary files of all commands of a test, to see what is left in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def small_disk(tmp_path):
    """Mount a disk of so many KiB; skip where this is not allowed."""
    mounted = []

    def mount(size: int) -> Path:
        folder = tmp_path / "disk"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(folder)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("only root may mount a small disk")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        command = ["umount", "--lazy", str(folder)]
        subprocess.run(command, check=True)


def fill(disk: Path, free: int) -> Path:
    """Leave so many KiB free on a disk, by a file that is returned."""
    filler = disk / "filler"
    filler.write_bytes(b"\0" * max(0, shutil.disk_usage(disk).free - free * 1024))
    return filler


@pytest.fixture
def closed():
    """Give a folder to somebody else; return what goes before a command that obeys that."""

    def close(folder: Path) -> tuple[str, ...]:
        folder.chmod(0o755)
        paths = (folder, *folder.rglob("*"))
        if os.geteuid() == 0:
            if not shutil.which("setpriv"):
                pytest.skip("root may write everywhere, and setpriv is not there to forbid it")
            for path in paths:
                os.chown(path, 12345, 12345)
            caps = "-dac_override,-dac_read_search"
            return ("setpriv", f"--bounding-set={caps}", f"--inh-caps={caps}")
        for path in paths:
            path.chmod(path.stat().st_mode & ~stat.S_IWUSR)
        return ()

    return close
