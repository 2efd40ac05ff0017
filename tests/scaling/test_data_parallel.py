"""Training with several workers, as processes that talk over the loopback address."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "examples" / "scaling" / "data_parallel.py"
pytestmark = pytest.mark.slow


def run(*arguments, **variables):
    environment = {**os.environ, "DL_LESSON_BUNDLED_ONLY": "1", **variables}
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        env={**environment, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=180,
    )


def worker_0(*addresses):
    task = {"type": "worker", "index": 0}
    return json.dumps({"cluster": {"worker": addresses}, "task": task})


def test_two_workers_train_as_one_also_when_one_is_lost():
    result = run()
    assert result.returncode == 0, result.stderr
    after_loss = result.stdout.partition("Worker 1 was killed")[2]
    # Taken up where the backup was written, not from the beginning.
    assert "epoch 4:" in after_loss
    assert "epoch 1:" not in after_loss
    assert result.stdout.count("differ from one worker's by at most") == 2


def test_a_worker_that_never_comes_is_one_sentence(tmp_path):
    with socket.socket() as own, socket.socket() as other:
        own.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        ports = [each.getsockname()[1] for each in (own, other)]
    addresses = [f"127.0.0.1:{port}" for port in ports]
    arguments = ("train", "--wait", "3", "--backup", str(tmp_path))
    result = run(*arguments, TF_CONFIG=worker_0(*addresses))
    assert result.returncode == 1
    assert f"Nobody came at {addresses[1]} within 3 seconds; start that worker" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        result = run("train", "--backup", str(tmp_path), TF_CONFIG=worker_0(address))
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"Cannot listen on {address} (")
