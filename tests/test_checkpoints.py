import io
import sys

import numpy as np
import pandas as pd
import pytest

from dl_lesson import CheckpointError, checkpoint


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        (3, {"equals": 3}),
        ((2, 3), {"equals": (2, 3)}),
        ([(2, 3), (4,)], {"equals": [(2, 3), (4,)]}),
        ([np.ones((8, 4)), np.ones((8, 3))], {"equals": [np.ones((8, 4)), np.ones((8, 3))]}),
        ([np.ones((8, 4)), [1, 2]], {"at_least": 1, "at_most": 2}),
        (True, {"equals": True}),
        ("relu", {"equals": "relu"}),
        (0.5, {"at_least": 0.5}),
        (0.5, {"at_most": 0.5}),
        (np.array([0.1, 0.9]), {"at_least": 0, "at_most": 1}),
        (pd.DataFrame({"a": [1, 2], "b": [3, 4]}), {"at_least": 1}),
    ],
)
def test_claim_that_holds_is_printed_with_a_tick(capsys, value, bounds):
    checkpoint("The claim holds", value, **bounds)
    assert capsys.readouterr().out == "✓ The claim holds\n"


@pytest.mark.parametrize(
    ("value", "bounds", "bound"),
    [
        (4, {"equals": 3}, "equal to 3"),
        ((2, 3), {"equals": (3, 2)}, "equal to (3, 2)"),
        ([(2, 3), (4,)], {"equals": [(2, 3), (5,)]}, "equal to [(2, 3), (5,)]"),
        (False, {"equals": True}, "equal to True"),
        (0.49, {"at_least": 0.5}, "at least 0.5"),
        (0.1, {"at_least": 0.123456}, "at least 0.123456"),
        (np.array([-1, 5]), {"at_least": 0, "at_most": 1}, "be at least 0 and at most 1."),
        # One element is enough, wherever it stands.
        (np.array([[0.1, 0.9], [0.9, 0.9]]), {"at_least": 0.5}, "at least 0.5"),
        (np.array([[0.1, 0.1], [0.1, 0.9]]), {"at_most": 0.5}, "at most 0.5"),
        ([1, 2, 4], {"equals": [1, 2, 3]}, "equal to [1, 2, 3]"),
        ([1, 2], {"equals": [1, 2, 3]}, "equal to [1, 2, 3]"),
        (0.51, {"at_most": 0.5}, "at most 0.5"),
        (np.array([0.1, 1.1]), {"at_most": 1}, "at most 1"),
        (float("nan"), {"at_least": 0}, "at least 0"),
        (float("nan"), {"at_most": 0}, "at most 0"),
        (np.array([]), {"at_least": 0}, "not empty"),
        ([np.ones(2), np.ones(3)], {"equals": [np.ones(3), np.ones(2)]}, "equal to"),
        # Of shapes that numpy cannot put into one array, and of one that it could stretch.
        ([np.ones((8, 4)), np.ones((8, 3))], {"equals": np.ones((8, 4))}, "equal to"),
        ([83], {"equals": 83}, "equal to 83"),
        (83, {"equals": [83]}, "equal to [83]"),
        # Arrays of text forget these at its end.
        ("relu\0", {"equals": "relu"}, "equal to 'relu'"),
        ("relu", {"equals": "relu\0"}, "equal to 'relu\\x00'"),
    ],
)
def test_where_the_lesson_is_tested_a_claim_that_fails_raises(
    capsys, monkeypatch, value, bounds, bound
):
    monkeypatch.setenv("DL_LESSON_CHECKPOINTS", "strict")
    with pytest.raises(CheckpointError) as caught:
        checkpoint("The claim", value, **bounds)
    message = str(caught.value)
    assert message.startswith("The claim: ")
    assert repr(value) in message
    assert bound in message
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("value", "bounds", "words"),
    [
        (0.87, {"at_least": 0.95}, "at least 0.95; here it is 0.87"),
        (np.float32(0.31), {"at_most": 0.25}, "at most 0.25; here it is 0.31"),
        (84, {"equals": 83}, "83; here it is 84"),
        (1234567, {"at_most": 10}, "at most 10; here it is 1234567"),
        (0.1234567, {"at_least": 0.98765}, "at least 0.988; here it is 0.123"),
        (True, {"equals": False}, "False; here it is True"),
        ([-1, 5], {"at_least": 0, "at_most": 1}, "at least 0 and at most 1; here it is 5"),
        ("a" * 60, {"equals": "b" * 61}, f"{'b' * 57}...; here it is {'a' * 60}"),
        ([0.1, 0.7, 0.9], {"at_most": 0.5}, "at most 0.5; here it is 0.7"),
        (float("nan"), {"at_least": 0}, "at least 0; here it is nan"),
        ([], {"at_least": 0}, "not empty; here it is []"),
        ("three", {"at_least": 1}, "at least 1; here it is three"),
        (["three"], {"at_least": 1}, "at least 1; here it is three"),
        (None, {"at_most": 1}, "at most 1; here it is None"),
        ([np.ones(2), np.zeros(3)], {"at_least": 1}, "at least 1; here it is 0"),
        (np.eye(2, dtype=int), {"equals": 1}, "1; here it is [[1 0] [0 1]]"),
        (["x" * 99], {"equals": ["y"]}, "['y']; here it is ['" + "x" * 55 + "..."),
    ],
)
@pytest.mark.parametrize("setting", [None, "calm"])
def test_elsewhere_a_claim_that_fails_is_one_calm_line(
    capsys, monkeypatch, value, bounds, words, setting
):
    monkeypatch.delenv("DL_LESSON_CHECKPOINTS", raising=False)
    if setting:
        monkeypatch.setenv("DL_LESSON_CHECKPOINTS", setting)
    checkpoint("The claim", value, **bounds)
    assert capsys.readouterr().out == (
        f"✗ The claim: the text says {words}. Your change, or your data, made the difference.\n"
    )


def test_claim_without_a_bound_is_refused():
    with pytest.raises(TypeError) as caught:
        checkpoint("The claim", 3)
    assert str(caught.value) == (
        "checkpoint needs at_least, at_most or equals; without one it checks nothing."
    )


def test_a_console_without_the_sign_gets_words(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="cp1252"))
    monkeypatch.delenv("DL_LESSON_CHECKPOINTS", raising=False)
    checkpoint("a ≤ b", 1, equals=1)
    checkpoint("a is b", 1, equals=2)
    sys.stdout.flush()
    first, second = written.getvalue().decode("cp1252").splitlines()
    assert first == "OK: a ? b" and second.startswith(
        "NOT SO: a is b: the text says 2; here it is 1"
    )


@pytest.mark.parametrize("bound", ["equals", "at_most"])
@pytest.mark.parametrize("nothing", [0, False, 0.0])
def test_zero_and_false_are_compared(bound, nothing, monkeypatch):
    monkeypatch.setenv("DL_LESSON_CHECKPOINTS", "strict")
    checkpoint("nothing is left", nothing, **{bound: nothing})
    with pytest.raises(CheckpointError):
        checkpoint("nothing is left", 1, **{bound: nothing})


def test_zero_is_a_lowest_value(monkeypatch):
    monkeypatch.setenv("DL_LESSON_CHECKPOINTS", "strict")
    checkpoint("not below zero", 0, at_least=0)
    with pytest.raises(CheckpointError):
        checkpoint("not below zero", -1e-9, at_least=0)
