"""Start processes on this machine that stand for machines of a cluster, and leave none behind."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence


def free_ports(number: int) -> list[int]:
    """Return ports of the loopback address that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def meet(own: str, others: Sequence[str], seconds: float) -> None:
    """Wait until all workers are there; otherwise end with one sentence.

    TensorFlow waits for an hour, in compiled code that no thread of Python can interrupt. Whoever
    has met all others goes on to TensorFlow, which listens on the same port and answers the rest.
    """
    host, _, port = own.rpartition(":")
    try:
        listener = socket.create_server((host, int(port)))
    except OSError as error:
        sys.exit(f"Cannot listen on {own} ({error.strerror}); choose another port in TF_CONFIG.")
    end = time.monotonic() + seconds
    with listener:
        missing = list(others)
        while missing := [address for address in missing if not answers(address)]:
            if time.monotonic() > end:
                sys.exit(
                    f"Nobody came at {', '.join(missing)} within {seconds:g} seconds; "
                    "start that worker, or correct TF_CONFIG."
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

    def __enter__(self) -> "Processes":
        """Return the group."""
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs."""
        for process in self.started:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()

    def start(self, *arguments: str, watched: bool = False, **variables: str) -> subprocess.Popen:
        """Start the script once more; a watched one can be read line by line."""
        # A thread for each process, so that two on two cores compare with one on one core.
        threads = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
        process = subprocess.Popen(
            [sys.executable, self.script, *arguments],
            env={"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, **threads, **variables},
            stdout=subprocess.PIPE if watched else None,
            text=True,
        )
        self.started.append(process)
        return process

    def wait(self, processes: Sequence[subprocess.Popen], seconds: float) -> None:
        """Wait until all have ended well; otherwise end with one sentence."""
        end = time.monotonic() + seconds
        for process in processes:
            try:
                code = process.wait(max(0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                sys.exit(f"Not finished after {seconds:g} seconds; all processes were ended.")
            if code:
                sys.exit(f"A process ended with status {code}; all others were ended too.")
