"""Plant each defect of a table in a copy of the checkout, and see whether its tests notice.

Tests that pass with a defect test nothing of it. Run it as ``make mutants``; words choose defects::

    python benchmarks/mutants plotting "labels"
"""

import argparse
import contextlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from process import run_tests
from rich.console import Console
from rich.table import Table
from table import DEFECTS, Defect, NotFoundError

ROOT = Path(__file__).parents[2]
# Imported once, before each defect gets a process of its own: they take most of the time. The
# lesson itself is not among them, because each process imports the changed one.
LIBRARIES = [
    *("tensorflow", "keras", "sklearn.metrics", "scipy.signal", "seaborn", "matplotlib.pyplot"),
    *("pytest", "nbformat", "nbclient", "typer.testing", "myst_parser.config.main", "bs4", "yaml"),
]
SECONDS = 600
# What pytest returns when tests fail, or cannot even be read.
FAILED = {1, 2}


def main() -> int:
    """Plant the defects that the command line names, all if it names none."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", help="words of the defects to plant; all without one")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time limit of each defect")
    options = parser.parse_args()
    chosen = [d for d in DEFECTS if all(word in str(d) for word in options.words)]
    if not chosen:
        print(f"No defect has all of these words: {' '.join(options.words)}.", file=sys.stderr)
        return 2
    console = Console(width=140)
    # Else TensorFlow says how it was compiled.
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(LIBRARIES)
    rows = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder, "checkout")
        _copy_tracked_files(copy)
        # A test that fails without a defect would notice all of them.
        wanted = sorted({test for defect in chosen for test in defect.tests})
        verdict, seconds, words = _test(processes, copy, wanted, options.seconds * 5)
        if verdict != "survived":
            console.print(f"Without any defect, these tests do not pass:\n{words}", markup=False)
            return 1
        console.print(f"Without a defect, {len(wanted)} tests and files pass, {seconds:.0f} s")
        for number, defect in enumerate(chosen, start=1):
            verdict, seconds, words = _plant(processes, copy, defect, options.seconds)
            rows.append((str(number), defect.kind, defect.what, verdict, f"{seconds:.0f} s"))
            console.print(*rows[-1], words if verdict != "killed" else "", markup=False)
    survivors = [row for row in rows if row[3] != "killed"]
    table = Table("", "kind", "defect", "verdict", "time", title="Planted defects not noticed")
    for row in survivors:
        table.add_row(*row)
    if survivors:
        console.print(table)
    console.print(f"{len(rows) - len(survivors)} of {len(rows)} planted defects were noticed.")
    return 1 if survivors else 0


def _copy_tracked_files(copy: Path) -> None:
    listed = subprocess.run(
        [shutil.which("git"), "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    for name in listed.stdout.decode().rstrip("\0").split("\0"):
        if (source := ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy / name)


def _plant(processes, copy: Path, defect: Defect, seconds: float) -> tuple[str, float, str]:
    """Apply a defect, run its tests, and put the files back."""
    before = {path: (copy / path).read_bytes() for path in defect.files}
    try:
        defect.plant(copy)
        # The first test that fails is enough.
        return _test(processes, copy, list(defect.tests), seconds, "--exitfirst")
    except NotFoundError as error:
        return "not found", 0.0, str(error)
    finally:
        for path, content in before.items():
            (copy / path).write_bytes(content)


def _test(
    processes, copy: Path, tests: list[str], seconds: float, *options: str
) -> tuple[str, float, str]:
    """Run tests in a process of their own; say whether they fail, and which, or the last word."""
    log = copy / "tests.log"
    log.write_text("The process ended before it could test.")
    process = processes.Process(target=run_tests, args=(copy, tests, log, *options))
    started = time.monotonic()
    process.start()
    process.join(seconds)
    if process.is_alive():
        with contextlib.suppress(ProcessLookupError):
            # Kernels and commands that the tests have started belong to the same session.
            os.killpg(process.pid, signal.SIGKILL)
        process.join()
        verdict = "too slow"
    else:
        verdict = {0: "survived", **dict.fromkeys(FAILED, "killed")}.get(process.exitcode, "error")
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return verdict, time.monotonic() - started, "\n".join(failed or lines[-1:])


if __name__ == "__main__":
    sys.exit(main())
