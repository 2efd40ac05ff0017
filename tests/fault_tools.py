"""What the tests of faults share: run a command as people do, and see what it leaves behind."""

import contextlib
import hashlib
import os
import resource
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import psutil

PATIENCE = 90
# The command line, with a data host and a cache of the test's own.
FETCHING = """
import json, sys
from pathlib import Path
import platformdirs
cache, address, checksums = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
del sys.argv[1:4]
platformdirs.user_cache_path = lambda *_, **__: cache
from dl_lesson.data import fetch
fetch.REMOTES = {"weather": fetch.Remote(address, "weather", checksums)}
from dl_lesson.cli import app
app()
"""


@dataclass
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    def says(self, *words: str, status: int = 1) -> None:
        """Assert that it failed with one sentence on stderr that holds these words."""
        assert self.status == status, (self.status, self.out, self.err)
        assert "Traceback" not in self.out + self.err and "Exception ignored" not in self.err
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        for word in words:
            assert word in lines[0], (word, lines[0])

    def is_well(self) -> None:
        assert self.status == 0, (self.status, self.out, self.err)
        assert self.err == "", self.err


class Command:
    """A command line that runs by itself, in a group of processes of its own."""

    def __init__(self, folder: Path, *arguments: str, limits=(), before=(), **environment):
        # Whatever the command starts, in whatever session, inherits this.
        self.mark = uuid.uuid4().hex
        environment = {**os.environ, **environment, "DL_LESSON_TEST_MARK": self.mark}
        environment = {name: value for name, value in environment.items() if value is not None}

        def limit():
            for what, size in limits:
                resource.setrlimit(what, (size, size))

        self.process = subprocess.Popen(
            [*before, sys.executable, *(arguments if "-c" in arguments else ("-m", *arguments))],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=limit,
        )

    def children(self) -> list[psutil.Process]:
        """Return all that it has started and that still runs."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                marked = process.environ().get("DL_LESSON_TEST_MARK") == self.mark
                if marked and process.pid != self.process.pid:
                    found.append(process)
        return found

    def has_started(self, name: str) -> bool:
        """Tell whether a program runs that has a word in its command line."""
        for child in self.children():
            with contextlib.suppress(psutil.Error):
                if any(name in word for word in child.cmdline()):
                    return True
        return False

    def wait_for(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline, "it never came so far"
            time.sleep(0.1)

    def end(self, number: int | None = None) -> Ended:
        """Wait for the end, or ask for it; then nothing of it may run any more."""
        if number is not None:
            os.kill(self.process.pid, number)
        try:
            out, err = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            for process in (self.process, *self.children()):
                process.kill()
            raise
        # One whose parent was killed needs a moment to notice.
        _, alive = psutil.wait_procs(self.children(), timeout=30)
        for process in alive:
            process.kill()
        assert alive == [], "processes are left behind"
        return Ended(self.process.returncode, out, err)


def dl_lesson(folder: Path, *arguments: str, **options) -> Ended:
    """Run ``dl-lesson`` in a folder."""
    return Command(folder, "dl_lesson", *arguments, **options).end()


def digest(folder: Path) -> dict[str, str]:
    """Return what lies in a folder: name of each file and folder, and a sign of its content."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        )
        for path in sorted(folder.rglob("*"))
    }


def folder_of_a_killed_process(prefix: str, parent: Path) -> Path:
    """Make a temporary folder as the package does, in a process that ends without a word."""
    code = (
        "import os, pathlib, sys; from dl_lesson.data.temporary import temporary_folder; "
        "made = temporary_folder(sys.argv[1], pathlib.Path(sys.argv[2])); "
        "print(made.__enter__(), flush=True); os._exit(1)"
    )
    command = [sys.executable, "-c", code, prefix, str(parent)]
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return Path(process.stdout.strip())
