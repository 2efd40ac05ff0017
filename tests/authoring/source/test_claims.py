"""Whatever a claim says in numbers is what its checkpoint compares with."""

import pytest

from dl_lesson.authoring.source.claims import claim_errors
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.authoring.source.validation import EpisodeError

# (claim, value, bounds that agree with it, bounds that do not)
CLAIMS = [
    ("right for at least 0.95", "x", "at_least=0.95", "at_least=0.05"),
    ("right for at least 0.95", "x", "at_least=0.95", "at_most=0.95"),
    ("at most 40 corrections", "x", "at_most=40", "at_least=40"),
    ("at most 40 corrections", "x", "at_most=40", "at_most=400"),
    ("right for at least 80 % of them", "x", "at_least=0.8", "at_least=0.08"),
    ("wrong for at least 15 % of them", "x", "at_most=0.85", "at_most=0.95"),
    ("lower by at least 0.02", "x", "at_most=-0.02", "at_most=-0.2"),
    ("behind by at most 0.05", "x", "at_least=-0.05", "at_least=0.5"),
    ("falls by 15 or more", "x", "at_most=-15", "at_most=-5"),
    ("it gains ten points or more", "x", "at_least=0.1", "at_least=0.01"),
    ("between 0.4 and 0.6", "x", "at_least=0.4, at_most=0.6", "at_least=0.04, at_most=0.6"),
    ("10 to 30 % below", "x", "at_least=0.1, at_most=0.3", "at_least=0.1, at_most=0.4"),
    ("no seed gives more than 0.9", "x", "at_most=0.9", "at_least=0.9"),
    ("the loss stays above 0.4", "x", "at_least=0.4", "at_most=0.4"),
    ("the slope is never above 0.25", "x", "at_most=0.25", "at_most=0.52"),
    ("none comes within 0.3 hours", "x", "at_least=0.3", "at_most=0.3"),
    ("more than 150 layers", "x", "at_least=151", "at_least=15"),
    ("errors of more than 3 hours are at least 2 times as many", "x", "at_least=2", "at_least=3"),
    ("at most half of the other", "x", "at_most=0.5", "at_most=0.55"),
    ("they differ by at most a fifth", "x", "at_most=1.2", "at_most=1.5"),
    ("it leads by at least 0.1", "[lead - 0.1]", "at_least=0", "at_least=0.01"),
    ("at most about 410", "x", "at_least=400, at_most=420", "at_least=100, at_most=120"),
    ("the weight is well below 1", "x", "at_most=0.9", "at_most=1.9"),
    ("it has 14,101 parameters", "x", "equals=14101", "equals=14102"),
    ("about 25.6 million parameters", "x", "equals=25636712", "equals=26636712"),
    ("the sets hold 204, 69 and 69", "x", "equals=(204, 69, 69)", "equals=(240, 69, 69)"),
    ("200 steps with 32", "x", "equals={32: 200}", "equals={32: 100}"),
    ("a kernel of 5 x 5 leaves 60 rows", "x", "equals=60", "equals=62"),
    ("it is right for 97 %", "x", "at_least=0.97", "at_least=0.79"),
    ("9 of the 342 have no sex", "x", "equals=9", "equals=8"),
    ("all four are wrong from pass 3 on", "x", "equals=[4] * 28", "equals=[3.5] * 28"),
]


@pytest.mark.parametrize(("claim", "value", "good", "bad"), CLAIMS)
def test_a_number_in_a_claim_is_its_bound(claim, value, good, bad):
    assert list(claim_errors(f"checkpoint({claim!r}, {value}, {good})")) == []
    (error,) = claim_errors(f"checkpoint({claim!r}, {value}, {bad})")
    assert error.startswith(f"The claim “{claim}” names ")
    assert error.endswith(f", and is checked with {bad}; make them agree.")


@pytest.mark.parametrize(
    "call",
    [
        "checkpoint('with 2 hidden neurons it is right', right, equals=True)",
        "checkpoint('each mean is 0', means, at_most=1e-6)",
        "checkpoint('less than two standard errors', difference / error, at_most=1)",
        "checkpoint('the layer has 3 · 4 weights and 4 biases', n, equals=16)",
        "checkpoint(f'{name}: at least 3', x, at_least=2)",
        "checkpoint('it reaches the goal', x, at_least=goal)",
        "print('at least 3', 2)",
    ],
)
def test_what_names_no_bound_is_left_alone(call):
    assert list(claim_errors(call)) == []


def test_the_message_names_file_and_line(project, edit):
    edit('"The sum is 3."', '"The sum is at least 4."')
    edit("slope + 1, equals=3", "slope + 1, at_least=3")
    with pytest.raises(EpisodeError, match=r"episodes/01-line.md:\d+: The claim “The sum is at l"):
        read_episode(project, "01-line")
