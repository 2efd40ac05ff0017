"""What runs in the process of one defect. It may import the lesson only from the changed copy."""

import os
import sys
from pathlib import Path

OPTIONS = ["-q", "-rfE", "-p", "no:cacheprovider", "--no-header", "--color=no"]


def run_tests(copy: Path, tests: list[str], log: Path, *options: str) -> None:
    """Run tests of a copy of the checkout, and end with the status of pytest.

    Parameters
    ----------
    copy : pathlib.Path
        The copy.
    tests : list of str
        What pytest is to run.
    log : pathlib.Path
        Where to write what it says.
    *options : str
        Further options of pytest.
    """
    # What the tests start belongs to the same session, and can be ended with it.
    os.setsid()
    os.chdir(copy)
    with log.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    # The checkout is installed; what lies in front of it wins, here and in what tests start.
    sys.path.insert(0, str(copy / "src"))
    os.environ["PYTHONPATH"] = str(copy / "src")
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    import pytest

    status = pytest.main([*OPTIONS, *options, *tests])
    sys.stdout.flush()
    os._exit(status)
