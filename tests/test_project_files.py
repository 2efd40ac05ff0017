"""The files that describe the installation agree with each other."""

import ast
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from dl_lesson.course.files import Project, named_files

ROOT = Path(__file__).parents[1]
PYTHONS = ["3.11", "3.12", "3.13"]
SYSTEMS = [("linux", "Linux"), ("darwin", "Darwin"), ("win32", "Windows")]


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


LOCKS = {
    "requirements.lock": (),
    "requirements-author.lock": ("authoring", "site", "browser", "test"),
}


def locked(name):
    """Return what a lock pins: a requirement for each package, or for each of its markers."""
    lines = re.findall(r"^([a-z0-9][^\\\n]*)\\?$", (ROOT / name).read_text(encoding="utf-8"), re.M)
    return [Requirement(line.strip()) for line in lines]


def imported_modules(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return modules_of("\n".join(cell.source for cell in cells))


def modules_of(code):
    """Return the first names of all absolute imports."""
    names = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.append(node.module)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    "path", named_files(ROOT / "notebooks", "*.ipynb").values(), ids=lambda path: path.stem
)
def test_each_package_that_a_notebook_imports_is_required(project, path):
    required = {Requirement(line).name for line in project["dependencies"]}
    distributions = importlib.metadata.packages_distributions()
    # A lesson leaves out the row of XGBoost where it is not installed.
    modules = imported_modules(path) - sys.stdlib_module_names - {"dl_lesson", "xgboost"}
    assert "keras" in modules
    missing = {name for name in modules if not required & set(distributions[name])}
    assert missing == set()


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS, ids=[name for _, name in SYSTEMS])
def test_lock_fulfils_each_requirement(project, name, python, system):
    versions = pinned_on(name, python, system)
    wanted = [*project["dependencies"]]
    for extra in LOCKS[name]:
        wanted += project["optional-dependencies"][extra]
    unmet = [
        line
        for line in wanted
        if not Requirement(line).specifier.contains(versions.get(Requirement(line).name, "0"))
    ]
    assert unmet == []


def pinned_on(name, python, system):
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": system[0],
        "platform_system": system[1],
        "extra": "",
    }
    return {
        requirement.name: str(requirement.specifier).removeprefix("==")
        for requirement in locked(name)
        if requirement.marker is None or requirement.marker.evaluate(environment)
    }


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS, ids=[name for _, name in SYSTEMS])
def test_a_learner_gets_the_versions_of_the_author(python, system):
    learner = pinned_on("requirements.lock", python, system)
    author = pinned_on("requirements-author.lock", python, system)
    assert {name: version for name, version in learner.items() if author.get(name) != version} == {}


def test_a_learner_gets_no_package_of_the_author(project):
    learner = {requirement.name for requirement in locked("requirements.lock")}
    needed = {Requirement(line).name for line in project["dependencies"]}
    extras = LOCKS["requirements-author.lock"]
    of_author = {
        Requirement(line).name
        for extra in extras
        for line in project["optional-dependencies"][extra]
    }
    # Jupyter needs these for itself, but pillow, which Matplotlib does; nbval the last two.
    shared = {"beautifulsoup4", "markdown-it-py", "nbconvert", "pyyaml", "pillow"}
    shared |= {"jinja2", "websocket-client"}
    assert learner & (of_author - needed) == {*shared, "pytest", "coverage"}
    assert not learner & {"sphinx", "docutils", "playwright", "ruff", "hatchling"}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_pins_and_hashes_each_package(name):
    assert len(locked(name)) > 100
    assert all(str(requirement.specifier).startswith("==") for requirement in locked(name))
    lock_text = (ROOT / name).read_text(encoding="utf-8")
    pinned, hashed = lock_text.count("=="), len(re.findall(r"\\\n    --hash=sha256:", lock_text))
    blocks = re.split(r"\n(?=[a-z0-9])", lock_text.strip())
    assert all("--hash=sha256:" in block for block in blocks if not block.startswith("#"))
    assert hashed >= pinned > 0


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_host(name):
    lock_text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"https?:|--index|--find-links|--extra", lock_text) == []


# Folders of the package, and the extras whose packages their modules may import.
ROOMS = {".": (), "data": (), "course": (), "authoring": LOCKS["requirements-author.lock"]}


@pytest.mark.parametrize("room", ROOMS)
def test_each_package_that_a_module_imports_is_required_by_its_room(project, room):
    wanted = [*project["dependencies"]]
    for extra in ROOMS[room]:
        wanted += project["optional-dependencies"][extra]
    required = {Requirement(line).name for line in wanted}
    folder = ROOT / "src" / "dl_lesson" / room
    paths = folder.glob("*.py") if room == "." else folder.rglob("*.py")
    modules = set().union(*(modules_of(path.read_text(encoding="utf-8")) for path in paths))
    distributions = importlib.metadata.packages_distributions()
    foreign = {
        name: {canonicalize_name(distribution) for distribution in distributions[name]}
        for name in modules - sys.stdlib_module_names - {"dl_lesson"}
    }
    assert len(foreign) > 2
    assert {name for name, packages in foreign.items() if not required & packages} == set()


def test_conda_environment_installs_the_lock_on_the_same_pythons(project):
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip_section = environment["dependencies"]
    python = Requirement(next(line for line in conda if line.startswith("python")))
    assert python.specifier == SpecifierSet(project["requires-python"])
    assert pip_section == {"pip": ["--require-hashes", "--requirement requirements.lock"]}


def test_readme_lists_each_episode_with_its_minutes():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    project = Project(ROOT)
    assert readme.count("(notebooks/") == len(project.episode_names()) > 0
    for name in project.episode_names():
        path, notebook = project.source(name), project.shown(project.notebook(name))
        front_matter = yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1])
        minutes = f"{front_matter['teaching']} min | {front_matter['exercises']} min |"
        assert f"[{name}]({notebook}) | {minutes}" in readme


def test_each_supported_python_is_tried_by_the_workflow(project):
    workflow = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
    for python in PYTHONS:
        assert python in SpecifierSet(project["requires-python"])
        assert f'"{python}"' in workflow


SCRIPT = ROOT / "tools" / "make_environment.sh"


def make_environment(folder, programs):
    """Run the installation script in a folder where only some programs exist."""
    programs_folder = folder / "bin"
    programs_folder.mkdir()
    for name, text in programs.items():
        program = programs_folder / name
        program.write_text(text)
        program.chmod(0o755)
    return subprocess.run(
        [shutil.which("sh"), str(SCRIPT)],
        cwd=folder,
        env={"PATH": str(programs_folder)},
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(os.name == "nt", reason="make and sh are not part of Windows")
@pytest.mark.parametrize("programs", [{}, {"python3": "#!/bin/sh\nexit 1\n"}])
def test_missing_or_old_python_is_one_sentence(tmp_path, programs):
    result = make_environment(tmp_path, programs)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "install one from https://www.python.org/downloads" in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="make and sh are not part of Windows")
def test_missing_venv_module_is_one_sentence(tmp_path):
    # Stands for a Debian Python without python3-venv: everything works but that import.
    python = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n'
    result = make_environment(tmp_path, {"python3": python})
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "apt install python3-venv" in result.stderr
    assert not (tmp_path / ".venv").exists()


def test_each_page_names_the_version_of_the_project(project):
    version = project["version"]
    for name in ("README.md", "site/pages/setup.md", "environment.yml"):
        wheels = re.findall(r"dl_lesson-([\d.]+)-py3", (ROOT / name).read_text(encoding="utf-8"))
        assert set(wheels) == {version}, name
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == version
    assert f"version {version}." in (ROOT / "site/pages/licence.md").read_text(encoding="utf-8")
    first, *_ = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert first == version


def test_setup_shows_a_line_of_the_check_for_each_package(project):
    setup = (ROOT / "site/pages/setup.md").read_text(encoding="utf-8")
    shown = re.findall(r"^OK    ([a-z-]+): \S+ \(required (.+)\)$", setup, re.M)
    required = [Requirement(line) for line in project["dependencies"]]
    assert sorted(shown) == sorted((r.name, str(r.specifier)) for r in required)


def test_the_oldest_set_holds_the_lowest_version_that_is_allowed(project):
    pinned = {r.name: r.specifier for r in locked("tests/oldest/requirements.lock")}
    wanted = [*project["dependencies"]]
    for extra in ("authoring", "site", "test"):
        wanted += project["optional-dependencies"][extra]
    lowest = {r.name: re.sub(">=", "==", str(r.specifier)) for r in map(Requirement, wanted)}
    differing = {
        name: (bound, str(pinned[name]))
        for name, bound in lowest.items()
        if not SpecifierSet(bound).contains(str(pinned[name]).removeprefix("=="))
    }
    assert len(lowest) > 40 and differing == {}


def test_no_workflow_keeps_the_credentials_of_its_checkout():
    checkouts = [
        step
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert len(checkouts) > 5
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_each_action_of_the_workflows_is_pinned_by_its_hash():
    used = [
        line.split("uses:")[1].strip()
        for path in (ROOT / ".github/workflows").glob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "uses:" in line
    ]
    assert len(used) > 10
    assert [
        action for action in used if not re.fullmatch(r"\S+@[0-9a-f]{40} # v[\d.]+", action)
    ] == []


@pytest.mark.skipif(os.name == "nt", reason="make and sh are not part of Windows")
def test_the_bill_of_materials_names_each_package_of_a_learner(tmp_path):
    command = (ROOT / "Makefile").read_text(encoding="utf-8").partition("cyclonedx-py ")[2]
    words = command.partition("\n\t@")[0].replace("\\\n", " ").split()
    words[-1] = str(tmp_path / "bill.json")
    tool = Path(sys.executable).with_name("cyclonedx-py")
    subprocess.run([tool, *words], cwd=ROOT, check=True, capture_output=True)
    bill = json.loads((tmp_path / "bill.json").read_text(encoding="utf-8"))
    assert bill["metadata"]["component"]["name"] == "dl-lesson"
    listed = {(c["name"], f"=={c['version']}") for c in bill["components"]}
    assert listed == {(r.name, str(r.specifier)) for r in locked("requirements.lock")}
    hashed = [r for c in bill["components"] for r in c["externalReferences"] if r.get("hashes")]
    assert len(hashed) == len(bill["components"])


def test_a_citation_made_from_the_file_has_a_year():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    year = citation["date-released"].year
    licence = (ROOT / "site/pages/licence.md").read_text(encoding="utf-8")
    assert f"The dl-lesson contributors ({year})." in licence
