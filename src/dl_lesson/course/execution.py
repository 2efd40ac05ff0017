"""Execute a notebook with the running interpreter and measure what it took."""

import ast
import contextlib
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import ipykernel.kernelspec
import nbformat
import psutil
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_async
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from dl_lesson.course.environment import answer_of, ask_apart, execution_environment
from dl_lesson.course.files import (
    TOO_MANY_FILES,
    AuthoringError,
    allowed,
    machine_fault,
    memory_limit,
)
from dl_lesson.data.sources import bundled_only
from dl_lesson.data.temporary import temporary_folder

CELL_SECONDS = 300
# A kernel that runs out of files while it starts does not answer for a minute. With so many,
# an episode with TensorFlow runs.
FEWEST_FILES = 128
# Lines that TensorFlow writes past Python when it starts are no output of a cell.
KERNEL_OPTIONS = ["--log-level=ERROR", "--IPKernelApp.capture_fd_output=False"]
ASK_SOURCES = (
    "import sys; from dl_lesson.data.sources import data_source; "
    "answer({name: data_source(name) for name in sys.argv[1:]})"
)


class ExecutionError(AuthoringError):
    """A notebook did not run to its end."""


@dataclass(frozen=True)
class Execution:
    """What the execution of a notebook took.

    Attributes
    ----------
    notebook : nbformat.NotebookNode
        The executed notebook.
    seconds : float
        Time from the start of the kernel to its end.
    peak_memory : int
        Largest resident memory of the kernel, in bytes.
    """

    notebook: NotebookNode
    seconds: float
    peak_memory: int

    @property
    def data(self) -> dict[str, str]:
        """Source of each data set, such as "real" or "simulated"."""
        return dict(self.notebook.metadata.dl_lesson.data)

    @property
    def n_cells(self) -> int:
        """Number of code cells."""
        return sum(cell.cell_type == "code" for cell in self.notebook.cells)

    @property
    def claims(self) -> list[str]:
        """What the checkpoints have printed, a line each; those that hold begin with a tick."""
        return [
            line
            for cell in self.notebook.cells
            if "checkpoint" in cell.metadata.get("tags", ())
            for output in cell.outputs
            for line in output.get("text", "").splitlines()
            if line.startswith(("✓ ", "✗ "))
        ]

    @property
    def n_checkpoints(self) -> int:
        """Number of claims that held."""
        return sum(line.startswith("✓ ") for line in self.claims)

    @property
    def failed_claims(self) -> list[str]:
        """Claims that did not hold, each with what was found."""
        return [line[2:] for line in self.claims if line.startswith("✗ ")]


class _OwnKernel(KernelSpecManager):
    """Finds the kernel of the running interpreter, whatever is installed elsewhere."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            resource_dir=str(ipykernel.kernelspec.RESOURCES),
            **ipykernel.kernelspec.get_kernel_dict(extra_arguments=KERNEL_OPTIONS),
        )


_STOPPED = threading.Event()


def stop_kernels() -> None:
    """End all kernels that this process has started or is about to start."""
    _STOPPED.set()


class _MemorySampler(threading.Thread):
    """Polls the resident memory of a kernel's process, and ends it when all are to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process = psutil.Process(pid)
        # A short notebook may end before the first look.
        self.peak = self.process.memory_info().rss
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.2):
            if _STOPPED.is_set():
                with contextlib.suppress(psutil.Error):
                    self.process.kill()
            # Children are left out: for a moment after a fork they share all pages.
            with contextlib.suppress(psutil.Error):
                self.peak = max(self.peak, self.process.memory_info().rss)


def notebook_environment(*, fetched: bool = False) -> dict[str, str]:
    """Return the environment of build, run and tests, with the user's choice of data.

    Parameters
    ----------
    fetched : bool, default False
        Whether data that the user has fetched may be used, unless
        ``DL_LESSON_BUNDLED_ONLY`` is set.

    Returns
    -------
    dict of str to str
        Environment variables. Folders in ``PYTHONPATH`` are absolute, because a
        notebook runs in another folder.
    """
    data = os.environ.get("DL_LESSON_DATA")
    environment = execution_environment(Path(data).expanduser() if data else None)
    if fetched and not bundled_only():
        del environment["DL_LESSON_BUNDLED_ONLY"]
    if "PYTHONPATH" in environment:
        folders = environment["PYTHONPATH"].split(os.pathsep)
        environment["PYTHONPATH"] = os.pathsep.join(str(Path(f).resolve()) for f in folders if f)
    # Otherwise jupyter_core prints a warning about its folders on some systems.
    environment["JUPYTER_PLATFORM_DIRS"] = "1"
    return environment


def is_own_data(recorded: Mapping[str, str | None], used: Mapping[str, str]) -> bool:
    """Tell whether a notebook runs on data that its claims were not made for.

    Parameters
    ----------
    recorded : mapping of str to str
        Data set -> the source that the committed notebook was executed with.
    used : mapping of str to str
        Data set -> the source that is used now.

    Returns
    -------
    bool
        Whether one of them is neither the recorded one nor comes with the lesson.
    """
    known = ("part", "simulated", "rendered", "stand-in")
    return any(used[name] not in (*known, recorded.get(name)) for name in used)


def execute(
    notebook: NotebookNode,
    name: str,
    folder: Path,
    environment: dict[str, str],
    *,
    strict: bool | None = None,
    cell_seconds: int = CELL_SECONDS,
    on_cell: Callable[[int, int], None] = lambda done, total: None,
) -> Execution:
    """Execute a notebook from top to bottom in a fresh kernel.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Notebook; it is changed in place.
    name : str
        Name for error messages.
    folder : pathlib.Path
        Working directory.
    environment : dict of str to str
        Environment variables of the kernel.
    strict : bool, optional
        Whether a claim that does not hold raises an error. If not given, it does on the data that
        the notebook was recorded on, and on those that come with the lesson.
    cell_seconds : int, default 300
        Time limit of a cell, in seconds; ten times as much on data of the user's own.
    on_cell : callable, optional
        Called with the number of the code cell that starts, from 1, and their total.

    Returns
    -------
    Execution
        The executed notebook and what it took.

    Raises
    ------
    ExecutionError
        If a cell raises, takes too long, shows an error in place of a picture, or the kernel dies,
        or if this process may open too few files, or use too little memory, for a kernel.
    """
    if allowed("RLIMIT_NOFILE") < FEWEST_FILES:
        raise ExecutionError(f"{name}.ipynb was not executed. {TOO_MANY_FILES}")
    if problem := memory_limit():
        raise ExecutionError(f"{name}.ipynb was not executed. {problem}")
    values = notebook.metadata.dl_lesson.get("values", {})
    code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    cells: list[NotebookNode] = []
    samplers: list[_MemorySampler] = []

    def start_cell(cell: NotebookNode, cell_index: int) -> None:
        if cell_index in code:
            cells.append(cell)
            on_cell(code.index(cell_index) + 1, len(code))

    async def end_cell(cell: NotebookNode, cell_index: int, execute_reply: dict) -> None:
        wanted = [expression for expression in values if cell.id in values[expression]["after"]]
        for expression in wanted:
            found = await _evaluate(client, expression)
            if values[expression]["value"] not in (None, found):
                raise ExecutionError(
                    f"{name}.ipynb, cell {cell.id}: {expression.partition(':')[0]} has another "
                    "value here than in an earlier sentence; give the two different names."
                )
            values[expression]["value"] = found

    def start_notebook(notebook: NotebookNode) -> None:
        provisioner: Any = manager.provisioner
        samplers.append(_MemorySampler(provisioner.process.pid))
        samplers[0].start()

    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=_OwnKernel())
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=cell_seconds,
        record_timing=False,
        on_notebook_start=start_notebook,
        on_cell_start=start_cell,
        on_cell_executed=end_cell,
    )
    client.owns_km = True
    started = time.monotonic()
    recorded = notebook.metadata.dl_lesson.data
    sources = data_sources(list(recorded), environment)
    if strict is False or (strict is None and is_own_data(recorded, sources)):
        environment = {**environment, "DL_LESSON_CHECKPOINTS": "calm"}
        # Somebody's own pictures may be many more than those of the lesson.
        cell_seconds *= 10
    client.timeout = cell_seconds
    for expression in values:
        values[expression]["value"] = None
    with temporary_folder("dl-lesson-kernel-") as own, tempfile.TemporaryFile() as log:
        manager.connection_file = str(own / "kernel.json")
        try:
            client.execute(cwd=str(folder), env=environment, stderr=log)
        except CellExecutionError as error:
            # The reply of the kernel does not name an error of IPython's own displays.
            shown = [output for output in cells[-1].outputs if output.output_type == "error"]
            raised = shown[0] if shown else error
            first_lines = "; ".join(str(raised.evalue).strip().splitlines()[:3])
            raise _failure(name, cells, f"raises {raised.ename}: {first_lines}") from error
        except CellTimeoutError as error:
            raise _failure(name, cells, f"takes more than {cell_seconds:g} seconds") from error
        except DeadKernelError as error:
            problem = f"kills its kernel, perhaps for want of memory ({_last_line(log)})"
            raise _failure(name, cells, problem) from error
        except Exception as error:
            # The kernel can run short of files before this process does.
            problem = machine_fault(error) or machine_fault(RuntimeError(_text(log)))
            if not problem and isinstance(error, RuntimeError):
                problem = f"Its kernel did not start ({_last_line(log)}); run: dl-lesson check"
            if not problem:
                raise
            raise ExecutionError(f"{name}.ipynb was not executed. {problem}") from error
        finally:
            for sampler in samplers:
                sampler.ended.set()
            _end_kernel(manager)
            # What nbclient has registered for the end of this process asks for a manager.
            client.km = manager
    if problem := stored_error(notebook):
        raise ExecutionError(f"{name}.ipynb, {problem}")
    _tidy(notebook, sources)
    return Execution(notebook, time.monotonic() - started, samplers[0].peak)


def _text(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read().decode(errors="replace").strip()


def _last_line(log: IO[bytes]) -> str:
    return (_text(log).splitlines() or ["no message"])[-1]


def _end_kernel(manager: AsyncKernelManager) -> None:
    """End a kernel that could not be asked to end, because files or memory ran out, say."""
    process = getattr(manager.provisioner, "process", None)
    if process is not None and process.poll() is None:
        process.kill()
        process.wait()


async def _evaluate(client: NotebookClient, expression: str) -> str:
    """Return the value of a variable in the kernel, written in the format of a sentence."""
    variable, _, specification = expression.partition(":")
    kernel: Any = client.kc
    asked = await ensure_async(
        kernel.execute(
            "", silent=True, user_expressions={"value": f"format({variable}, {specification!r})"}
        )
    )
    while True:
        reply = await ensure_async(kernel.get_shell_msg(timeout=60))
        if reply["parent_header"].get("msg_id") == asked:
            break
    value = reply["content"]["user_expressions"]["value"]
    if value["status"] != "ok":
        raise ExecutionError(
            f"A sentence asks for {expression}, which has no value there: "
            f"{value['ename']}: {value['evalue']}."
        )
    return ast.literal_eval(value["data"]["text/plain"])


def stored_error(notebook: NotebookNode) -> str:
    """Say which cell of an executed notebook shows an error that it is not meant to show.

    A kernel calls a cell a success that raises nothing, though IPython shows a traceback in place
    of a picture that it could not draw.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        An executed notebook.

    Returns
    -------
    str
        Identity and first line of the cell, and its error; empty where all is well.
    """
    for cell in notebook.cells:
        if "raises-exception" in cell.metadata.get("tags", ()):
            continue
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                first_line = next(iter(cell.source.strip().splitlines()), "")
                return (
                    f"cell {cell.id} ({first_line}), shows {output.ename} among its outputs: "
                    f"{' '.join(output.evalue.split())}"
                )
    return ""


def _failure(name: str, cells: list[NotebookNode], problem: str) -> ExecutionError:
    return ExecutionError(f"{name}.ipynb, cell {cells[-1].id}, {problem}")


def data_sources(names: list[str], environment: dict[str, str]) -> dict[str, str]:
    """Ask in the notebook's environment which version of each data set its loaders use."""
    if not names:
        return {}
    process = ask_apart(ASK_SOURCES, *names, environment=environment)
    if process.returncode:
        lines = process.stderr.strip().splitlines() or ["it failed without a message"]
        raise ExecutionError(re.sub(r"^[\w.]+Error: ", "", lines[-1]))
    return answer_of(process)


def _tidy(notebook: NotebookNode, sources: dict[str, str]) -> None:
    """Leave out what differs between machines, and give pictures their alt text."""
    notebook.metadata.get("language_info", {}).pop("version", None)
    notebook.metadata.dl_lesson.data = nbformat.from_dict(sources)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt")
        if "outputs" in cell:
            cell.outputs = _joined(cell.outputs)
        for output in cell.get("outputs", ()):
            if alt and "image/png" in output.get("data", ()):
                output.metadata["image/png"] = {"alt": alt}


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join what a kernel has sent in several parts, as its timing would have it."""
    joined: list[NotebookNode] = []
    for output in outputs:
        before = joined[-1] if joined else None
        if before and before.output_type == "stream" and before.name == output.get("name"):
            before.text += output.text
        else:
            joined.append(output)
    return joined
