import threading

import psutil
import pytest

from dl_lesson.course import execution, parallel
from dl_lesson.course.files import AuthoringError
from dl_lesson.course.parallel import MEMORY_EACH, choose_jobs, run_together


@pytest.fixture
def machine(monkeypatch):
    """Pretend to have so many cores, and room for so many notebooks."""

    def pretend(cores, room):
        memory = psutil.virtual_memory()._replace(available=(room + 0.5) * MEMORY_EACH)
        monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
        monkeypatch.setattr(parallel.os, "sched_getaffinity", lambda _: range(cores), raising=False)

    return pretend


@pytest.mark.parametrize(
    ("cores", "room", "n_tasks", "expected"),
    [(4, 9, 6, 4), (4, 2, 6, 2), (8, 9, 3, 3), (2, 0, 6, 1), (1, 9, 0, 1)],
)
def test_by_default_cores_memory_and_tasks_decide(machine, cores, room, n_tasks, expected):
    machine(cores, room)
    assert choose_jobs(None, n_tasks) == expected


def test_a_wish_is_granted_as_far_as_there_are_tasks(machine):
    machine(2, 4)
    assert choose_jobs(4, 6) == 4 and choose_jobs(4, 3) == 3


@pytest.mark.parametrize("wanted", [0, -1])
def test_less_than_one_job_is_refused(wanted):
    with pytest.raises(AuthoringError, match=f"--jobs is {wanted}; ask for at least one"):
        choose_jobs(wanted, 6)


def test_more_than_the_memory_holds_is_refused(machine):
    machine(8, 3)
    with pytest.raises(AuthoringError, match=r"--jobs 4 needs about 6 GB .*; use --jobs 3, or"):
        choose_jobs(4, 6)


def test_an_error_stands_in_place_of_a_result_and_hides_no_other():
    def task(name):
        if name == "b":
            raise AuthoringError("no b")
        return name.upper()

    done = run_together(task, ["a", "b", "c"], 2)
    assert list(done) == ["a", "b", "c"] and (done["a"], done["c"]) == ("A", "C")
    assert str(done["b"]) == "no b"


def test_tasks_run_at_the_same_time():
    both = threading.Barrier(2, timeout=30)
    assert run_together(lambda name: both.wait() >= 0, ["a", "b"], 2) == {"a": True, "b": True}


def test_the_last_wait_for_all_others_and_keep_their_place():
    finished = []

    def task(name):
        before = list(finished)
        finished.append(name)
        return before

    done = run_together(task, ["reader", "a", "b"], 3, last=["reader"])
    assert list(done) == ["reader", "a", "b"] and sorted(done["reader"]) == ["a", "b"]


def test_any_other_error_stops_all_kernels(monkeypatch):
    stopped = threading.Event()
    monkeypatch.setattr(execution, "_STOPPED", stopped)

    def task(name):
        if name == "a":
            raise KeyboardInterrupt
        assert stopped.wait(30)

    with pytest.raises(KeyboardInterrupt):
        run_together(task, ["a", "b", "c"], 2)
    assert stopped.is_set()
