import re
import sys

import pytest

from dl_lesson.authoring.execution.figures import draw, same_drawing
from dl_lesson.course.files import AuthoringError


@pytest.fixture
def module(project):
    return project.episodes / "figures" / "line.py"


def test_drawing_twice_gives_the_same_bytes(module):
    first = draw(module)
    assert first == draw(module)
    assert "<dc:date>" not in first and "<text" not in first and "line" not in sys.modules


def test_the_style_of_the_project_is_used(module, edit):
    first = draw(module)
    assert "#0072b2" in first.lower()
    edit('"font.size": 12', '"font.size": 20', "episodes/figures/_style.py")
    assert not same_drawing(first, draw(module))


def test_last_digits_and_ids_may_differ(module):
    first = draw(module)
    number = re.search(r"\d+\.\d{4,}", first)[0]
    second = first.replace(number, f"{float(number) + 1e-4:.6f}")
    name = re.search(r'id="(m[0-9a-f]{10})"', first)[1]
    second = second.replace(name, "m0123456789")
    assert second != first and same_drawing(first, second)


@pytest.mark.parametrize("way", [0.1, 1, 50])
def test_a_coordinate_that_moves_is_noticed(module, way):
    first = draw(module)
    number = re.search(r"\d+\.\d{4,}", first)[0]
    assert not same_drawing(first, first.replace(number, f"{float(number) + way:.6f}"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[0, 1], [0, 1]", "[0, 1], [0, 0.9]"),
        ("A line", "A lime"),
        ("color=COLOR", 'color="#0072b3"'),
    ],
)
def test_another_drawing_is_noticed(module, edit, old, new):
    first = draw(module)
    edit(old, new, "episodes/figures/line.py")
    assert not same_drawing(first, draw(module))


def test_an_added_element_is_noticed(module):
    assert not same_drawing(draw(module), draw(module).replace("</svg>", "<g/></svg>"))


@pytest.mark.parametrize(
    ("new", "words"), [("return None", "no matplotlib figure"), ("return 1 / 0", "ZeroDivision")]
)
def test_a_drawing_that_fails_is_one_sentence(module, edit, new, words):
    edit("return figure", new, "episodes/figures/line.py")
    with pytest.raises(AuthoringError, match=rf"episodes/figures/line.py .*{words}"):
        draw(module)
