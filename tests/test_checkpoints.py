import numpy as np
import pytest

from dl_lesson import CheckpointError, checkpoint


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        (3, {"equals": 3}),
        ((2, 3), {"equals": (2, 3)}),
        ([(2, 3), (4,)], {"equals": [(2, 3), (4,)]}),
        (True, {"equals": True}),
        ("relu", {"equals": "relu"}),
        (0.5, {"at_least": 0.5}),
        (0.5, {"at_most": 0.5}),
        (np.array([0.1, 0.9]), {"at_least": 0, "at_most": 1}),
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
        (0.51, {"at_most": 0.5}, "at most 0.5"),
        (np.array([0.1, 1.1]), {"at_most": 1}, "at most 1"),
        (float("nan"), {"at_least": 0}, "at least 0"),
        (float("nan"), {"at_most": 0}, "at most 0"),
        (np.array([]), {"at_least": 0}, "not empty"),
    ],
)
def test_claim_that_fails_names_claim_value_and_bound(capsys, value, bounds, bound):
    with pytest.raises(CheckpointError) as caught:
        checkpoint("The claim", value, **bounds)
    message = str(caught.value)
    assert message.startswith("The claim: ")
    assert repr(value) in message
    assert bound in message
    assert capsys.readouterr().out == ""


def test_claim_without_a_bound_is_refused():
    with pytest.raises(TypeError, match="checks nothing"):
        checkpoint("The claim", 3)
