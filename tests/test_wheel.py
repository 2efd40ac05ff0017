"""What comes with the wheel works in an empty folder of a machine without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from dl_lesson.course.files import named_files

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LESSON = [sys.executable, "-m", "dl_lesson"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """Environment variables with which Python finds the lesson of the wheel, and no other."""
    site = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    install = [sys.executable, "-m", "pip", "install", *options, "--target", str(site), str(wheel)]
    subprocess.run(install, check=True)
    environment = os.environ | {"PYTHONPATH": str(site), "DL_LESSON_BUNDLED_ONLY": "1"}
    environment.pop("DL_LESSON_DATA", None)
    return environment


@pytest.fixture
def lesson(environment, tmp_path, monkeypatch):
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*command):
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout

    return run


def test_each_data_set_is_loaded(lesson, tmp_path, environment):
    code = (
        "import dl_lesson; print(dl_lesson.__path__[0])\n"
        "pictures = dl_lesson.load_dollar_street()\n"
        "dl_lesson.mobilenet_weights()\n"
        "tables = dl_lesson.load_penguins(), dl_lesson.load_weather()\n"
        "print(*(table.shape for table in tables), pictures.test.images.shape)\n"
        "for name in ('diamonds', 'pima_diabetes', 'california_housing'):\n"
        "    print(getattr(dl_lesson, f'load_{name}')().shape)\n"
        "for name in ('digit', 'fashion', 'cifar'):\n"
        "    print(getattr(dl_lesson, f'load_{name}_pictures')().test_images.shape)"
    )
    lines = lesson(sys.executable, "-c", code).splitlines()
    assert lines[0] == str(Path(environment["PYTHONPATH"], "dl_lesson"))
    shapes = [line for line in lines if line.startswith("(")]
    assert shapes == [
        "(344, 7) (3654, 91) (293, 64, 64, 3)",
        "(53940, 10)",
        "(768, 9)",
        "(20640, 9)",
        "(1000, 28, 28)",
        "(1500, 28, 28)",
        "(293, 32, 32, 3)",
    ]
    assert list(tmp_path.iterdir()) == []


def test_the_wheel_holds_notebooks_and_no_authors_file(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for name, path in named_files(ROOT / "notebooks", "*.ipynb").items():
        part = path.parent.relative_to(ROOT / "notebooks").as_posix()
        for folder in ("learner/{}", "learner/{}/solutions", "solved/{}", "starters/key/{}"):
            file = Path("dl_lesson/bundled/editions", folder.format(part), f"{name}.ipynb")
            assert file.as_posix() in names
    assert {"dl_lesson/bundled/data/README.md", "dl_lesson/py.typed"} <= set(names)
    assert not any(name.endswith("schedule.yml") for name in names)
    assert wheel.stat().st_size < 60e6


def test_lab_copies_the_learners_edition_and_starts_jupyterlab(lesson, tmp_path):
    said = lesson(*LESSON, "lab", "here", "--", "--allow-root", "--version")
    assert said.startswith("The notebooks are in here.\n") and said.splitlines()[-1][0].isdigit()
    notebook = nbformat.read(tmp_path / "here" / "01-introduction.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert not any("solution" in cell.metadata.get("tags", ()) for cell in notebook.cells)
    for name in ("mistakes.ipynb", "solutions/01-introduction.ipynb", "figures/workflow.svg"):
        assert (tmp_path / "here" / name).is_file(), name


def test_lab_with_solutions(lesson, tmp_path):
    lesson(*LESSON, "lab", "--solved", "--", "--allow-root", "--version")
    folder = tmp_path / "dl-lesson-solved"
    notebook = nbformat.read(folder / "01-introduction.ipynb", as_version=4)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


def test_starters_and_handouts_are_written(lesson, tmp_path):
    for level in ("everything", "key", "filled"):
        lesson(*LESSON, "starters", level, "--level", level)
        assert len(list((tmp_path / level).glob("*.ipynb"))) == 6
    lesson(*LESSON, "handout", "--day", "2")
    page = (tmp_path / "half-day-2-of-4.md").read_text(encoding="utf-8")
    assert "## Agenda" in page and "<summary>Solution" not in page


def test_a_notebook_runs_and_says_how_many_claims_hold(lesson, tmp_path):
    said = lesson(*LESSON, "run", "01-introduction")
    assert "the executed ones lie in dl-lesson-run" in said.replace("\n", " ")
    assert (tmp_path / "dl-lesson-run" / "01-introduction.ipynb").is_file()


def test_catch_up_finds_the_notebooks(lesson):
    code = (
        "from dl_lesson.course.catch_up import code_before as before; "
        "print(len(before('02-penguins-classification', '6. Train')[1]) > 10)"
    )
    assert lesson(sys.executable, "-c", code) == "True\n"


def test_starters_never_overwrite(lesson, environment, tmp_path):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "03-weather-regression.ipynb").write_text("mine")
    result = subprocess.run(
        [*LESSON, "starters", "class"], env=environment, capture_output=True, text=True
    )
    assert result.returncode == 1 and "name an empty folder" in result.stderr
    assert [path.name for path in (tmp_path / "class").iterdir()] == ["03-weather-regression.ipynb"]
