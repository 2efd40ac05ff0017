"""Checks that keep the text of the lesson true."""

import contextlib
import os
from numbers import Real
from typing import Any

import numpy as np


class CheckpointError(AssertionError):
    """A claim of the lesson does not hold in this run."""


def checkpoint(
    claim: str,
    value: object,
    at_least: float | None = None,
    at_most: float | None = None,
    equals: object = None,
) -> None:
    """Compare a claim of the text with what the notebook has computed.

    A claim that holds is printed with a tick. One that does not is printed with what was found
    instead, and the notebook goes on: a change of yours, or other data, may be the reason. Only
    where the lesson itself is tested (the environment variable ``DL_LESSON_CHECKPOINTS`` is
    ``strict``), an error is raised.

    Parameters
    ----------
    claim : str
        What the text says, as a sentence.
    value : float, bool, str, sequence or numpy.ndarray
        What was computed. Bounds must hold for each element of an array.
    at_least : float, optional
        Lowest value for which the claim holds.
    at_most : float, optional
        Highest value for which the claim holds.
    equals : object, optional
        The value itself, compared exactly; use it for counts, shapes and names.

    Raises
    ------
    CheckpointError
        Where the lesson is tested, if the claim does not hold or the value is not a number (NaN).
    TypeError
        If no bound is given, so that nothing would be compared.
    """
    if at_least is None and at_most is None and equals is None:
        raise TypeError(
            "checkpoint needs at_least, at_most or equals; without one it checks nothing."
        )
    failed = []
    found, elements = value, _elements(value)
    if equals is not None and not _same(value, equals):
        failed.append(f"equal to {equals!r}" if _is_strict() else _shown(equals))
    for bound, words, fits in (
        (at_least, "at least", np.greater_equal),
        (at_most, "at most", np.less_equal),
    ):
        if bound is None:
            continue
        inside = np.zeros(elements.shape, bool)
        # What is no number does not fit; nor does NaN, which compares false with everything.
        with contextlib.suppress(TypeError):
            inside = np.asarray(fits(elements, bound))
        if not inside.all():
            failed.append(f"{words} {bound!r}" if _is_strict() else f"{words} {_shown(bound)}")
            found = elements[~inside][0] if elements.ndim else value
    if elements.size == 0:
        failed.append("not empty")
    if not failed:
        _say("✓", "OK:", claim)
    elif _is_strict():
        raise CheckpointError(
            f"{claim}: the value is {value!r}, but should be {' and '.join(failed)}."
        )
    else:
        _say(
            "✗",
            "NOT SO:",
            f"{claim}: the text says {' and '.join(failed)}; here it is {_shown(found)}. "
            "Your change, or your data, made the difference.",
        )


def _say(sign: str, word: str, text: str) -> None:
    try:
        print(f"{sign} {text}")
    except UnicodeEncodeError:
        # A console of another encoding may lack the sign, and letters of the text.
        print(f"{word} {text}".encode("ascii", "replace").decode())


def _is_strict() -> bool:
    return os.environ.get("DL_LESSON_CHECKPOINTS") == "strict"


def _elements(value: Any) -> np.ndarray:
    """Return what a bound must hold for, of an array or of a list of unlike arrays."""
    try:
        return np.asarray(value)
    except ValueError:
        return np.concatenate([_elements(part).ravel() for part in value])


def _same(value: Any, expected: Any) -> bool:
    # One by one, because a list may hold arrays, or shapes of different lengths.
    if isinstance(value, list | tuple) and isinstance(expected, list | tuple):
        return len(value) == len(expected) and all(map(_same, value, expected))
    try:
        return bool(np.array_equal(np.array(value, object), np.array(expected, object)))
    except ValueError:
        # A list of arrays beside an array: of shapes that cannot be compared.
        return False


def _shown(value: object) -> str:
    """Return a value in a few words on one line, whatever it is."""
    if isinstance(value, Real) and not isinstance(value, bool | np.bool_ | int):
        return f"{value:.3g}"
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
