"""The one place that says in which environment notebooks are executed."""

import os
from pathlib import Path

THREADS = 2
# Settings of a user's shell that would change plots, or the width and colours of tables.
LEFT_OUT = (
    "DL_LESSON_DATA",
    "MPLBACKEND",
    "COLUMNS",
    "LINES",
    "JUPYTER_COLUMNS",
    "JUPYTER_LINES",
    "NO_COLOR",
    "FORCE_COLOR",
)


def execution_environment(data=None):
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
        hold raise an error.
    """
    environment = dict(os.environ)
    for name in LEFT_OUT:
        environment.pop(name, None)
    environment.update(
        DL_LESSON_CHECKPOINTS="strict",
        DL_LESSON_PROGRESS="off",
        DL_LESSON_BUNDLED_ONLY="1",
        PYTHONHASHSEED="0",
        TF_CPP_MIN_LOG_LEVEL="3",
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
