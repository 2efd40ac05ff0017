import re
from itertools import pairwise
from pathlib import Path

import pytest

from dl_lesson.authoring.editions.handout import handout
from dl_lesson.authoring.source.schedule import (
    read_half_day,
    read_parts,
    read_schedule,
    table_of_half_day,
    table_of_minutes,
)
from dl_lesson.course.files import AuthoringError, Project

LESSON = Project(Path(__file__).parents[3])
PLANS = read_schedule(LESSON)["plans"]
HALF_DAYS = [(day, days) for days in PLANS for day in range(1, days + 1)]


@pytest.fixture
def plan(project):
    """The small project: its one episode on one half day, or on two."""
    return project


def minutes_of(clock):
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def test_parts_lose_nothing_of_their_episode():
    parts = read_parts(LESSON) + read_parts(LESSON, further=True)
    for name in LESSON.episode_names():
        of_episode = [part for part in parts if part.episode.name == name]
        nodes = sum((part.nodes for part in of_episode), ())
        assert nodes == of_episode[0].episode.nodes


def test_four_half_days_hold_each_part_once():
    taught = [key for half_day in PLANS[4] for key in half_day.split() if key != "break"]
    assert taught == [part.name for part in read_parts(LESSON) if not part.optional]


@pytest.mark.parametrize(("day", "days"), HALF_DAYS)
def test_each_half_day_holds_the_parts_of_its_line(day, days):
    half_day = read_half_day(LESSON, day, days)
    assert (half_day.day, half_day.days) == (day, days)
    assert half_day.keys == PLANS[days][day - 1].split()
    assert f"half day {day} of {days}\n" in handout(LESSON, day, days)


@pytest.mark.parametrize(("day", "days"), HALF_DAYS)
def test_clock_times_and_minutes_of_an_agenda_add_up(day, days):
    agenda = read_half_day(LESSON, day, days).agenda()
    clock = [minutes_of(time) for time, *_ in agenda]
    assert clock[0] == 9 * 60
    assert [after - before for before, after in pairwise(clock)] == [
        minutes for _, _, minutes, _ in agenda[:-1]
    ]
    assert clock[-1] <= 13 * 60 + 15
    longest = minutes_without_break = 0
    for _, topic, minutes, _ in agenda:
        minutes_without_break = 0 if topic == "Break" else minutes_without_break + minutes
        longest = max(longest, minutes_without_break)
    assert longest <= 80


def test_table_of_minutes_says_what_each_part_has_and_needs(plan):
    rows = table_of_minutes(read_parts(plan)).splitlines()
    assert rows[2].startswith("| 1a | Before | 2 | 0 | 0 | 0 | 2 |")
    assert rows[3].startswith("| 1b | Draw | 3 | ")
    assert rows[-1].startswith("| | all that is not optional | 5 | ")


def test_agenda_of_a_half_day_as_a_table(plan):
    rows = table_of_half_day(read_half_day(plan, 1, 1)).splitlines()
    assert rows[2:5] == [
        "| 09:00 | Welcome | | | 15 |",
        "| 09:15 | Before | 2 | 0 | 2 |",
        "| 09:17 | Break | | | 15 |",
    ]
    assert rows[-2:] == ["| 09:57 | End | | | |", "| | taught | 5 | 7 | 12 |"]


@pytest.mark.slow
@pytest.mark.parametrize(("day", "days"), HALF_DAYS)
def test_handout_of_the_lesson(day, days):
    page = handout(LESSON, day, days)
    half_day = read_half_day(LESSON, day, days)
    for clock, topic, *_ in half_day.agenda():
        assert f"| {clock} | {topic} |" in page
    for part in half_day.parts.values():
        assert f"`{part.episode.name}.ipynb`" in page
    assert not re.search(r"\{(term|doc)\}|^:::|\{solution\}|<summary>Solution", page, re.M)
    assert page == handout(LESSON, day, days)
    assert "<summary>Solution" in handout(LESSON, day, days, with_solutions=True)


def test_handout_holds_agenda_exercises_code_and_key_points(plan):
    page = handout(plan, 1, 1)
    assert "| 09:00 | Welcome |\n| 09:15 | Before |\n| 09:17 | Break |\n| 09:32 | Draw |" in page
    assert "| 09:42 | Questions and feedback |\n| 09:57 | End |" in page
    assert "#### Add one (5 minutes)" in page
    assert "#### At home (20 minutes, optional)" in page
    assert "Set the slope and draw the line.\n\n```python\nslope = 2\nplt.show()\n```" in page
    assert page.count("Look at the slope.\n\n```python\nslope\n```") == 1
    assert "## Key points\n\n### A line\n\n- A line is straight." in page
    assert "<details><summary>Hint</summary>\n\nUse a plus sign.\n\n</details>" in page
    for hidden in ("from dl_lesson import checkpoint", "Rooms get stuck", "The sum is three"):
        assert hidden not in page


def test_code_of_solutions_and_of_starters_is_not_typed(plan, edit):
    edit(":tags: [provided]\n", ":tags: [provided]\n:prompt: Import.\n")
    edit(
        ":tags: [nbval-ignore-output]\nprint(",
        ":tags: [nbval-ignore-output]\n:prompt: Print.\nprint(",
    )
    page = handout(plan, 1, 1)
    assert "Look at the slope." in page
    assert "Import." not in page
    assert "Print." not in page


def test_solutions_only_if_wanted(plan):
    page = handout(plan, 1, 1, with_solutions=True)
    solution = page.partition("<details><summary>Solution</summary>")[2].partition("</details>")[0]
    assert "The sum is three." in solution
    assert "```python\nprint(slope + 1)\n```" in solution
    assert "checkpoint(" not in page


def test_solution_of_checkpoints_only_is_left_out(plan, edit):
    printing = "```{code-cell} python\n:tags: [nbval-ignore-output]\nprint(slope + 1)\n```\n"
    edit("The sum is three.\n\n" + printing, "")
    edit("That was `slope + 1`.\n", "")
    assert "<summary>Solution" not in handout(plan, 1, 1, with_solutions=True)


def test_key_points_wait_for_the_end_of_the_episode(plan):
    assert "## Key points" not in handout(plan, 1, 2)
    assert "#### Add one" not in handout(plan, 1, 2)
    assert "## Key points" in handout(plan, 2, 2)


def test_second_half_day_begins_with_a_look_back(plan):
    assert "| 09:00 | Welcome |" in handout(plan, 1, 2)
    second = handout(plan, 2, 2)
    assert "| 09:00 | Look back at the last half day |" in second
    assert "## Look back\n\nLast time:\n\n- Before\n\nWhat do you" in second


def test_each_half_day_has_room_for_names_and_points_to_the_others(plan):
    first, second = handout(plan, 1, 2), handout(plan, 2, 2)
    assert first.count("\n| | | |") == second.count("\n| | | |") == 12
    assert "## Who is here?" in first
    assert "## Who is here?" not in second
    assert "- Page of half day 2: ..." in first
    assert "- Page of half day 1: ..." in second
    assert "Page of half day 2" not in second


def test_what_to_try_first_is_asked_on_the_last_half_day(plan):
    assert "What I will try first" not in handout(plan, 1, 2)
    assert "What I will try first" in handout(plan, 2, 2)


def test_roles_become_plain_text(plan, edit):
    edit("- A line is straight.", "- A {term}`line` of {term}`points <point>`, see {doc}`01-line`.")
    assert "- A *line* of *points*, see *A line*." in handout(plan, 1, 1)


def test_a_paragraph_is_one_line_and_code_stays(plan, edit):
    code = "```python\n1\n2\n```"
    table = "| a |\n|---|\n| b |"
    edit("Now add.", f"Now\nadd.\n\n- One\n  item\n\n> A\n> quotation\n\n{table}\n\n{code}")
    page = handout(plan, 1, 1)
    assert f"Now add.\n\n- One item\n\n> A quotation\n\n{table}\n\n{code}" in page


def test_quiz_is_text_whose_answer_waits_for_the_solutions(plan, edit):
    edit(
        "Now add.",
        ":::{quiz}\nWhich way?\n\n- [x] Up.\n\n  Right. The slope is 2.\n"
        "- [ ] Down.\n\n  Wrong. Then it would be below 0.\n:::",
    )
    page = handout(plan, 1, 1)
    assert "Which way?\n\n- **A.** Up.\n- **B.** Down." in page
    assert "The slope is 2." not in page
    assert "The slope is 2." in handout(plan, 1, 1, with_solutions=True)


@pytest.mark.parametrize(
    ("day", "days", "message"),
    [
        (3, 2, "A workshop of 2 half days has no half day 3; choose 1 or 2."),
        (0, 2, "A workshop of 2 half days has no half day 0; choose 1 or 2."),
        (1, 5, "There is no schedule for 5 half days; choose 1 or 2."),
    ],
)
def test_day_that_does_not_exist(plan, day, days, message):
    with pytest.raises(AuthoringError) as error:
        handout(plan, day, days)
    assert str(error.value) == message


def test_part_that_no_episode_announces(plan, edit):
    edit("1: [1a break 1b]", "1: [1a break 1c]", "episodes/schedule.yml")
    with pytest.raises(AuthoringError, match=r"the part 1c, which no episode .* exist: 1a, 1b"):
        handout(plan, 1, 1)


@pytest.mark.parametrize("content", ["", "start: [", "start: '09:00'\n"])
def test_schedule_that_cannot_be_read(plan, content):
    (plan.episodes / "schedule.yml").write_text(content)
    with pytest.raises(AuthoringError, match="it needs start, minutes and plans"):
        handout(plan, 1, 1)


def test_a_value_of_the_run_stands_in_the_handout(built, edit):
    edit("- A line is straight.", "- A line has the slope {eval}`slope`.")
    edit(
        '"values": {}',
        '"values": {"slope": {"after": [], "value": "2"}}',
        "notebooks/01-line.ipynb",
    )
    assert "- A line has the slope 2." in handout(built, 1, 1)


@pytest.mark.slow
@pytest.mark.parametrize(("day", "days"), HALF_DAYS)
def test_handout_names_the_data_and_each_episode_once_in_each_section(day, days):
    page = handout(LESSON, day, days)
    parts = read_half_day(LESSON, day, days).parts.values()
    episodes = {part.episode.name: part.episode.front_matter for part in parts}
    assert ("- Data of today: [" in page) == any(front["data"] for front in episodes.values())
    exercises, typed = re.split("^## (?:Exercises|Code that we type)$", page, flags=re.M)[1:]
    typed = typed.split("\n## ")[0]
    # Code can hold what looks like a heading.
    typed, n_cells = re.subn("^```python$.*?^```$", "", typed, flags=re.M | re.S)
    titles = [front["title"] for front in episodes.values()]
    assert re.findall("^### (.*)", exercises, re.M) == titles
    assert re.findall("^### (.*)", typed, re.M) == titles
    assert 0 < len(re.findall("^#### ", typed, re.M)) < n_cells
