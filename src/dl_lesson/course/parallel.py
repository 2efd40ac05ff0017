"""Run several notebooks at once, as many as this machine has room for."""

import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import psutil

from dl_lesson.course.execution import stop_kernels
from dl_lesson.course.files import AuthoringError

# What a kernel of the course takes at most, with some room.
MEMORY_EACH = 1.6e9
Result = TypeVar("Result")


def choose_jobs(wanted: int | None, n_tasks: int) -> int:
    """Return how many kernels run at once.

    Parameters
    ----------
    wanted : int, optional
        What the user asked for. By default as many as there are processor cores, as far as the
        free memory goes.
    n_tasks : int
        How many there are to run.

    Raises
    ------
    AuthoringError
        If fewer than one is wanted, or more than the free memory holds.
    """
    free = psutil.virtual_memory().available
    room = max(1, int(free / MEMORY_EACH))
    if wanted is None:
        # Those that this process may use, where the system tells.
        usable = getattr(os, "sched_getaffinity", None)
        cores = len(usable(0)) if usable else os.cpu_count() or 1
        return max(1, min(cores, room, n_tasks))
    if wanted < 1:
        raise AuthoringError(f"--jobs is {wanted}; ask for at least one notebook at a time.")
    if wanted > room:
        raise AuthoringError(
            f"--jobs {wanted} needs about {wanted * MEMORY_EACH / 1e9:.0f} GB of memory, and "
            f"{free / 1e9:.0f} GB are free; use --jobs {room}, or close other programs."
        )
    return min(wanted, max(1, n_tasks))


def run_together(
    task: Callable[[str], Result], names: Sequence[str], jobs: int, last: Collection[str] = ()
) -> "dict[str, Result | AuthoringError]":
    """Run a task for several names, some at once; none hides what becomes of the others.

    Parameters
    ----------
    task : callable
        Called with a name.
    names : sequence of str
        What to call it with.
    jobs : int
        How many run at the same time.
    last : collection of str
        Names that wait for all others, because they use what those write.

    Returns
    -------
    dict
        For each name, in the order of `names`, what the task returned or, in its place, the
        `AuthoringError` that it raised.
    """

    def guarded(name: str) -> "Result | AuthoringError":
        try:
            return task(name)
        except AuthoringError as error:
            return error

    done: dict[str, Result | AuthoringError] = {}
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for wave in ([n for n in names if n not in last], [n for n in names if n in last]):
                futures = {name: pool.submit(guarded, name) for name in wave}
                done |= {name: future.result() for name, future in futures.items()}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            stop_kernels()
            raise
    return {name: done[name] for name in names}
