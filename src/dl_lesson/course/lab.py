"""``dl-lesson lab``: open JupyterLab on a working copy of the notebooks."""

import os
import shutil
import sys
from pathlib import Path

from ipykernel.kernelspec import write_kernel_spec

from dl_lesson.course.execution import KERNEL_OPTIONS
from dl_lesson.course.files import AuthoringError, Project


def copy_for_learner(project: Project) -> Path:
    """Copy the notebooks, but never over a file that is there already.

    Parameters
    ----------
    project : Project
        Project whose notebooks to copy.

    Returns
    -------
    pathlib.Path
        Folder of the copies.

    Raises
    ------
    AuthoringError
        If the project has no notebooks.
    """
    if not project.notebook_names():
        raise AuthoringError("There is no notebook in this project; run: dl-lesson build")
    folder = project.build / "lab"
    for pattern in ("*.ipynb", "figures/*", "results/*"):
        for source in project.notebooks.glob(pattern):
            copy = folder / source.relative_to(project.notebooks)
            if not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copy)
    return folder


def quiet_kernel(project: Project) -> Path:
    """Write a kernel that keeps the start-up lines of TensorFlow out of the notebooks.

    Parameters
    ----------
    project : Project
        Project in whose build folder to write.

    Returns
    -------
    pathlib.Path
        Folder for ``JUPYTER_PATH``; the kernel in it goes before others called ``python3``.
    """
    folder = project.build / "jupyter"
    kernel = folder / "kernels" / "python3"
    shutil.rmtree(kernel, ignore_errors=True)
    write_kernel_spec(kernel, extra_arguments=KERNEL_OPTIONS)
    return folder


def open_lab(project: Project) -> None:
    """Replace this process by JupyterLab in the folder of the copies."""
    folder = copy_for_learner(project)
    shown = folder.relative_to(project.root).as_posix()
    print(
        f"Your copies are in {shown}; delete one and repeat this command to start it afresh.",
        flush=True,
    )
    paths = [str(quiet_kernel(project)), os.environ.get("JUPYTER_PATH", "")]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, paths))
    os.chdir(folder)
    os.execvp(sys.executable, [sys.executable, "-m", "jupyterlab"])
