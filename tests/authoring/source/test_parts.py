"""Minutes of a part hold what is said, typed and waited for in it."""

import re

import pytest

from dl_lesson.authoring.execution.build import check
from dl_lesson.authoring.source.parts import overfull, split_episode
from dl_lesson.authoring.source.reading import read_episode

CELL = ":prompt: Set the slope and draw the line.\n:alt: A line that rises.\n"
SOLUTION = "print(slope + 1)\n"


def parts(project):
    return {part.name: part for part in split_episode(read_episode(project, "01-line"))}


def test_what_a_part_needs(project, edit):
    edit(CELL, f"{CELL}:seconds: 30\n")
    before, draw = parts(project).values()
    assert (before.n_typed_lines, before.waiting, draw.waiting) == (0, 0, 30)
    # The cell of the challenge is typed too; comments and solutions are not.
    assert draw.n_typed_lines == 3
    assert draw.needed == pytest.approx(draw.n_words / 150 + 3 / 2 + 30 / 60)
    assert draw.exercises == 7


def test_words_of_exercises_and_of_instructor_notes_are_not_taught(project, edit):
    before = parts(project)["1b"].n_words
    edit("Talk about lines.", "Talk about lines for a while.")
    edit("Rooms get stuck", "All rooms get stuck")
    assert parts(project)["1b"].n_words == before
    edit("This is a new cell.", "This is quite a new cell.")
    assert parts(project)["1b"].n_words == before + 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("slope = 2\n", "slope = 2\n" * 4, r"Part 1b needs 3\.\d minutes"),
        (CELL, f"{CELL}:seconds: 90\n", r"Part 1b needs 3\.\d minutes"),
        ("This is a new cell.", "word " * 300, r"Part 1b needs 3\.\d minutes"),
        (SOLUTION, SOLUTION * 11, "'Add one' has 11 lines to write in 5 minutes"),
    ],
)
def test_a_line_too_many_fails_with_file_and_line(built, edit, old, new, words):
    assert list(overfull(read_episode(built, "01-line"))) == []
    edit(old, new)
    found = [str(error) for error in check(built) if "differs" not in str(error)]
    assert len(found) == 1
    assert re.match(rf"episodes/01-line\.md:\d+: .*{words}", found[0]), found


def test_optional_parts_and_exercises_are_in_no_sum(project, edit):
    edit(":teaching: 3\n", ":teaching: 3\n:optional:\n")
    edit("teaching: 5", "teaching: 2")
    edit("exercises: 7", "exercises: 0")
    assert [part.optional for part in parts(project).values()] == [False, True]
