"""Measure how long the course takes, and write the page that says so (``make bench``).

Keeps what it measures in `times.json`, from which the page of the website and its picture are
written. Nothing else should use the computer meanwhile::

    python benchmarks/times.py
    python benchmarks/times.py --only notebooks --repeats 1
    python benchmarks/times.py --only page
"""

import argparse
import itertools
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import jinja2
import matplotlib.pyplot as plt
import nbformat
import psutil
import requests
from jupyter_client.blocking import BlockingKernelClient
from matplotlib.figure import Figure

from dl_lesson.course.execution import execute, notebook_environment
from dl_lesson.course.files import Project, named_files

FOLDER = Path(__file__).parent
TIMES = FOLDER / "times.json"
TEMPLATE = FOLDER / "how-long-does-it-take.md.jinja"
SIZES = (1, 2, 4, 8)
SLOW_CELL = 8
# Where Jupyter says how to reach a server and its kernels.
RUNTIME = ".runtime"
# What the first cells of an episode do.
FIRST_CODE = "import keras\nimport dl_lesson\nprint('here')"


def measure_notebooks(project: Project, repeats: int) -> dict[str, dict]:
    """Execute each notebook some times, one at a time.

    Returns
    -------
    dict
        For each notebook: ``seconds``, ``processor_seconds``, ``peak_memory`` in bytes, and
        ``cells``, pairs of a cell's identity and its seconds; medians over the repeats.
    """
    measured = {}
    for name, path in sorted(named_files(project.notebooks, "*.ipynb").items()):
        runs = [execute_once(path, name) for _ in range(repeats)]
        measured[name] = {
            key: statistics.median(run[key] for run in runs)
            for key in ("seconds", "processor_seconds", "peak_memory")
        }
        by_cell = zip(*(run["cells"] for run in runs), strict=True)
        measured[name]["cells"] = [
            (same[0][0], statistics.median(seconds for _, seconds in same)) for same in by_cell
        ]
        print(f"{name}: {measured[name]['seconds']:.0f} s", flush=True)
    return measured


def execute_once(path: Path, name: str) -> dict:
    """Execute a copy of a notebook and say what the whole and each of its cells took."""
    notebook = nbformat.read(path, as_version=4)
    starts = []
    with tempfile.TemporaryDirectory() as folder:
        for needed in ("figures", "results"):
            if (path.parent / needed).is_dir():
                shutil.copytree(path.parent / needed, Path(folder, needed))
        before = processor_seconds_of_children()
        done = execute(
            notebook,
            name,
            Path(folder),
            notebook_environment(),
            strict=False,
            on_cell=lambda number, total: starts.append(time.monotonic()),
        )
        used = processor_seconds_of_children() - before
    starts.append(time.monotonic())
    code = [cell.id for cell in notebook.cells if cell.cell_type == "code"]
    seconds = [end - start for start, end in itertools.pairwise(starts)]
    return {
        "seconds": done.seconds,
        "processor_seconds": used,
        "peak_memory": done.peak_memory,
        "cells": list(zip(code, seconds, strict=True)),
    }


def processor_seconds_of_children() -> float:
    """Return the processor time of all processes that this one has started and seen end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure_floors(project: Project, repeats: int) -> dict[str, dict[str, float]]:
    """Time three trainings beside their arithmetic; see `floors.py`."""
    runs = [ask(FOLDER / "floors.py") for _ in range(repeats)]
    return {
        name: {key: statistics.median(run[name][key] for run in runs) for key in runs[0][name]}
        for name in runs[0]
    }


def measure_growth(project: Project, repeats: int) -> dict[str, list[dict[str, float]]]:
    """Train on more and more data; see `growth.py`."""
    growth = {}
    for kind in ("weather", "pictures"):
        growth[kind] = []
        for size in SIZES:
            runs = [ask(FOLDER / "growth.py", kind, str(size)) for _ in range(repeats)]
            growth[kind].append(
                {key: statistics.median(run[key] for run in runs) for key in runs[0]}
            )
    return growth


def ask(script: Path, *arguments: str) -> dict:
    """Run a script in the environment of the notebooks and read the JSON that it prints."""
    command = [sys.executable, str(script), *arguments]
    answer = subprocess.run(
        command, env=notebook_environment(), stdout=subprocess.PIPE, check=True, text=True
    )
    return json.loads(answer.stdout)


def measure_commands(project: Project, repeats: int) -> dict[str, float]:
    """Time what people wait for: the lab, a whole run, the website."""
    command = [sys.executable, "-m", "dl_lesson"]
    with tempfile.TemporaryDirectory() as folder:

        def run() -> None:
            subprocess.run(
                [*command, "run", "--folder", folder], check=True, stdout=subprocess.DEVNULL
            )

        def site() -> None:
            subprocess.run([*command, "site"], check=True, stdout=subprocess.DEVNULL)

        return {
            "lab": statistics.median(time_lab() for _ in range(repeats)),
            "run": statistics.median(seconds_of(run) for _ in range(repeats)),
            "site": statistics.median(seconds_of(site) for _ in range(repeats)),
        }


def seconds_of(task: Callable[[], object]) -> float:
    """Return the seconds of one call."""
    started = time.monotonic()
    task()
    return time.monotonic() - started


def time_lab() -> float:
    """Return the seconds from ``dl-lesson lab`` to the first output of a notebook in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.monotonic()
        with running_lab(folder) as address:
            answer = requests.post(f"{address}/api/kernels", json={"name": "python3"}, timeout=60)
            kernel = BlockingKernelClient()
            kernel.load_connection_file(folder / RUNTIME / f"kernel-{answer.json()['id']}.json")
            kernel.start_channels()
            try:
                kernel.wait_for_ready(timeout=60)
                reply = kernel.execute_interactive(
                    FIRST_CODE, timeout=300, output_hook=lambda message: None
                )
            finally:
                kernel.stop_channels()
            if reply["content"]["status"] != "ok":
                raise RuntimeError(f"The first cell failed: {reply['content']['evalue']}.")
            return time.monotonic() - started


@contextmanager
def running_lab(folder: Path) -> Iterator[str]:
    """Run ``dl-lesson lab`` in a folder and yield its address; end it afterwards."""
    options = ["--no-browser", "--allow-root", "--ServerApp.port_retries=50"]
    options += ["--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    command = [sys.executable, "-m", "dl_lesson", "lab", str(folder), "--", *options]
    runtime = folder / RUNTIME
    environment = os.environ | {"JUPYTER_RUNTIME_DIR": str(runtime)}
    lab = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not (records := list(runtime.glob("jpserver-*.json"))):
            if lab.poll() is not None:
                raise RuntimeError("dl-lesson lab ended before it could be used.")
            time.sleep(0.1)
        address = json.loads(records[0].read_text())["url"].rstrip("/")
        while not answers(f"{address}/api"):
            time.sleep(0.1)
        yield address
    finally:
        # JupyterLab is a child of the command, and the kernel a child of JupyterLab.
        family = [*psutil.Process(lab.pid).children(recursive=True), psutil.Process(lab.pid)]
        for process in family:
            process.terminate()
        _, alive = psutil.wait_procs(family, timeout=10)
        for process in alive:
            process.kill()
        lab.wait()


def answers(address: str) -> bool:
    """Tell whether a server answers."""
    try:
        return requests.get(address, timeout=5).ok
    except requests.RequestException:
        return False


def measure_installation(project: Project, repeats: int) -> dict[str, float]:
    """Download the learner's packages and install them into an empty environment, once."""
    with tempfile.TemporaryDirectory() as folder:
        wheels, environment = Path(folder, "wheels"), Path(folder, "environment")
        lock = ["--require-hashes", "--requirement", str(project.root / "requirements.lock")]
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]

        def download() -> None:
            command = [*pip, "download", "--no-cache-dir", "--no-deps", "--dest", str(wheels)]
            subprocess.run([*command, *lock], check=True)

        def install() -> None:
            subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
            # Ours, told to install elsewhere, so that an old pip of Python does not matter.
            command = [*pip, "--python", str(environment), "install", "--no-deps", "--no-index"]
            subprocess.run([*command, "--find-links", str(wheels), *lock], check=True)

        return {
            "download_seconds": seconds_of(download),
            "install_seconds": seconds_of(install),
            "download_bytes": size_of(wheels),
            "disk_bytes": size_of(environment),
        }


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def write_page(project: Project, times: dict) -> None:
    """Write the page of the website, and the picture on it, from what was measured."""
    pages = project.root / "site" / "pages"
    (pages / "how-long-does-it-take.md").write_text(page_of(times), encoding="utf-8")
    figure = draw_growth(times["growth"])
    # No date in the file, so that the same times give the same picture.
    figure.savefig(pages / "growth.svg", metadata={"Date": None})
    plt.close(figure)


def page_of(times: dict) -> str:
    """Return the page: the template, filled with what was measured."""
    loader = jinja2.FileSystemLoader(FOLDER)
    environment = jinja2.Environment(
        # Which leaves Markdown as it is.
        autoescape=jinja2.select_autoescape(),
        loader=loader,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    cells = [
        (name, cell, seconds)
        for name, notebook in times["notebooks"].items()
        for cell, seconds in notebook["cells"]
        if seconds > SLOW_CELL
    ]
    cells.sort(key=lambda row: -row[2])
    return environment.get_template(TEMPLATE.name).render(times, slow_cells=cells, sizes=SIZES)


def draw_growth(growth: dict[str, list[dict[str, float]]]) -> Figure:
    """Draw time and memory over the size of the data."""
    plt.rcParams["svg.hashsalt"] = "growth"
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
    styles = {"weather": ("C0", "o", "weather, rows"), "pictures": ("C1", "s", "pictures")}
    for kind, runs in growth.items():
        color, marker, label = styles[kind]
        relative = [run["processor_seconds"] / runs[0]["processor_seconds"] for run in runs]
        left.plot(SIZES, relative, color=color, marker=marker, label=label)
        memory = [run["memory"] / 1e6 for run in runs]
        right.plot(SIZES, memory, color=color, marker=marker, label=label)
    left.plot(SIZES, SIZES, color="grey", linestyle=":", label="in proportion")
    left.set(xlabel="times the data", ylabel="times the processor time", xticks=SIZES)
    most = max(run["memory"] for runs in growth.values() for run in runs) / 1e6
    right.set(xlabel="times the data", ylabel="memory in MB", xticks=SIZES, ylim=(0, 1.2 * most))
    left.legend()
    right.legend()
    return figure


def machine() -> dict[str, object]:
    """Say on what is measured, and how much of it is taken by something else at the moment."""
    return {
        "date": date.today().isoformat(),
        "cores": psutil.cpu_count(),
        "memory": psutil.virtual_memory().total,
        "system": platform.system(),
        "python": platform.python_version(),
        # The load of the last minute would be that of the measurement before.
        "busy_before": psutil.cpu_percent(interval=5) / 100,
    }


MEASURES = {
    "notebooks": measure_notebooks,
    "floors": measure_floors,
    "growth": measure_growth,
    "commands": measure_commands,
    "installation": measure_installation,
}


def main() -> None:
    """Measure what is asked for, keep it and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=[*MEASURES, "page"], default=list(MEASURES))
    parser.add_argument("--repeats", type=int, default=3, help="of which the median is kept")
    options = parser.parse_args()
    project = Project.current()
    times = json.loads(TIMES.read_text(encoding="utf-8")) if TIMES.exists() else {}
    for name in options.only:
        if name in MEASURES:
            on = machine() | {"repeats": options.repeats}
            times[name] = MEASURES[name](project, options.repeats)
            times.setdefault("machines", {})[name] = on
            # After each, so that an interrupted measurement loses one of them only.
            TIMES.write_text(json.dumps(times, indent=1) + "\n", encoding="utf-8")
    if missing := MEASURES.keys() - times.keys():
        print(f"Not measured yet: {', '.join(sorted(missing))}. The page waits for all of them.")
        return
    write_page(project, times)


if __name__ == "__main__":
    main()
