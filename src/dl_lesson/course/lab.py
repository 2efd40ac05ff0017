"""``dl-lesson lab``: copy an edition of the notebooks to a folder, and open JupyterLab there."""

import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ipykernel.kernelspec import get_kernel_dict, write_kernel_spec

from dl_lesson.course.environment import SAME_ARITHMETIC, hiding_modules
from dl_lesson.course.execution import KERNEL_OPTIONS
from dl_lesson.course.files import (
    FURTHER,
    AuthoringError,
    digest,
    read_record,
    write_atomically,
    write_record,
)

# Beside the copies.
RECORD = ".dl-lesson.json"
# JupyterLab asks nobody about news, and no host on the network for them or for newer versions.
SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
PATTERNS = tuple(
    part + pattern
    for part in ("", f"{FURTHER}/")
    for pattern in ("*.ipynb", "solutions/*.ipynb", "figures/*", "results/*")
)


def copy_course(edition: Path, folder: Path) -> list[str]:
    """Copy an edition to a folder, but never over a file that somebody has changed.

    Parameters
    ----------
    edition : pathlib.Path
        Folder with the notebooks of the edition.
    folder : pathlib.Path
        Folder to copy to; it is made if need be.

    Returns
    -------
    list of str
        Names of the files that were kept because they are not what the lesson put there.

    Raises
    ------
    AuthoringError
        If the folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise AuthoringError(f"{folder} is a file; name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    record = folder / RECORD
    copied = read_record(record)
    kept = []
    try:
        for source in sorted(path for pattern in PATTERNS for path in edition.glob(pattern)):
            if source.name.startswith("."):
                continue
            name = source.relative_to(edition).as_posix()
            copy, content = folder / name, _as_opened(source.read_bytes())
            present = copy.read_bytes() if copy.exists() else None
            if present not in (None, content) and copied.get(name) != digest(present):
                kept.append(name)
                continue
            if present != content:
                copy.parent.mkdir(parents=True, exist_ok=True)
                # Aside first, so that a full disk leaves no half notebook behind.
                aside = copy.with_name(f".{copy.name}.part")
                try:
                    aside.write_bytes(content)
                    aside.replace(copy)
                finally:
                    aside.unlink(missing_ok=True)
            copied[name] = digest(content)
    finally:
        # Also when the disk is full: what was renewed up to here is nobody's work.
        write_record(record, copied)
    return kept


def _as_opened(content: bytes) -> bytes:
    """Name the kernel in a notebook as JupyterLab does, which then finds nothing to save in it."""
    # Other files stay as they are.
    with contextlib.suppress(ValueError, KeyError, TypeError):
        notebook = json.loads(content)
        notebook["metadata"]["kernelspec"]["display_name"] = get_kernel_dict()["display_name"]
        notebook["metadata"]["language_info"]["version"] = platform.python_version()
        content = (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
    return content


def quiet_kernel(folder: Path) -> Path:
    """Write a kernel that keeps the start-up lines of TensorFlow out of the notebooks.

    Parameters
    ----------
    folder : pathlib.Path
        Folder to write to.

    Returns
    -------
    pathlib.Path
        Folder for ``JUPYTER_PATH``; the kernel in it goes before others called ``python3``.
    """
    jupyter = folder / ".jupyter-kernel"
    write_quiet_kernel(jupyter / "kernels" / "python3")
    return jupyter


def write_quiet_kernel(kernel: Path) -> None:
    """Write a kernel of this Python that keeps the start-up lines of TensorFlow to itself.

    Parameters
    ----------
    kernel : pathlib.Path
        Folder of the kernel, in place of one that is there.
    """
    shutil.rmtree(kernel, ignore_errors=True)
    write_kernel_spec(kernel, extra_arguments=KERNEL_OPTIONS)


def write_quiet_settings(configuration: Path) -> None:
    """Write what JupyterLab does where its user has not said otherwise.

    Parameters
    ----------
    configuration : pathlib.Path
        A folder in which Jupyter looks for configuration.
    """
    (configuration / "labconfig").mkdir(parents=True, exist_ok=True)
    write_atomically(
        configuration / "labconfig" / "default_setting_overrides.json", json.dumps(SETTINGS) + "\n"
    )


def put_course(edition: Path, folder: Path) -> None:
    """Copy an edition to a folder, and say where it lies and which files were kept.

    Parameters
    ----------
    edition : pathlib.Path
        Folder with the notebooks of the edition.
    folder : pathlib.Path
        Folder of the copies.
    """
    kept = copy_course(edition, folder)
    print(f"The notebooks are in {folder}.", flush=True)
    if kept:
        print(
            f"Kept as you changed them: {', '.join(kept)}. To start one afresh, delete it and "
            "repeat this command.",
            flush=True,
        )


def open_lab(edition: Path, folder: Path, options: Sequence[str] = ()) -> int:
    """Copy an edition to a folder and run JupyterLab there until it is closed.

    Parameters
    ----------
    edition : pathlib.Path
        Folder with the notebooks of the edition.
    folder : pathlib.Path
        Folder of the copies.
    options : sequence of str
        Further options of JupyterLab.

    Returns
    -------
    int
        Exit status of JupyterLab.

    Raises
    ------
    AuthoringError
        If root starts it without saying so.
    """
    if getattr(os, "geteuid", lambda: 1)() == 0 and "--allow-root" not in options:
        raise AuthoringError(
            "JupyterLab does not run as root unless you say so: work as another user, or add the "
            "option: dl-lesson lab -- --allow-root"
        )
    put_course(edition, folder)
    for module in hiding_modules(folder):
        print(
            f"Careful: {module.name} hides the module {module.stem} from the notebooks here; give "
            "it another name.",
            flush=True,
        )
    jupyter = quiet_kernel(folder).resolve()
    write_quiet_settings(jupyter)
    environment = {**SAME_ARITHMETIC, **os.environ}
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        environment[name] = os.pathsep.join(filter(None, [str(jupyter), os.environ.get(name)]))
    if data := os.environ.get("DL_LESSON_DATA"):
        # JupyterLab starts in another folder.
        environment["DL_LESSON_DATA"] = str(Path(data).expanduser().resolve())
    lab = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], cwd=folder, env=environment
    )
    while True:
        try:
            return lab.wait()
        except KeyboardInterrupt:
            # JupyterLab gets Ctrl-C too, and asks whether it is meant.
            continue
        except BaseException:
            # It ends its kernels when it is asked to.
            lab.terminate()
            lab.wait()
            raise
