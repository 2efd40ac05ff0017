"""The one place that says in which environment notebooks are executed."""

import atexit
import contextlib
import functools
import importlib.machinery
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

THREADS = 2
# TensorFlow takes the faster convolutions of oneDNN by itself on new processors only. On others an
# epoch of the first CNN of episode 4 takes a third less of their time with it.
SAME_ARITHMETIC = {"TF_ENABLE_ONEDNN_OPTS": "1"}
# What the lesson is written for, by the names in Keras's own file of settings.
KERAS = {"backend": "tensorflow", "image_data_format": "channels_last", "floatx": "float32"}
# Begins the line with which a Python of its own answers.
ANSWER = "dl-lesson answers: "
# Settings of a user's shell that would change plots, the width and colours of tables, or what a
# kernel runs first.
LEFT_OUT = (
    "PYTHONSTARTUP",
    "PYTHONWARNINGS",
    "DL_LESSON_DATA",
    "MPLBACKEND",
    "COLUMNS",
    "LINES",
    "JUPYTER_COLUMNS",
    "JUPYTER_LINES",
    "NO_COLOR",
    "FORCE_COLOR",
)


def execution_environment(data: Path | None = None) -> dict[str, str]:
    """Return the environment variables for executing a notebook as build and tests do.

    Parameters
    ----------
    data : pathlib.Path, optional
        Folder with real data. Without it the bundled data are used, whatever a
        cache on this machine holds.

    Returns
    -------
    dict of str to str
        The current environment with the number of threads pinned, because sums in
        another order change trained numbers, and with live displays and the log
        lines of TensorFlow switched off, because they cannot be compared. Claims that do not
        hold raise an error. IPython, matplotlib and Keras find no settings of the user's.
    """
    environment = without_settings()
    for name in LEFT_OUT:
        environment.pop(name, None)
    environment.update(
        DL_LESSON_CHECKPOINTS="strict",
        DL_LESSON_PROGRESS="off",
        DL_LESSON_BUNDLED_ONLY="1",
        PYTHONHASHSEED="0",
        TF_CPP_MIN_LOG_LEVEL="3",
        **SAME_ARITHMETIC,
        TF_NUM_INTRAOP_THREADS=str(THREADS),
        TF_NUM_INTEROP_THREADS=str(THREADS),
        # Threads of scikit-learn and numpy wait for each other by spinning. With several notebooks
        # at once, a regression of a second then takes minutes.
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
    )
    if data is not None:
        environment["DL_LESSON_DATA"] = str(Path(data).resolve())
    return environment


def without_settings() -> dict[str, str]:
    """Return the current environment, in which IPython, matplotlib and Keras find no settings.

    Returns
    -------
    dict of str to str
        Environment variables.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KERAS_")}
    folder = _empty_folder()
    environment.update(
        IPYTHONDIR=str(folder / "ipython"),
        KERAS_HOME=str(folder / "keras"),
        KERAS_BACKEND=KERAS["backend"],
    )
    # An empty folder for matplotlib would make each kernel look for all fonts again.
    matplotlib = importlib.util.find_spec("matplotlib")
    if matplotlib and matplotlib.origin:
        usual = Path(matplotlib.origin).parent / "mpl-data" / "matplotlibrc"
        environment["MATPLOTLIBRC"] = str(usual)
    return environment


@functools.cache
def _empty_folder() -> Path:
    """Return a folder that is deleted when this process ends."""
    # Every notebook imports this module, and needs no such folder.
    from dl_lesson.data.temporary import temporary_folder

    folder = temporary_folder("dl-lesson-settings-")
    path = folder.__enter__()
    atexit.register(folder.__exit__, None, None, None)
    return path


def foreign_keras_settings() -> list[str]:
    """Say which of the user's settings of Keras the lesson cannot work with.

    Keras itself is not imported: with another backend that would fail.

    Returns
    -------
    list of str
        For each, what is set, where, and what to do; empty when all is well.
    """
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras").expanduser()
    path, found = home / "keras.json", {}
    # Often there is no such file; one that is no JSON, Keras passes over, too.
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
    settings = [
        (f'{name} is "{found[name]}" in {path}', f'write "{right}" there, or delete the file')
        for name, right in KERAS.items()
        if isinstance(found, dict) and found.get(name, right) != right
    ]
    if backend := os.environ.get("KERAS_BACKEND"):
        # The variable goes before the file.
        settings = [entry for entry in settings if not entry[0].startswith("backend ")]
        if backend != KERAS["backend"]:
            settings.insert(0, (f"KERAS_BACKEND is {backend}", "unset this variable"))
    return [f"{what}, the lesson needs another value; {remedy}" for what, remedy in settings]


def warn_of_settings() -> None:
    """Say in one line, in a learner's notebook, that Keras is set otherwise than it should be."""
    if problems := foreign_keras_settings():
        print(f"Careful: {'. '.join(problems)}. Then restart the kernel.")


def hiding_modules(folder: Path) -> list[Path]:
    """Find a user's own modules that hide others of the same name from notebooks beside them.

    Parameters
    ----------
    folder : pathlib.Path
        Folder in which notebooks are run.

    Returns
    -------
    list of pathlib.Path
        Modules and packages, ``keras.py``, say.
    """
    elsewhere = [path for path in sys.path if path and Path(path).resolve() != folder.resolve()]
    own = [*folder.glob("*.py"), *(path.parent for path in folder.glob("*/__init__.py"))]
    # Nobody imports the tests of Python itself.
    return sorted(
        path
        for path in own
        if path.stem != "test"
        and importlib.machinery.PathFinder.find_spec(path.stem, elsewhere) is not None
    )


def ask_apart(
    code: str, *arguments: str, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own, where it calls ``answer`` with what it has found.

    Parameters
    ----------
    code : str
        Python code.
    *arguments : str
        Its ``sys.argv[1:]``.
    environment : dict of str to str
        Environment variables.

    Returns
    -------
    subprocess.CompletedProcess
        For `answer_of`.
    """
    answer = f"import json; answer = lambda found: print('\\n{ANSWER}' + json.dumps(found)); "
    # -P: what lies in the current folder is not imported.
    command = [sys.executable, "-P", "-c", answer + code, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def answer_of(process: subprocess.CompletedProcess[str]) -> Any:
    """Return what the code of `ask_apart` has found, whatever start-up scripts have printed."""
    line = process.stdout.rpartition(f"\n{ANSWER}")[2]
    return json.loads(line.splitlines()[0])
