"""Execute notebooks as other machines would, and say in what they differ from the committed ones.

Prints a matrix: under each condition, how many claims hold in each notebook, and which compared
outputs are others. Trained numbers move between machines and are not compared; their claims are::

    python benchmarks/repeatability.py 01-introduction 02-penguins-classification
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import numpy as np
from nbformat import NotebookNode
from rich.console import Console
from rich.table import Table

from dl_lesson.course.execution import execute, notebook_environment
from dl_lesson.course.files import FURTHER, AuthoringError, Project, named_files, select

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
        done = execute(notebook, path.stem, folder, environment, strict=False)
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


def main() -> int:
    """Execute the notebooks named on the command line, all of the first part by default."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", help="names of notebooks")
    parser.add_argument("--conditions", nargs="+", choices=[c.name for c in CONDITIONS])
    options = parser.parse_args()
    existing = named_files(Project.current().notebooks, "*.ipynb")
    first_part = [name for name, path in existing.items() if path.parent.name != FURTHER]
    try:
        names = select(options.notebooks or first_part, list(existing), "notebook")
    except AuthoringError as error:
        print(error, file=sys.stderr)
        return 2
    console, table = Console(width=160), Table("condition", *names, title="Claims that hold")
    same = True
    for condition in CONDITIONS:
        if options.conditions and condition.name not in options.conditions:
            continue
        outcomes = []
        for name in names:
            outcomes.append(run(existing[name], condition))
            console.print(f"{condition.name}, {name}: {outcomes[-1]}", markup=False)
        same = same and all(outcome.is_same for outcome in outcomes)
        table.add_row(condition.name, *map(str, outcomes))
    console.print(table)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
