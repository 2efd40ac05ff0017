"""The table of results that the episodes fill and the last one reads."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dl_lesson.data.errors import DataError
from dl_lesson.data.sources import DATA_SETS, data_source
from dl_lesson.data.tables import read_csv
from dl_lesson.data.temporary import temporary_folder

FOLDER = Path("results")
KEYS = ("test_set", "n_test", "model", "description", "metric", "value")


def record_results(
    episode: str, data_set: str, results: list[dict[str, Any]] | dict[str, Any] | pd.DataFrame
) -> None:
    """Write the results of an episode to the table of results beside the notebook.

    Parameters
    ----------
    episode : str
        Name of the episode; its earlier results are replaced.
    data_set : str
        Data set that the models were tested on, "weather", say. Where its data came from is
        recorded too; a name that the lesson does not know stands for data of your own.
    results : list of dict, dict or pandas.DataFrame
        One row for each model: ``test_set`` (name of the samples it was tested on), ``n_test``
        (their number), ``model``, ``description``, ``metric`` (with its unit) and ``value``.

    Raises
    ------
    ValueError
        If a row lacks one of these, has another, or its value is not a finite number.
    """
    table = pd.DataFrame([results] if isinstance(results, dict) else results)
    if set(table.columns) != set(KEYS):
        raise ValueError(
            f"Each result of {episode} needs {', '.join(KEYS)}, and nothing else; "
            f"these have {', '.join(map(str, table.columns)) or 'no row'}."
        )
    values = pd.to_numeric(table["value"], errors="coerce").astype(float)
    if not (finite := np.isfinite(values)).all():
        raise ValueError(
            f"A value among the results of {episode} is not a finite number: "
            f"{table['value'][~finite].iloc[0]}."
        )
    if missing := [key for key in KEYS if table[key].isna().any()]:
        raise ValueError(f"A result of {episode} has nothing under {', '.join(missing)}.")
    table = table[list(KEYS)].assign(value=values)
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
    DataError
        If a file there is no table of results.
    """
    paths = sorted(path for path in FOLDER.glob("*.csv") if not path.name.startswith("."))
    tables: dict[str, pd.DataFrame] = {}
    copies = []
    for path in paths:
        # A copy shows by its name, or by what it holds. It would count twice.
        table = None if _has_name_of_copy(path, paths) else _read(path)
        if table is None or any(table.equals(other) for other in tables.values()):
            copies.append(path.name)
        else:
            tables[path.stem] = table
    if copies:
        print(f"Left out as copies: {', '.join(copies)}")
    if not tables:
        raise FileNotFoundError(
            "There is no table in the folder results beside this notebook; run one of the "
            "notebooks of episodes 2 to 5 first."
        )
    table = pd.concat([t.assign(episode=name) for name, t in tables.items()], ignore_index=True)
    return table[["episode", *table.columns.drop("episode")]]


def _has_name_of_copy(path: Path, paths: list[Path]) -> bool:
    """Tell whether the name of a file is another's with what a system adds to it for a copy.

    JupyterLab adds ``-Copy1``. Others begin with a space: `` (1)``, `` copy``, `` - Kopie``.
    """
    return any(re.match(rf"{re.escape(p.stem)}( |-Copy\d+$)", path.stem) for p in paths)


def _read(path: Path) -> pd.DataFrame:
    try:
        table = read_csv(path)
        if missing := [key for key in ("data_set", "data_source", *KEYS) if key not in table]:
            raise DataError(f"{path}: column {missing[0]} is missing")
    except DataError as error:
        raise DataError(f"{error}; delete it, and run its notebook again.") from error
    return table
