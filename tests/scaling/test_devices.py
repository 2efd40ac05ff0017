"""Training on several devices of one machine, here logical ones."""

import re

import pytest

pytestmark = pytest.mark.slow
SCRIPT = "devices.py"


def test_logical_devices_train_as_one_and_mixed_precision_learns(run_script):
    result = run_script(SCRIPT, "--epochs", 2, "--hidden", 16)
    assert result.returncode == 0, result.stderr
    assert "CPU:0" in result.stdout and "CPU:1" in result.stdout
    difference = float(re.search(r"All 2: the weights differ by at most (\S+),", result.stdout)[1])
    assert difference < 1e-4
    losses = [float(loss) for loss in re.findall(r"loss ([\d.]+),", result.stdout)]
    assert len(losses) == 3
    assert losses[1:] == pytest.approx([losses[0]] * 2, rel=0.05)
    # Otherwise the numbers were no shorter.
    assert len(set(losses)) > 1
    assert result.stdout.count("weights stored as float32,") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--epochs", 1], "--epochs must be at least 2"),
        (["--logical", 0], "--logical at least 1"),
        (["--batch", 127], "--batch 127 cannot be split over 2 devices"),
    ],
)
def test_options_that_make_no_sense_are_one_sentence(run_script, arguments, said):
    result = run_script(SCRIPT, *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
