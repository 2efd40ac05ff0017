"""Execute notebooks as other machines would, and say in what they differ from the committed ones.

Keeps a table in ``repeatability.csv`` and prints it as a matrix: under each condition, how many
claims hold in each notebook, in how many runs, and which compared outputs are others. Trained
numbers move between machines and are not compared; their claims are::

    python benchmarks/repeatability.py 01-introduction 02-penguins-classification --runs 10
"""

import argparse
import datetime
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from nbformat import NotebookNode
from rich.console import Console
from rich.table import Table

from dl_lesson.course.execution import Execution, ExecutionError, execute, notebook_environment
from dl_lesson.course.files import FURTHER, AuthoringError, Project, named_files, select

RECORD = Path(__file__).with_suffix(".csv")
THREADS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")
# Instructions of this processor that numpy chooses while it runs, and can do without.
CHOSEN = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
SAME_AGAIN = "the same again"


@dataclass(frozen=True)
class Condition:
    """What is otherwise than in the tests: environment variables, and the folder's name."""

    name: str
    variables: dict[str, str] = field(default_factory=dict)
    folder: str = "work"


CONDITIONS = [
    Condition(SAME_AGAIN),
    Condition("1 thread", dict.fromkeys(THREADS, "1")),
    Condition("4 threads", dict.fromkeys(THREADS, "4")),
    Condition("without oneDNN", {"TF_ENABLE_ONEDNN_OPTS": "0"}),
    Condition(
        "instructions of an old processor",
        {
            "ONEDNN_MAX_CPU_ISA": "SSE41",
            "OPENBLAS_CORETYPE": "Nehalem",
            "NPY_DISABLE_CPU_FEATURES": " ".join(CHOSEN),
        },
    ),
    Condition(
        "other language and time zone",
        {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"},
    ),
    Condition("folder with other signs", folder="Grüße an 'alle' & $1"),
]


@dataclass(frozen=True)
class Outcome:
    """What a notebook showed under a condition."""

    held: int
    claims: int
    others: list[str]

    @property
    def is_same(self) -> bool:
        """Whether all claims hold and nothing that is compared differs."""
        return self.held == self.claims and not self.others

    def __str__(self) -> str:
        """Return the claims that hold, and the cells that show something else."""
        others = f"; other output: {', '.join(self.others)}" if self.others else ""
        return f"{self.held} of {self.claims}{others}"


def run(path: Path, condition: Condition) -> Outcome:
    """Execute a copy of a notebook under a condition."""
    committed = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, condition.folder)
        folder.mkdir()
        for needed in ("figures", "results"):
            if (path.parent / needed).is_dir():
                shutil.copytree(path.parent / needed, folder / needed)
        notebook = nbformat.read(path, as_version=4)
        environment = notebook_environment() | condition.variables
        try:
            done = execute(notebook, path.stem, folder, environment, strict=False)
        except ExecutionError as error:
            n_claims = len(Execution(committed, seconds=0, peak_memory=0).claims)
            return Outcome(0, n_claims, [str(error).splitlines()[0]])
    return Outcome(
        done.n_checkpoints,
        done.n_checkpoints + len(done.failed_claims),
        list(differing(done.notebook, committed)),
    )


def differing(executed: NotebookNode, committed: NotebookNode) -> Iterator[str]:
    """Yield the cells that show another text, of those that the tests compare."""
    left_out = {"nbval-ignore-output", "checkpoint"}
    if executed.metadata.dl_lesson.data != committed.metadata.dl_lesson.data:
        left_out.add("data-output")
    for cell, before in zip(executed.cells, committed.cells, strict=True):
        is_compared = cell.cell_type == "code" and not left_out & set(cell.metadata.get("tags", ()))
        if is_compared and texts(cell) != texts(before):
            yield cell.id


def texts(cell: NotebookNode) -> list[str]:
    """Return what a cell shows as text."""
    return [
        output.text if output.output_type == "stream" else output.get("data", {}).get("text/plain")
        for output in cell.outputs
    ]


def record(path: Path, notebook: str, condition: Condition, outcomes: list[Outcome]) -> None:
    """Keep what a notebook showed under a condition, in place of what was kept before."""
    different = [cell for outcome in outcomes for cell in outcome.others]
    row = {
        "notebook": notebook,
        "condition": condition.name,
        "runs": len(outcomes),
        "claims": outcomes[0].claims,
        "fewest_claims_held": min(outcome.held for outcome in outcomes),
        "cells_with_other_output": " ".join(dict.fromkeys(different)),
        "date": datetime.date.today().isoformat(),
    }
    table = pd.DataFrame([row])
    if path.exists():
        kept = pd.read_csv(path, keep_default_na=False)
        is_other = (kept["notebook"] != notebook) | (kept["condition"] != condition.name)
        table = pd.concat([kept[is_other], table])
    table.sort_values(["notebook", "condition"]).to_csv(path, index=False, lineterminator="\n")


def matrix(path: Path) -> Table:
    """Return the kept table with a row for each condition and a column for each notebook."""
    kept = pd.read_csv(path, keep_default_na=False)
    notebooks = sorted(kept["notebook"].unique())
    table = Table("condition", *notebooks, title="Claims that hold (runs)")
    for condition in CONDITIONS:
        rows = kept[kept["condition"] == condition.name].set_index("notebook")
        cells = []
        for name in notebooks:
            if name not in rows.index:
                cells.append("not tried")
                continue
            row = rows.loc[name]
            others = row["cells_with_other_output"]
            cells.append(
                f"{row['fewest_claims_held']} of {row['claims']} ({row['runs']})"
                + (f"; other output: {others}" if others else "")
            )
        table.add_row(condition.name, *cells)
    return table


def number_of_runs(text: str) -> int:
    """Return a number of runs, or refuse it in the words of argparse."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("needs one run or more")
    return number


def main() -> int:
    """Execute the notebooks named on the command line, all of the first part by default."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", help="names of notebooks")
    parser.add_argument("--conditions", nargs="+", choices=[c.name for c in CONDITIONS])
    parser.add_argument("--runs", type=number_of_runs, default=1, help="of each, one by default")
    options = parser.parse_args()
    existing = named_files(Project.current().notebooks, "*.ipynb")
    first_part = [name for name, path in existing.items() if path.parent.name != FURTHER]
    try:
        names = select(options.notebooks or first_part, list(existing), "notebook")
    except AuthoringError as error:
        print(error, file=sys.stderr)
        return 2
    console = Console(width=160)
    same = True
    for condition in CONDITIONS:
        if options.conditions and condition.name not in options.conditions:
            continue
        for name in names:
            outcomes = []
            for _ in range(options.runs):
                outcomes.append(run(existing[name], condition))
                console.print(f"{condition.name}, {name}: {outcomes[-1]}", markup=False)
            record(RECORD, name, condition, outcomes)
            same = same and all(outcome.is_same for outcome in outcomes)
    console.print(matrix(RECORD))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
