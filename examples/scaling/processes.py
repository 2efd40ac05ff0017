"""Start processes on this machine that stand for machines of a cluster, and leave none behind."""

import argparse
import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence


def free_ports(number: int) -> list[int]:
    """Return ports of the loopback address that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def address(text: str) -> str:
    """Return an address that was given as an option, if it is one."""
    host, _, port = text.rpartition(":")
    if not (host and port.isdecimal() and 0 < int(port) < 65536):
        raise argparse.ArgumentTypeError(f"{text} is no address such as node1:2222")
    return text


def listen(own: str, seconds: float) -> socket.socket:
    """Listen on the own address; end with one sentence where that cannot be."""
    host, _, port = own.rpartition(":")
    end = time.monotonic() + seconds
    while True:
        try:
            socket.getaddrinfo(host, port)
            break
        except socket.gaierror as error:
            # A name server learns the name of a new machine of a cluster some seconds late.
            if time.monotonic() > end:
                sys.exit(f"Nobody knows the host of {own} ({error.strerror}); correct the address.")
            time.sleep(0.2)
    try:
        return socket.create_server((host, int(port)))
    except OSError as error:
        sys.exit(f"Cannot listen on {own} ({os.strerror(error.errno)}); choose another port.")


def meet(others: Sequence[str], seconds: float) -> None:
    """Wait until all other workers are there; otherwise end with one sentence.

    TensorFlow waits for an hour, in compiled code that no thread of Python can interrupt.
    """
    end = time.monotonic() + seconds
    missing = list(others)
    while missing := [address for address in missing if not answers(address)]:
        if time.monotonic() > end:
            sys.exit(
                f"Nobody came at {', '.join(missing)} within {seconds:g} seconds; "
                "start that worker, or correct the addresses."
            )
        time.sleep(0.2)


def answers(address: str) -> bool:
    """Tell whether somebody listens on an address."""
    host, _, port = address.rpartition(":")
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=2):
        return True
    return False


class Processes:
    """Processes of one script, ended together when the ``with`` block ends."""

    def __init__(self, script: str) -> None:
        self.script = script
        self.started: list[subprocess.Popen] = []
        self.lines: dict[subprocess.Popen, queue.Queue] = {}
        self.readers: list[threading.Thread] = []

    def __enter__(self) -> "Processes":
        """Return the group, which also ends when somebody asks this process to end."""
        self.handler = signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended by a signal."))
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs."""
        for process in self.started:
            process.kill()
            process.wait()
        for reader in self.readers:
            reader.join()
        signal.signal(signal.SIGTERM, self.handler)

    def start(self, *arguments: str, watched: bool = False) -> subprocess.Popen:
        """Start the script once more; `read_until` reads what a watched one prints."""
        # A thread for each process, so that two on two cores compare with one on one core.
        threads = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
        process = subprocess.Popen(
            [sys.executable, self.script, *arguments],
            env={"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, **threads},
            stdout=subprocess.PIPE if watched else None,
            text=True,
        )
        self.started.append(process)
        if watched:
            self.lines[process] = queue.Queue()
            # A thread of its own, because a read cannot be given a time limit on each system.
            reader = threading.Thread(target=self._pass_on, args=[process])
            self.readers.append(reader)
            reader.start()
        return process

    def _pass_on(self, process: subprocess.Popen) -> None:
        with process.stdout:
            for line in process.stdout:
                print(line, end="", flush=True)
                self.lines[process].put(line)
        self.lines[process].put(None)

    def read_until(self, process: subprocess.Popen, beginning: str, seconds: float) -> None:
        """Wait until a watched process prints such a line; otherwise end with one sentence."""
        end = time.monotonic() + seconds
        while True:
            try:
                line = self.lines[process].get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                sys.exit(f'No "{beginning}" after {seconds:g} seconds; all processes were ended.')
            if line is None:
                sys.exit(f'A process ended before it said "{beginning}"; see its message above.')
            if line.startswith(beginning):
                return

    def wait(self, processes: Sequence[subprocess.Popen], seconds: float) -> None:
        """Wait until all have ended well; otherwise end with one sentence."""
        end = time.monotonic() + seconds
        waiting = list(processes)
        # All at a time: one may wait in vain for another that has failed.
        while waiting := [process for process in waiting if process.poll() != 0]:
            if failed := [process for process in waiting if process.returncode]:
                sys.exit(
                    f"A process ended with status {failed[0].returncode}; "
                    "all others were ended too."
                )
            if time.monotonic() > end:
                sys.exit(f"Not finished after {seconds:g} seconds; all processes were ended.")
            time.sleep(0.1)
