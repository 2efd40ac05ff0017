"""Checks that keep the text of the lesson true."""

import numpy as np


class CheckpointError(AssertionError):
    """A claim of the lesson does not hold in this run."""


def checkpoint(claim, value, at_least=None, at_most=None, equals=None):
    """Check a claim of the text against what the notebook has computed.

    Parameters
    ----------
    claim : str
        What the text says, as a sentence. It is printed with a tick when it holds.
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
        If the claim does not hold, or the value is not a number (NaN).
    TypeError
        If no bound is given, so that nothing would be checked.
    """
    if at_least is None and at_most is None and equals is None:
        raise TypeError(
            "checkpoint needs at_least, at_most or equals; without one it checks nothing."
        )
    failed = []
    # As objects, because a list may hold shapes of different lengths.
    if equals is not None and not np.array_equal(np.array(value, object), np.array(equals, object)):
        failed.append(f"equal to {equals!r}")
    # Written as "not all inside" so that NaN, which compares false with everything, fails.
    if at_least is not None and not np.all(np.asarray(value) >= at_least):
        failed.append(f"at least {at_least!r}")
    if at_most is not None and not np.all(np.asarray(value) <= at_most):
        failed.append(f"at most {at_most!r}")
    if np.array(value, object).size == 0:
        failed.append("not empty")
    if failed:
        raise CheckpointError(
            f"{claim}: the value is {value!r}, but should be {' and '.join(failed)}."
        )
    print(f"✓ {claim}")
