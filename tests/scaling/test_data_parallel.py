"""Training with several workers, as processes that talk over the loopback address."""

import pytest

pytestmark = pytest.mark.slow
SCRIPT = "data_parallel.py"


def test_two_workers_train_as_one_also_when_one_is_lost(run_script, left_behind):
    result = run_script(SCRIPT, "--wait", 300, "--seconds", 300)
    assert result.returncode == 0, result.stderr
    after_loss = result.stdout.partition("Worker 1 was killed")[2]
    # Taken up where the backup was written, not from the beginning.
    assert "epoch 4:" in after_loss
    assert "epoch 1:" not in after_loss
    assert result.stdout.count("differ from one worker's by at most") == 2
    assert left_behind() == []


def test_a_worker_that_never_comes_is_one_sentence(run_script, tmp_path, free_addresses):
    arguments = ("train", "--wait", 3, "--backup", tmp_path, "--workers", *free_addresses)
    result = run_script(SCRIPT, *arguments)
    assert result.returncode == 1
    assert f"Nobody came at {free_addresses[1]} within 3 seconds; start that" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_port_in_use_is_one_sentence(run_script, tmp_path, taken_address):
    result = run_script(SCRIPT, "train", "--backup", tmp_path, "--workers", taken_address)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"Cannot listen on {taken_address} (Address")


def test_a_name_that_nobody_knows_is_one_sentence(run_script, tmp_path):
    unknown = ("--workers", "node1.invalid:2222", "--wait", 1)
    result = run_script(SCRIPT, "train", "--backup", tmp_path, *unknown)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Nobody knows the host of node1.invalid:2222 (")


@pytest.mark.parametrize("text", ["node1", ":2222", "node1:http", "node1:99999", "node1:0"])
def test_what_is_no_address_is_one_sentence(run_script, text):
    result = run_script(SCRIPT, "train", "--workers", "127.0.0.1:2222", text)
    assert result.returncode == 2
    assert f"{text} is no address such as node1:2222" in result.stderr


@pytest.mark.parametrize("number", [-1, 1])
def test_a_number_that_no_worker_has_is_one_sentence(run_script, number):
    result = run_script(SCRIPT, "train", "--workers", "127.0.0.1:2222", "--number", number)
    assert result.returncode == 2
    assert f"there is no worker {number};" in result.stderr
