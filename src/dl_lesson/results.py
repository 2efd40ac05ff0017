"""The table of results that the episodes fill and the last one reads."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dl_lesson.data.sources import DATA_SETS, data_source
from dl_lesson.data.temporary import temporary_folder

FOLDER = Path("results")
KEYS = ("test_set", "n_test", "model", "description", "metric", "value")


def record_results(
    episode: str, data_set: str, results: list[dict[str, Any]] | pd.DataFrame
) -> None:
    """Write the results of an episode to the table of results beside the notebook.

    Parameters
    ----------
    episode : str
        Name of the episode; its earlier results are replaced.
    data_set : str
        Data set that the models were tested on, "weather", say. Where its data came from is
        recorded too; a name that the lesson does not know stands for data of your own.
    results : list of dict or pandas.DataFrame
        One row for each model: ``test_set`` (name of the samples it was tested on), ``n_test``
        (their number), ``model``, ``description``, ``metric`` (with its unit) and ``value``.

    Raises
    ------
    ValueError
        If a row lacks one of these, has another, or its value is not a finite number.
    """
    table = pd.DataFrame(results)
    if set(table.columns) != set(KEYS) or table.isna().any(axis=None):
        raise ValueError(
            f"Each result of {episode} needs {', '.join(KEYS)}, and nothing else; "
            f"these have {', '.join(map(str, table.columns)) or 'no row'}."
        )
    table = table[list(KEYS)].astype({"value": float})
    if not np.isfinite(table["value"]).all():
        raise ValueError(f"A value among the results of {episode} is not a finite number.")
    table.insert(0, "data_set", data_set)
    table.insert(1, "data_source", data_source(data_set) if data_set in DATA_SETS else "own")
    # Four decimals, and of small values four digits that are not zero.
    table["value"] = [float(f"{v:.4f}" if abs(v) >= 0.001 else f"{v:.4g}") for v in table["value"]]
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{episode}.csv"
    with temporary_folder(".recording-", FOLDER) as aside:
        table.to_csv(aside / path.name, index=False, lineterminator="\n")
        (aside / path.name).replace(path)
    print(f"Recorded {len(table)} results in {path.as_posix()}")


def read_results() -> pd.DataFrame:
    """Read the results that the episodes have recorded beside the notebook.

    Returns
    -------
    pandas.DataFrame
        One row for each model and test set: ``episode``, ``data_set``, ``data_source``, and what
        `record_results` takes.

    Raises
    ------
    FileNotFoundError
        If nothing was recorded beside the notebook.
    """
    # Copies that JupyterLab or another system has put beside them would count twice.
    paths = sorted(
        path
        for path in FOLDER.glob("*.csv")
        if not path.name.startswith(".") and not re.search(r"-Copy\d+$", path.stem)
    )
    if not paths:
        raise FileNotFoundError(
            "There is no table in the folder results beside this notebook; run one of the "
            "notebooks of episodes 2 to 5 first."
        )
    tables = [pd.read_csv(path).assign(episode=path.stem) for path in paths]
    table = pd.concat(tables, ignore_index=True)
    return table[["episode", *table.columns.drop("episode")]]
