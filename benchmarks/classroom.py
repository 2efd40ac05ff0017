"""Measure what learners take who work on one machine at the same time.

Starts the hub of ``deploy/`` on the loopback address with simulated learners. Each logs in, opens
the learner's notebook of an episode and runs the code of the executed one, cell by cell, as the
others do. Meanwhile one of them lets a kernel eat memory. At the end stands a table::

    sudo /opt/dl-lesson/bin/python benchmarks/classroom.py --learners 8 --json classroom.json

It needs root, the course and the hub as ``deploy/install_course.sh`` installs them, and the hub's
proxy program. The users that it makes are deleted again.
"""

import argparse
import contextlib
import json
import os
import platform
import pwd
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import nbformat
import psutil
import requests
import websocket

ROOT = Path(__file__).parents[1]
CONFIGURATION = ROOT / "deploy" / "jupyterhub_config.py"
PREFIX = "trial-learner-"
# Longer than a cell of the course takes where eight learners share two cores.
PATIENCE = 600
# Touches each page: memory that nobody has touched is not taken.
EATER = "pieces = []\nwhile True:\n    pieces.append(b'x' * 2**26)"


class TrialError(Exception):
    """What the trial has found wrong, in one sentence."""


def free_port() -> int:
    """Return a port with two free ones above it."""
    for _ in range(100):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            for each in (port + 1, port + 2):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", each))
            return port
    raise TrialError("No three free ports in a row were found; end other programs.")


class Hub:
    """The hub of ``deploy/`` with its own folder, ended with all it has started."""

    def __init__(self, folder: Path, learners: list[str], patience: float = 90) -> None:
        self.folder, self.learners, self.patience = folder, learners, patience
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Hub":
        """Start the hub and wait until it answers."""
        # Learners pass through, and read nothing.
        self.folder.chmod(0o711)
        (self.folder / "learners.txt").write_text("\n".join(self.learners) + "\n")
        self.log = (self.folder / "hub.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "--config", str(CONFIGURATION)],
            env=os.environ
            | {"DL_LESSON_HUB": str(self.folder), "DL_LESSON_HUB_PORT": str(self.port)},
            cwd=self.folder,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        end = time.monotonic() + self.patience
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise TrialError(f"The hub did not start:\n{self.said()}")
            time.sleep(0.5)
        return self

    def said(self) -> str:
        """Return the end of what the hub has written."""
        return (self.folder / "hub.log").read_text()[-3000:]

    def answers(self) -> bool:
        """Tell whether the hub answers."""
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.url}/hub/health", timeout=5).ok
        return False

    def __exit__(self, *_: object) -> None:
        """End the hub, which ends the servers, and delete the users."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        for name in self.learners:
            for process in processes_of(name):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            with contextlib.suppress(KeyError):
                # Never somebody else who happens to have this name.
                if self.folder in Path(pwd.getpwnam(name).pw_dir).parents:
                    delete = ["/usr/sbin/userdel", "--remove", name]
                    subprocess.run(delete, check=True, capture_output=True)

    def processes(self) -> list[psutil.Process]:
        """Return the hub's own processes: the hub, its proxy, its services."""
        with contextlib.suppress(psutil.NoSuchProcess):
            hub = psutil.Process(self.process.pid)
            return [hub, *(p for p in hub.children(recursive=True) if p.uids().real == 0)]
        return []


class Learner:
    """One who logs in through the pages of the hub and works through its interface."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.hub, self.name = hub, name
        self.session = requests.Session()

    def log_in(self) -> None:
        """Log in with a password chosen now, and start the server."""
        page = f"{self.hub.url}/hub/login"
        self.session.get(page, timeout=60).raise_for_status()
        secret = self.session.cookies.get("_xsrf", path="/hub/")
        form = {"username": self.name, "password": uuid.uuid4().hex, "_xsrf": secret}
        self.session.post(page, data=form, timeout=60, allow_redirects=False).raise_for_status()
        secret = self.session.cookies.get("_xsrf", path="/hub/")
        answer = self.session.post(
            f"{self.hub.url}/hub/api/users/{self.name}/tokens",
            headers={"X-XSRFToken": secret, "Referer": f"{self.hub.url}/hub/home"},
            timeout=60,
        )
        if not answer.ok:
            raise TrialError(f"{self.name} could not log in: {answer.status_code} {answer.text}")
        self.token = answer.json()["token"]
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"token {self.token}"
        self.session.post(f"{self.hub.url}/hub/api/users/{self.name}/server", timeout=200)
        end = time.monotonic() + 200
        while not self.session.get(self.server("api/status"), timeout=60).ok:
            if time.monotonic() > end:
                raise TrialError(f"The server of {self.name} did not start:\n{self.hub.said()}")
            time.sleep(0.5)

    def server(self, path: str, name: str = "") -> str:
        """Return an address of a learner's server, by default of the learner's own."""
        return f"{self.hub.url}/user/{name or self.name}/{path}"

    def open(self, notebook: str) -> "Kernel":
        """Open a notebook, and start a kernel for it."""
        answer = self.session.get(self.server(f"api/contents/{notebook}"), timeout=60)
        answer.raise_for_status()
        body = {
            "path": notebook,
            "name": notebook,
            "type": "notebook",
            "kernel": {"name": answer.json()["content"]["metadata"]["kernelspec"]["name"]},
        }
        answer = self.session.post(self.server("api/sessions"), json=body, timeout=120)
        answer.raise_for_status()
        return Kernel(self, answer.json()["kernel"]["id"])


class Kernel:
    """A kernel on a learner's server, through the websocket that a browser uses."""

    def __init__(self, learner: Learner, identifier: str) -> None:
        address = learner.server(f"api/kernels/{identifier}/channels").replace("http", "ws", 1)
        self.socket = websocket.create_connection(
            address, header=[f"Authorization: token {learner.token}"], timeout=PATIENCE
        )

    def __enter__(self) -> "Kernel":
        """Return the kernel."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.socket.close()

    def run(self, code: str) -> tuple[str, str]:
        """Run code; return what it printed, and the name of its error or nothing."""
        identifier = uuid.uuid4().hex
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        header = {"msg_id": identifier, "msg_type": "execute_request", "version": "5.4"}
        header |= {"session": identifier, "username": "", "date": ""}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.socket.send(json.dumps(message | {"channel": "shell", "buffers": []}))
        printed, error = "", ""
        while True:
            answer = json.loads(self.socket.recv())
            kind, content = answer["msg_type"], answer["content"]
            if kind == "status" and content["execution_state"] in ("restarting", "dead"):
                return printed, "DeadKernel"
            if answer["parent_header"].get("msg_id") != identifier:
                continue
            if kind == "stream":
                printed += content["text"]
            elif kind == "error":
                error = content["ename"]
            elif kind == "status" and content["execution_state"] == "idle":
                return printed, error


def processes_of(name: str) -> list[psutil.Process]:
    """Return the processes of a user."""
    try:
        identifier = pwd.getpwnam(name).pw_uid
    except KeyError:
        return []
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.uids().real == identifier:
                found.append(process)
    return found


class Watch(threading.Thread):
    """Notes the memory and the processor time of each learner and of the hub, twice a second."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(daemon=True)
        self.hub, self.ended = hub, threading.Event()
        # Bytes of all processes; what several share is divided among them.
        self.memory = dict.fromkeys([*hub.learners, "hub"], 0)
        self.seconds: dict[str, dict[int, float]] = {name: {} for name in self.memory}
        # What the limit of a process counts, of the largest process.
        self.data = dict.fromkeys(self.memory, 0)
        self.together = 0

    def run(self) -> None:
        """Note until ended."""
        while not self.ended.wait(0.5):
            self.look()

    def look(self) -> None:
        """Note once."""
        together = 0
        for name in self.memory:
            processes = self.hub.processes() if name == "hub" else processes_of(name)
            memory = 0
            for process in processes:
                with contextlib.suppress(psutil.Error, OSError):
                    memory += process.memory_full_info().pss
                    times = process.cpu_times()
                    self.seconds[name][process.pid] = times.user + times.system
                    status = Path(f"/proc/{process.pid}/status").read_text()
                    # A process that has just ended has none.
                    for kilobytes in re.findall(r"VmData:\s+(\d+)", status):
                        self.data[name] = max(self.data[name], 1024 * int(kilobytes))
            self.memory[name] = max(self.memory[name], memory)
            together += memory
        self.together = max(self.together, together)

    def end(self) -> None:
        """Stop noting, after a last look."""
        self.ended.set()
        self.join()
        self.look()


def study(learner: Learner, notebook: str, cells: list[str]) -> float:
    """Run all cells in the kernel of a learner's notebook; return the seconds."""
    start = time.perf_counter()
    with learner.open(notebook) as kernel:
        for number, code in enumerate(cells, start=1):
            _, error = kernel.run(code)
            if error:
                raise TrialError(f"Cell {number} of {learner.name} ended with {error}.")
    return time.perf_counter() - start


def eat(learner: Learner, notebook: str) -> str:
    """Let a kernel eat memory; return how it ended."""
    with learner.open(notebook) as kernel:
        _, error = kernel.run(EATER)
    if error not in ("MemoryError", "DeadKernel"):
        raise TrialError(f"The kernel that eats memory was not stopped, but: {error or 'nothing'}.")
    return error


def check_privacy(hub: Hub, learner: Learner, other: Learner, notebook: str) -> None:
    """Make sure that a learner reads nothing of another, and cannot change what all share."""
    home = pwd.getpwnam(other.name).pw_dir
    attempts = {
        f"os.listdir({home!r})": "PermissionError",
        f"open('{home}/dl-lesson-course/{notebook}')": "PermissionError",
        f"open({str(hub.folder / 'hub' / 'passwords')!r})": "PermissionError",
        "open(os.path.join(sys.prefix, 'bin', 'dl-lesson-server'), 'a')": "PermissionError",
        "import dl_lesson; open(dl_lesson.__file__, 'a')": "PermissionError",
        f"os.kill({processes_of(other.name)[0].pid}, 9)": "PermissionError",
    }
    with learner.open(notebook) as kernel:
        kernel.run("import os, sys")
        for code, expected in attempts.items():
            _, error = kernel.run(code)
            if error != expected:
                raise TrialError(f"{learner.name} ran {code}: {error or 'it worked'}.")
    answer = learner.session.get(learner.server("api/contents", other.name), timeout=60)
    if answer.status_code not in (403, 404):
        raise TrialError(f"{learner.name} got {answer.status_code} from {other.name}'s server.")


def hold_class(number: int, notebook: str, executed: Path, folder: Path) -> dict:
    """Start the hub, let the learners work, and return what was measured."""
    cells = [
        cell.source
        for cell in nbformat.read(executed, as_version=4).cells
        if cell.cell_type == "code"
    ]
    with Hub(folder, [f"{PREFIX}{i}" for i in range(1, number + 1)]) as hub:
        watch = Watch(hub)
        watch.start()
        learners = [Learner(hub, name) for name in hub.learners]
        with ThreadPoolExecutor(number + 1) as pool:
            try:
                start = time.perf_counter()
                list(pool.map(Learner.log_in, learners))
                login = time.perf_counter() - start
                working = [pool.submit(study, each, notebook, cells) for each in learners]
                seconds = [each.result() for each in working]
                watch.end()
                # One works once more, beside a kernel that eats memory.
                again = pool.submit(study, learners[1], notebook, cells)
                ending = eat(learners[0], notebook)
                check_privacy(hub, *learners[:2], notebook)
                again.result()
            except (requests.RequestException, websocket.WebSocketException) as error:
                raise TrialError(f"{error}\nThe hub wrote:\n{hub.said()}") from error
        processor = {name: sum(each.values()) for name, each in watch.seconds.items()}
    own = [name for name in watch.memory if name != "hub"]
    gigabyte = 1e9
    return {
        "date": date.today().isoformat(),
        "machine": {
            "cores": psutil.cpu_count(),
            "memory": round(psutil.virtual_memory().total / gigabyte, 1),
            "system": platform.system(),
            "processor": platform.machine(),
        },
        "episode": executed.stem,
        "learners": number,
        "login_seconds": round(login, 1),
        "episode_seconds": [round(each, 1) for each in sorted(seconds)],
        "memory_learner": round(max(watch.memory[name] for name in own) / gigabyte, 2),
        "memory_together": round(watch.together / gigabyte, 2),
        "memory_hub": round(watch.memory["hub"] / gigabyte, 2),
        "data_process": round(max(watch.data[name] for name in own) / gigabyte, 2),
        "processor_learner": round(sum(processor[name] for name in own) / number, 1),
        "processor_hub": round(processor["hub"], 1),
        "memory_eater": ending,
    }


def main() -> None:
    """Read the command line, hold the class, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=8, help="at least two")
    parser.add_argument("--episode", default="02-penguins-classification")
    parser.add_argument("--executed", type=Path, help="a notebook whose code they run instead")
    parser.add_argument("--json", type=Path, help="file for the results")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("The trial makes users, which only root may: start it with sudo.")
    if options.learners < 2:
        sys.exit("A class has two learners at least; give a larger number.")
    executed = options.executed or ROOT / "notebooks" / f"{options.episode}.ipynb"
    with tempfile.TemporaryDirectory(prefix="dl-lesson-hub-") as folder:
        try:
            results = hold_class(
                options.learners, f"{options.episode}.ipynb", executed, Path(folder)
            )
        except TrialError as error:
            sys.exit(str(error))
    for name, value in results.items():
        print(f"{name}: {value}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
