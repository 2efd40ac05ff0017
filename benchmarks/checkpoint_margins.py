"""Measure how far the checkpoints of an episode are from their bounds, over seeds and threads.

Runs the notebook of each episode, as its text gives it today, with every seed that it sets shifted,
and notes what the checkpoints get instead of stopping at the first that fails::

    python benchmarks/checkpoint_margins.py 04-dollar-street-cnn --shifts 1 2 3 4 5 --threads 1 2 4
"""

import argparse
import json
import tempfile
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from dl_lesson.authoring.editions.derive import derive
from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.execution import execute, notebook_environment
from dl_lesson.course.files import Project, select

NOTED = "checkpoints.json"
# Seeds of one notebook lie close to each other; a shift must not turn one into the next.
STEP = 1000
FIRST_CELL = """
import json
import keras
import numpy as np
import dl_lesson.checkpoints

noted = []
original_checkpoint = dl_lesson.checkpoints.checkpoint
original_seed = keras.utils.set_random_seed

def note(claim, value, at_least=None, at_most=None, equals=None):
    try:
        original_checkpoint(claim, value, at_least, at_most, equals)
        holds = True
    except dl_lesson.checkpoints.CheckpointError:
        holds = False
    row = {{"claim": claim, "holds": holds, "at_least": at_least, "at_most": at_most}}
    if at_least is not None or at_most is not None:
        values = np.asarray(value, dtype=float)
        row.update(lowest=float(values.min()), highest=float(values.max()))
    noted.append(row)
    with open("{noted}", "w") as file:
        json.dump(noted, file, default=float)

dl_lesson.checkpoints.checkpoint = note
keras.utils.set_random_seed = lambda seed: original_seed(seed + {shift})
"""
THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


def run(project: Project, name: str, shift: int, threads: int) -> tuple[list[dict], pd.DataFrame]:
    """Run an episode once.

    Returns
    -------
    checkpoints : list of dict
        What each checkpoint got, in order.
    results : pandas.DataFrame
        What the episode recorded; empty when it records nothing.
    """
    notebook = to_notebook(derive(read_episode(project, name), "executed"))
    first = FIRST_CELL.format(noted=NOTED, shift=shift * STEP)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(first))
    environment = notebook_environment(fetched=True)
    environment.update(dict.fromkeys(THREADS, str(threads)))
    with tempfile.TemporaryDirectory() as folder:
        results = project.results(name).parent
        copy = Path(folder) / "results"
        copy.mkdir()
        for path in results.glob("*.csv"):
            (copy / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        execute(notebook, name, Path(folder), environment, strict=True, cell_seconds=600)
        noted = json.loads((Path(folder) / NOTED).read_text())
        recorded = copy / f"{name}.csv"
        table = pd.read_csv(recorded) if recorded.exists() else pd.DataFrame()
    return noted, table


def summarise(runs: list[list[dict]]) -> list[tuple[str, str, str, str]]:
    """Return claim, bound, range of values and number of failures for each checkpoint.

    Exact claims are left out as long as they hold in each run.
    """
    rows = []
    for same in zip(*runs, strict=True):
        claim, failed = same[0]["claim"], sum(not row["holds"] for row in same)
        bounds = [
            f"{sign} {same[0][key]:g}"
            for key, sign in (("at_least", ">="), ("at_most", "<="))
            if same[0][key] is not None
        ]
        if not bounds and not failed:
            continue
        lowest = np.min([row.get("lowest", np.nan) for row in same])
        highest = np.max([row.get("highest", np.nan) for row in same])
        rows.append((claim, ", ".join(bounds), f"{lowest:.4g} .. {highest:.4g}", str(failed or "")))
    return rows


def main() -> None:
    """Measure the episodes named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("episodes", nargs="*", help="names of episodes; all when none is given")
    parser.add_argument("--shifts", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2, 4])
    options = parser.parse_args()
    project, console = Project.current(), Console(width=140)
    for name in select(options.episodes, project.episode_names(), "episode"):
        runs, results = [], []
        for threads in options.threads:
            for shift in options.shifts:
                noted, recorded = run(project, name, shift, threads)
                runs.append(noted)
                results.append(recorded)
                failed = [row["claim"] for row in noted if not row["holds"]]
                console.print(f"{name}: shift {shift}, {threads} threads, failed: {failed}")
        table = Table("claim", "bound", "range", "failed", title=f"{name}, {len(runs)} runs")
        for row in summarise(runs):
            table.add_row(*row)
        console.print(table)
        recorded = pd.concat(results)
        if len(recorded):
            values = recorded.groupby(["test_set", "model", "metric"], sort=False)["value"]
            console.print(values.agg(["mean", "std", "min", "max"]).round(4).to_string())


if __name__ == "__main__":
    main()
