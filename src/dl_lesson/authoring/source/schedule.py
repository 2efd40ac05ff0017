"""What is taught when: the parts of the episodes, and the half days that they fill."""

from dataclasses import dataclass
from itertools import pairwise

from dl_lesson.authoring.execution.build import read_episode
from dl_lesson.authoring.source.episode import Directive, Episode, Node, Text, walk
from dl_lesson.authoring.source.validation import TASKS
from dl_lesson.course.files import AuthoringError, Project

START = 9 * 60
WELCOME = ("Welcome", 15)
LOOK_BACK = ("Look back at the last half day", 10)
BREAK = ("Break", 15)
WRAP_UP = ("Questions and feedback", 15)


@dataclass(frozen=True)
class Part:
    """A piece of an episode that is taught in one go.

    Attributes
    ----------
    episode : str
        Name of the episode.
    topic : str
        What it is about, for an agenda.
    start : str
        Beginning of the heading where it starts; empty for the top of the episode. It reaches to
        the next part.
    teaching : int
        Minutes of teaching. Those of the exercises are counted in the episode.
    """

    episode: str
    topic: str
    start: str
    teaching: int


PARTS = {
    "1a": Part("01-introduction", "What deep learning is; a single neuron", "", 22),
    "1b": Part(
        "01-introduction", "From neurons to networks that learn", "From neurons to a network", 18
    ),
    "1c": Part(
        "01-introduction",
        "What deep learning can solve; the workflow",
        "What can deep learning solve",
        10,
    ),
    "2a": Part("02-penguins-classification", "Penguins, steps 1 to 3: look at the data", "", 20),
    "2b": Part("02-penguins-classification", "Penguins, steps 4 and 5: a network", "4.", 10),
    "2c": Part("02-penguins-classification", "Penguins, steps 6 to 8: train and measure", "6.", 10),
    "2d": Part("02-penguins-classification", "Penguins, steps 9 and 10: find the fault", "9.", 20),
    "3a": Part("03-weather-regression", "Weather, steps 1 to 3: check and split the data", "", 32),
    "3b": Part("03-weather-regression", "Weather, step 4: baselines", "4.", 13),
    "3c": Part(
        "03-weather-regression",
        "Weather, steps 4 and 5: a network, gradient descent",
        "Then a network",
        35,
    ),
    "3d": Part("03-weather-regression", "Weather, steps 6 to 8: train and measure", "6.", 15),
    "3e": Part("03-weather-regression", "Weather, step 9: overfitting, early stopping", "9.", 10),
    "3f": Part(
        "03-weather-regression",
        "Weather, steps 9 and 10: choose, test once, share",
        "Batch normalisation",
        15,
    ),
    "4a": Part("04-dollar-street-cnn", "Pictures, steps 1 to 5: convolution", "", 27),
    "4b": Part("04-dollar-street-cnn", "Pictures, steps 6 to 8: train and measure", "6.", 25),
    "4c": Part("04-dollar-street-cnn", "Pictures, steps 9 and 10: dropout, tuning", "9.", 18),
    "5a": Part("05-transfer-learning", "Transfer learning, steps 1 to 5: a frozen base", "", 14),
    "5b": Part("05-transfer-learning", "Transfer learning, steps 6 to 8: train a head", "6.", 19),
    "5c": Part("05-transfer-learning", "Transfer learning, steps 9 and 10: fine-tuning", "9.", 12),
    "6a": Part("06-outlook", "Outlook: a network from research", "", 16),
    "6b": Part(
        "06-outlook", "Outlook: bias, and a table of results", "For whom is the model wrong", 12
    ),
    "6c": Part(
        "06-outlook", "Outlook: prompts, projects, GPUs, next steps", "A prompt instead", 12
    ),
}

# Number of half days -> the parts of each; "break" stands between them.
PLANS = {
    4: (
        "1a 1b break 1c 2a 2b break 2c 2d",
        "3a 3b break 3c break 3d 3e",
        "3f break 4a break 4b break 4c",
        "5a 5b break 5c 6a break 6b 6c",
    ),
    2: (
        "1a 1b break 1c 2a 2b break 2c 2d",
        "3a 3b break 3c 3d break 3e 3f",
    ),
    1: ("1a 1b break 1c 2a 2b break 2c 2d",),
}


@dataclass(frozen=True)
class Session:
    """A part with what the episode says about it.

    Attributes
    ----------
    part : Part
        The part.
    episode : Episode
        Its episode, parsed and validated.
    nodes : tuple of Node
        What of the episode belongs to the part.
    exercises : int
        Minutes of its exercises, without optional ones.
    """

    part: Part
    episode: Episode
    nodes: tuple[Node, ...]
    exercises: int

    @property
    def minutes(self) -> int:
        """Minutes of teaching and exercises."""
        return self.part.teaching + self.exercises


@dataclass(frozen=True)
class HalfDay:
    """One half day of a workshop.

    Attributes
    ----------
    day, days : int
        Its number, counted from 1, and the number of half days of the workshop.
    keys : list of str
        Keys of its parts, and "break", in order.
    sessions : dict of str to Session
        Key of a part -> the part.
    finished : list of str
        Names of the episodes of which no part follows on a later day.
    """

    day: int
    days: int
    keys: list[str]
    sessions: dict[str, Session]
    finished: list[str]

    def agenda(self) -> list[tuple[str, str, int, Session | None]]:
        """Return clock time, topic, minutes and session (if it is one) of each entry."""
        entries = [(*(WELCOME if self.day == 1 else LOOK_BACK), None)]
        for key in self.keys:
            session = self.sessions.get(key)
            entries.append(
                (session.part.topic, session.minutes, session) if session else (*BREAK, None)
            )
        entries += [(*WRAP_UP, None), ("End", 0, None)]
        agenda, clock = [], START
        for topic, minutes, session in entries:
            agenda.append((f"{clock // 60:02}:{clock % 60:02}", topic, minutes, session))
            clock += minutes
        return agenda


def read_half_day(project: Project, day: int, days: int) -> HalfDay:
    """Read the episodes of one half day.

    Parameters
    ----------
    project : Project
        Project whose episodes to read.
    day : int
        Number of the half day, counted from 1.
    days : int
        Number of half days of the workshop.

    Returns
    -------
    HalfDay
        What is taught on it.

    Raises
    ------
    AuthoringError
        If there is no such half day, or if schedule and episodes do not agree.
    """
    if days not in PLANS:
        raise AuthoringError(
            f"There is no schedule for {days} half days; choose {_listed(sorted(PLANS))}."
        )
    plan = [half_day.split() for half_day in PLANS[days]]
    if not 1 <= day <= days:
        raise AuthoringError(
            f"A workshop of {days} half days has no half day {day}; "
            f"choose {_listed(range(1, days + 1))}."
        )
    keys = plan[day - 1]
    later = {PARTS[key].episode for keys in plan[day:] for key in keys if key in PARTS}
    names = list(dict.fromkeys(PARTS[key].episode for key in keys if key in PARTS))
    sessions = {
        key: session
        for name in names
        for key, session in split_episode(project, name).items()
        if key in keys
    }
    return HalfDay(day, days, keys, sessions, [name for name in names if name not in later])


def _listed(values) -> str:
    *first, last = map(str, values)
    return f"{', '.join(first)} or {last}" if first else last


def split_episode(project: Project, name: str) -> dict[str, Session]:
    """Cut an episode into its parts.

    Parameters
    ----------
    project : Project
        Project that holds the episode.
    name : str
        Name of the episode.

    Returns
    -------
    dict of str to Session
        Key of a part -> the part.

    Raises
    ------
    AuthoringError
        If the episode lacks a heading where a part starts, or if the teaching minutes of the parts
        are not those of the episode.
    """
    if name not in project.episode_names():
        raise AuthoringError(f"The schedule names the episode {name}, which does not exist.")
    episode = read_episode(project, name)
    parts = {key: part for key, part in PARTS.items() if part.episode == name}
    starts = [_find(part, episode) for part in parts.values()]
    teaching = sum(part.teaching for part in parts.values())
    if teaching != episode.front_matter["teaching"]:
        raise AuthoringError(
            f"The parts of {name} in schedule.py take {teaching} minutes of teaching, its front "
            f"matter says {episode.front_matter['teaching']}; make them agree."
        )
    sessions = {}
    for (key, part), (start, end) in zip(
        parts.items(), pairwise([*starts, len(episode.nodes)]), strict=True
    ):
        nodes = episode.nodes[start:end]
        exercises = sum(
            node.options["minutes"]
            for node, _ in walk(nodes)
            if isinstance(node, Directive) and node.name in TASKS and "optional" not in node.options
        )
        sessions[key] = Session(part, episode, nodes, exercises)
    return sessions


def _find(part: Part, episode: Episode) -> int:
    if not part.start:
        return 0
    for index, node in enumerate(episode.nodes):
        if isinstance(node, Text) and (node.heading or "").startswith(part.start):
            return index
    raise AuthoringError(
        f"In schedule.py a part starts at the heading {part.start!r}, but {episode.name} has no "
        "such heading; mend one of the two."
    )


def table_of_minutes(project: Project) -> str:
    """Return a Markdown table with the minutes of each part of the schedule."""
    rows = ["| part | about | teaching | exercises | together |", "|---|---|--:|--:|--:|"]
    totals = [0, 0]
    for name in dict.fromkeys(part.episode for part in PARTS.values()):
        for key, session in split_episode(project, name).items():
            rows.append(_row(key, session))
            totals[0] += session.part.teaching
            totals[1] += session.exercises
    rows.append(f"| | all | {totals[0]} | {totals[1]} | {sum(totals)} |")
    return "\n".join(rows)


def _row(first: str, session: Session) -> str:
    teaching, exercises = session.part.teaching, session.exercises
    return f"| {first} | {session.part.topic} | {teaching} | {exercises} | {session.minutes} |"


def table_of_half_day(half_day: HalfDay) -> str:
    """Return the agenda of a half day, with its minutes, as a Markdown table."""
    rows = ["| time | what | teaching | exercises | together |", "|--:|---|--:|--:|--:|"]
    for clock, topic, minutes, session in half_day.agenda():
        if session:
            rows.append(_row(clock, session))
        else:
            rows.append(f"| {clock} | {topic} | | | {minutes or ''} |".replace("|  |", "| |"))
    taught = half_day.sessions.values()
    teaching = sum(session.part.teaching for session in taught)
    exercises = sum(session.exercises for session in taught)
    rows.append(f"| | taught | {teaching} | {exercises} | {teaching + exercises} |")
    return "\n".join(rows)
