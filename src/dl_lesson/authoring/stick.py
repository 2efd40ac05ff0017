"""``dl-lesson stick``: everything for a room without a network, in one folder."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.requirements import Requirement

from dl_lesson.authoring.website.site import build_site
from dl_lesson.course.files import AuthoringError, Project
from dl_lesson.data.temporary import temporary_folder

# Tags of wheels that run on each system, and what the markers of the lock ask for there.
SYSTEMS = {
    "linux": (
        [f"manylinux_2_{minor}_x86_64" for minor in (34, 28, 27, 24, 17, 12, 5)]
        + ["manylinux2014_x86_64", "manylinux2010_x86_64", "linux_x86_64"],
        {
            "sys_platform": "linux",
            "platform_system": "Linux",
            "os_name": "posix",
            "platform_machine": "x86_64",
        },
    ),
    "macos": (
        [
            f"macosx_{major}_0_{kind}"
            for major in (14, 13, 12, 11)
            for kind in ("arm64", "universal2")
        ]
        + [f"macosx_10_{minor}_universal2" for minor in (15, 13, 12, 9)],
        {
            "sys_platform": "darwin",
            "platform_system": "Darwin",
            "os_name": "posix",
            "platform_machine": "arm64",
        },
    ),
    "windows": (
        ["win_amd64"],
        {
            "sys_platform": "win32",
            "platform_system": "Windows",
            "os_name": "nt",
            "platform_machine": "AMD64",
        },
    ),
}
# Bytes: packages for one system and one Python, and what is on the stick once.
SPACE_FOR_ONE, SPACE_FOR_ALL = 0.9e9, 0.15e9

README = """\
An introduction to deep learning: everything for a room without a network
=========================================================================

Packages for: {targets}

1. Copy this folder to your computer.
2. Open a terminal in the copy (on Windows: PowerShell) and make an environment.

   Linux and macOS       python3 -m venv lesson
                         source lesson/bin/activate
   Windows               py -3.13 -m venv lesson
                         lesson\\Scripts\\activate

3. Install from this folder. Nothing is fetched from a network.

   python -m pip install --no-user --no-index --find-links wheels {wheel}

4. Look whether all is well, then open the notebooks.

   dl-lesson check
   dl-lesson lab

The website of the lesson, with setup, glossary and solutions: open website/index.html in a browser.
"""


def write_stick(
    project: Project, folder: Path, systems: Iterable[str], pythons: Iterable[str]
) -> None:
    """Write wheels for the systems named, the lesson's wheel, its website, and how to install.

    Parameters
    ----------
    project : Project
        Checkout to write from. The data travel in the lesson's wheel.
    folder : pathlib.Path
        Folder to write to, empty or not there yet.
    systems : iterable of str
        Keys of ``SYSTEMS``.
    pythons : iterable of str
        Versions of Python, "3.13", say.

    Raises
    ------
    AuthoringError
        If a system or version is unknown, the folder holds something, there is no room for it, or a
        package cannot be fetched. Nothing half-written stays.
    """
    targets = [(system, python) for system in systems for python in pythons]
    for system, python in targets:
        if system not in SYSTEMS or python not in ("3.11", "3.12", "3.13"):
            raise AuthoringError(
                f"There is no {system} with Python {python} here; systems: {', '.join(SYSTEMS)}; "
                "versions: 3.11, 3.12, 3.13."
            )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AuthoringError(f"{folder} holds something already; name an empty folder.")
    parent = next(path for path in folder.resolve().parents if path.exists())
    needed = SPACE_FOR_ALL + SPACE_FOR_ONE * len(targets)
    free = shutil.disk_usage(parent).free
    if free < needed:
        raise AuthoringError(
            f"{folder} needs about {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free there; "
            "make room, or name fewer systems."
        )
    site = project.root / build_site(project)
    with temporary_folder(".stick-", parent) as temporary:
        written = temporary / "stick"
        (written / "wheels").mkdir(parents=True)
        wheel = _own_wheel(project, written)
        lock = (project.root / "requirements.lock").read_text(encoding="utf-8")
        for system, python in targets:
            _fetch(lock, system, python, written / "wheels")
        shutil.copytree(site.parent, written / "website")
        named = ", ".join(f"{system} with Python {python}" for system, python in targets)
        text = README.format(targets=named, wheel=wheel)
        (written / "README.txt").write_text(text, encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        written.rename(folder)


def _own_wheel(project: Project, folder: Path) -> str:
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, project.root)
    (wheel,) = folder.glob("*.whl")
    return wheel.name


def _fetch(lock: str, system: str, python: str, folder: Path) -> None:
    """Let pip fetch the locked wheels of one system and one Python."""
    platforms, _ = SYSTEMS[system]
    digits = python.replace(".", "")
    options = [f"--platform={name}" for name in platforms]
    options += [f"--abi={name}" for name in (f"cp{digits}", "abi3", "none")]
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, "requirements.txt")
        path.write_text("\n".join(locked(lock, system, python)) + "\n", encoding="utf-8")
        _pip(
            *("download", "--only-binary=:all:", "--no-deps", "--require-hashes", "--dest", folder),
            *("--implementation=cp", f"--python-version={python}", *options),
            *("--requirement", path),
        )


def locked(lock: str, system: str, python: str) -> Iterator[str]:
    """Yield the requirements of the lock, with their hashes, that one system needs.

    Parameters
    ----------
    lock : str
        Content of ``requirements.lock``, with markers for all systems. Pip would evaluate them for
        the computer that it runs on.
    system, python : str
        Key of ``SYSTEMS``, and version of Python.
    """
    environment = SYSTEMS[system][1] | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    for block in lock.replace("\\\n", " ").splitlines():
        words = block.partition("#")[0].strip()
        if not words:
            continue
        requirement = Requirement(words.partition("--hash")[0].strip())
        if requirement.marker is None or requirement.marker.evaluate(environment):
            hashes = " ".join(word for word in words.split() if word.startswith("--hash"))
            yield f"{requirement.name}{requirement.specifier} {hashes}"


def _pip(*arguments: object) -> None:
    command = [sys.executable, "-m", "pip", *map(str, arguments)]
    result = subprocess.run(
        [*command, "--quiet", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if line.startswith("ERROR")]
        problem = (lines or result.stderr.strip().splitlines() or ["no message"])[-1]
        raise AuthoringError(f"pip {arguments[0]} failed: {problem.removeprefix('ERROR: ')}")
