"""The half days of a workshop: which parts of the episodes each of them holds, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from dl_lesson.authoring.source.parts import Part, split_episode
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.files import AuthoringError, Project

FILE = "episodes/schedule.yml"
WELCOME, LOOK_BACK, BREAK, WRAP_UP = (
    "Welcome",
    "Look back at the last half day",
    "Break",
    "Questions and feedback",
)


@dataclass(frozen=True)
class HalfDay:
    """One half day of a workshop.

    Attributes
    ----------
    day, days : int
        Its number, counted from 1, and the number of half days of the workshop.
    keys : list of str
        Names of its parts, and "break", in order.
    parts : dict of str to Part
        Name of a part -> the part.
    finished : list of str
        Names of the episodes of which no part follows on a later day.
    schedule : dict
        Content of the schedule file.
    """

    day: int
    days: int
    keys: list[str]
    parts: dict[str, Part]
    finished: list[str]
    schedule: dict[str, Any]

    def agenda(self) -> list[tuple[str, str, int, Part | None]]:
        """Return clock time, topic, minutes and part (if it is one) of each entry."""
        minutes = self.schedule["minutes"]
        first = WELCOME if self.day == 1 else LOOK_BACK
        entries: list[tuple[str, int, Part | None]] = [(first, minutes[first], None)]
        for key in self.keys:
            part = self.parts.get(key)
            entries.append(
                (part.topic, part.minutes, part) if part else (BREAK, minutes[BREAK], None)
            )
        entries += [(WRAP_UP, minutes[WRAP_UP], None), ("End", 0, None)]
        hour, minute = map(int, self.schedule["start"].split(":"))
        clock = 60 * hour + minute
        agenda = []
        for topic, taken, part in entries:
            agenda.append((f"{clock // 60:02}:{clock % 60:02}", topic, taken, part))
            clock += taken
        return agenda


def read_parts(project: Project, *, further: bool = False) -> list[Part]:
    """Read all parts of all episodes of the first or of the second part of the course."""
    return [
        part
        for name in project.episode_names()
        if project.is_further(name) == further
        for part in split_episode(read_episode(project, name))
    ]


def read_half_day(
    project: Project, day: int, days: int, all_parts: list[Part] | None = None
) -> HalfDay:
    """Read the episodes of one half day.

    Parameters
    ----------
    project : Project
        Project whose episodes to read.
    day : int
        Number of the half day, counted from 1.
    days : int
        Number of half days of the workshop.
    all_parts : list of Part, optional
        What `read_parts` returned, for a caller that reads several half days.

    Returns
    -------
    HalfDay
        What is taught on it.

    Raises
    ------
    AuthoringError
        If there is no such half day, or if the schedule names a part that no episode has.
    """
    schedule = read_schedule(project)
    plans = schedule["plans"]
    if days not in plans:
        raise AuthoringError(
            f"There is no schedule for {days} half days; choose {_listed(sorted(plans))}."
        )
    plan = [half_day.split() for half_day in plans[days]]
    if not 1 <= day <= days:
        raise AuthoringError(
            f"A workshop of {days} half days has no half day {day}; "
            f"choose {_listed(range(1, days + 1))}."
        )
    parts = {part.name: part for part in all_parts or read_parts(project)}
    for key in (key for keys in plan for key in keys if key != "break"):
        if key not in parts:
            raise AuthoringError(
                f"{FILE} names the part {key}, which no episode announces; those that exist: "
                f"{', '.join(parts)}."
            )
    keys = plan[day - 1]
    later = {parts[key].episode.name for keys in plan[day:] for key in keys if key in parts}
    todays = {key: parts[key] for key in keys if key in parts}
    names = dict.fromkeys(part.episode.name for part in todays.values())
    finished = [name for name in names if name not in later]
    return HalfDay(day, days, keys, todays, finished, schedule)


def read_schedule(project: Project) -> dict[str, Any]:
    """Read the schedule file.

    Raises
    ------
    AuthoringError
        If it is missing or lacks a key.
    """
    try:
        schedule = yaml.safe_load((project.root / FILE).read_text(encoding="utf-8"))
        schedule["start"], schedule["minutes"], schedule["plans"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError) as error:
        raise AuthoringError(
            f"{FILE} cannot be read ({error}); it needs start, minutes and plans."
        ) from error
    return schedule


def _listed(values: Iterable[object]) -> str:
    *first, last = map(str, values)
    return f"{', '.join(first)} or {last}" if first else last


def table_of_minutes(parts: list[Part]) -> str:
    """Return a Markdown table with the minutes that each part has, and what its teaching needs."""
    rows = [
        "| part | about | teaching | needed | typed lines | exercises | together |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    counted = []
    for part in parts:
        topic = f"{part.topic} (optional)" if part.optional else part.topic
        rows.append(
            f"| {part.name} | {topic} | {part.teaching} | {part.needed:.0f} | "
            f"{part.n_typed_lines} | {part.exercises} | {part.minutes} |"
        )
        if not part.optional:
            counted.append(part)
    teaching, needed, lines, exercises = (
        sum(getattr(part, name) for part in counted)
        for name in ("teaching", "needed", "n_typed_lines", "exercises")
    )
    rows.append(
        f"| | all that is not optional | {teaching} | {needed:.0f} | {lines} | {exercises} | "
        f"{teaching + exercises} |"
    )
    return "\n".join(rows)


def table_of_half_day(half_day: HalfDay) -> str:
    """Return the agenda of a half day, with its minutes, as a Markdown table."""
    rows = ["| time | what | teaching | exercises | together |", "|--:|---|--:|--:|--:|"]
    for clock, topic, minutes, part in half_day.agenda():
        if part:
            times = f"{part.teaching} | {part.exercises} | {part.minutes}"
        else:
            times = f"| | {minutes}" if minutes else "| |"
        rows.append(f"| {clock} | {topic} | {times} |")
    parts = half_day.parts.values()
    teaching, exercises = (sum(getattr(p, n) for p in parts) for n in ("teaching", "exercises"))
    rows.append(f"| | taught | {teaching} | {exercises} | {teaching + exercises} |")
    return "\n".join(rows)
