"""One search shared by a chief and its workers, over the loopback address."""

import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow
SCRIPT = "shared_search.py"


def test_a_search_completes_although_a_worker_is_lost(run_script, left_behind):
    limits = ("--wait", 300, "--seconds", 300)
    result = run_script(SCRIPT, "--trials", 4, "--epochs", 4, *limits)
    assert result.returncode == 0, result.stderr
    assert "All three found the same 4 scores" in result.stdout
    with_loss = result.stdout.partition("Search: two workers, one lost")[2]
    before, _, after = with_loss.partition("tuner1 was killed")
    lost = re.findall(r"tuner1: half of trial (\d)", before)[-1]
    # The worker that comes back gets the trial again in which it was killed.
    assert f"tuner1: trial {lost} ends" not in before
    assert re.findall(r"tuner1: trial (\d) begins", after)[0] == lost
    assert f"tuner1: trial {lost} ends" in after
    assert left_behind() == []


def test_a_worker_that_never_comes_is_one_sentence(run_script, tmp_path, free_addresses):
    chief = ("chief", "--address", free_addresses[0], "--folder", tmp_path, "--wait", 2)
    result = run_script(SCRIPT, *chief)
    assert result.returncode == 1
    assert "No trial began or ended within 2 seconds; start a worker again" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_chief_that_never_comes_is_one_sentence(run_script, free_addresses):
    result = run_script(SCRIPT, "worker", "--address", free_addresses[0], "--wait", 1)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"No chief answers at {free_addresses[0]} within 1 seconds; start it" in result.stderr


def test_a_worker_leaves_a_chief_that_is_gone(scaling_environment, free_addresses):
    address = free_addresses[0]
    code = f"import shared_search as s; s.SILENCE = 0.5; s.leave_without_chief({address!r})"
    command = [sys.executable, "-c", code]
    result = subprocess.run(
        command, env=scaling_environment, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 1
    assert result.stderr == f"The chief at {address} is gone; start it again, then this worker.\n"


def test_a_port_in_use_is_one_sentence(run_script, tmp_path, taken_address):
    result = run_script(SCRIPT, "chief", "--address", taken_address, "--folder", tmp_path)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"Cannot listen on {taken_address} (")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["worker"], "need --address HOST:PORT"),
        (["chief", "--address", "node1"], "node1 is no address such as node1:2222"),
        (["--trials", "7"], "--trials must be from 1 to 6"),
        (["--trials", "0"], "--trials must be from 1 to 6"),
        (["--epochs", "0"], "--epochs must be at least 1"),
    ],
)
def test_options_that_make_no_sense_are_one_sentence(run_script, arguments, said):
    result = run_script(SCRIPT, *arguments)
    assert result.returncode == 2
    assert said in result.stderr


def test_who_is_asked_to_end_leaves_no_process(scaling_environment, left_behind, tmp_path):
    # From a copy in the folder of the test, so that its processes can be told apart.
    script = tmp_path / "show.py"
    script.write_text(
        "import sys, time\n"
        "from processes import Processes\n"
        "if sys.argv[1:]:\n"
        "    time.sleep(600)\n"
        "with Processes(__file__) as group:\n"
        "    process = group.start('wait')\n"
        "    print('started', flush=True)\n"
        "    group.wait([process], 600)\n"
    )
    with subprocess.Popen(
        [sys.executable, script], env=scaling_environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "started\n"
        assert len(left_behind()) == 2
        process.terminate()
        assert process.wait(60) == 1
    assert left_behind() == []
