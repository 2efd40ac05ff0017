"""The handout: the page that a workshop keeps open together on one half day."""

import textwrap
from collections.abc import Callable
from typing import TypeGuard

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from dl_lesson.authoring.editions.derive import derive, derive_nodes
from dl_lesson.authoring.editions.executed import package_source
from dl_lesson.authoring.editions.recorded import read_committed, recorded_values
from dl_lesson.authoring.source.episode import (
    CodeCell,
    Directive,
    Node,
    Role,
    Text,
    read_front_matter,
    replace_roles,
    walk,
)
from dl_lesson.authoring.source.language import FOLDS
from dl_lesson.authoring.source.parts import Part, tasks
from dl_lesson.authoring.source.schedule import HalfDay, read_half_day
from dl_lesson.course.files import Project

PAGE = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)

TOP = """\
# Introduction to deep learning: half day {day} of {days}

Date: ....................

This page belongs to everybody in the room. Read it, write in it, correct it.

- Instructors: ....................
- Helpers: ....................
- Website of the lesson, with setup, glossary and solutions: ....................
"""

CODE_OF_CONDUCT = """\
## Code of conduct

We want everybody to learn here without fear of looking foolish.

- Be friendly, and choose words that leave nobody out.
- Let others finish. Respect views and experience that differ from yours.
- Take criticism of your work as help, and give it as such.
- No question is too small. Who has understood it explains it without showing off.
- Whoever is harassed, or sees it happen, tells: ....................

These rules follow the
[code of conduct of The Carpentries](https://docs.carpentries.org/policies/coc/).

## Getting help

Raise your hand, or put up your coloured note: somebody comes. In an online workshop write
`I need help` in the chat. `dl-lesson check` in a terminal tells whether your installation is right.
"""

NAMES = """\
## Who is here?

| name | what I work on | what I would like to be able to do |
|---|---|---|
{rows}
"""

LOOK_BACK = """\
## Look back

Last time:

{topics}

What do you remember best, and what is still unclear? Write it beside your name.

| name | what I remember | what is unclear |
|---|---|---|
{rows}
"""

QUESTIONS = """\
## Questions

Write down what you want to know. Whoever knows the answer writes it beside the question.

| question | answer |
|---|---|
{rows}
"""

EXERCISES = "## Exercises"
TYPED = """\
## Code that we type

In the order of the lesson. What the starter notebooks hold already is left out.
"""

END = """\
## Notes

Links, commands, answers: whatever is worth keeping.

-

## Feedback

One thing that was good:

-

One thing that we should change:

-
"""

LAST_QUESTION = """\
What I will try first with my own data:

-
"""

DATA_LINKS = {
    "penguins": "[Palmer penguins](https://allisonhorst.github.io/palmerpenguins/)",
    "weather": "[weather prediction dataset](https://doi.org/10.5281/zenodo.5071376)",
    "dollar_street": "[Dollar Street 10](https://doi.org/10.5281/zenodo.10970014)",
}


def handout(project: Project, day: int, days: int, *, with_solutions: bool = False) -> str:
    """Return the page of one half day as Markdown.

    Parameters
    ----------
    project : Project
        Project whose episodes are taught.
    day, days : int
        Number of the half day, counted from 1, and number of half days of the workshop.
    with_solutions : bool
        Whether the page holds the solutions of the exercises.

    Raises
    ------
    AuthoringError
        If there is no such half day, or if schedule and episodes do not agree.
    """
    half_day = read_half_day(project, day, days)
    writer = _Writer(project, with_solutions=with_solutions)
    blocks = [
        TOP.format(day=day, days=days),
        _links(half_day),
        _agenda(half_day),
        CODE_OF_CONDUCT,
        _names(project, half_day),
        QUESTIONS.format(rows=_empty_rows(6, 2)),
        *writer.by_episode(EXERCISES, half_day, writer.exercises),
        *writer.by_episode(TYPED, half_day, writer.typed_code),
        *_key_points(writer, half_day),
        END,
        *([LAST_QUESTION] if day == days else []),
    ]
    return _unwrapped("\n\n".join(block.strip("\n") for block in blocks) + "\n")


def _unwrapped(page: str) -> str:
    """Write each paragraph in one line, because shared editors show each line break."""
    lines = page.split("\n")
    for token in reversed(PAGE.parse(page)):
        if token.type == "inline" and token.map:
            joined, *others = lines[slice(*token.map)]
            for line in others:
                # A line break that the author wants is one in such an editor without its sign.
                ends = joined.endswith("\\")
                joined = f"{joined[:-1]}\n{line}" if ends else f"{joined} {line.lstrip('> ')}"
            lines[slice(*token.map)] = [joined]
    return "\n".join(lines)


def _links(half_day: HalfDay) -> str:
    episodes = [part.episode for part in half_day.parts.values()]
    notebooks = dict.fromkeys(f"`{episode.name}.ipynb`" for episode in episodes)
    data = dict.fromkeys(
        DATA_LINKS[name] for episode in episodes for name in episode.front_matter["data"]
    )
    lines = [
        "## Links\n",
        f"- Notebooks of today: {', '.join(notebooks)}",
        *([f"- Data of today: {', '.join(data)}"] if data else []),
        *(
            f"- Page of half day {day}: ...................."
            for day in range(1, half_day.days + 1)
            if day != half_day.day
        ),
        "- [Documentation of Keras](https://keras.io/api/)",
        "- Licence of the text: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)",
    ]
    return "\n".join(lines)


def _agenda(half_day: HalfDay) -> str:
    rows = [f"| {clock} | {topic} |" for clock, topic, _, _ in half_day.agenda()]
    return "\n".join(["## Agenda\n", "| time | what |", "|--:|---|", *rows])


def _names(project: Project, half_day: HalfDay) -> str:
    rows = _empty_rows(12, 3)
    if half_day.day == 1:
        return NAMES.format(rows=rows)
    before = read_half_day(project, half_day.day - 1, half_day.days)
    topics = "\n".join(f"- {part.topic}" for part in before.parts.values())
    return LOOK_BACK.format(topics=topics, rows=rows)


def _empty_rows(n_rows: int, n_columns: int) -> str:
    return "\n".join(["|" + " |" * n_columns] * n_rows)


def _key_points(writer: "_Writer", half_day: HalfDay) -> list[str]:
    blocks = []
    for part in half_day.parts.values():
        episode = part.episode
        heading = f"### {episode.front_matter['title']}"
        if episode.name not in half_day.finished or heading in blocks:
            continue
        blocks.append(heading)
        writer.open_episode(episode.name)
        for node, _ in walk(derive(episode, writer.edition).nodes):
            if isinstance(node, Directive) and node.name == "keypoints":
                blocks += writer.blocks(node.children)
    return ["## Key points", *blocks] if blocks else []


class _Writer:
    """Turns nodes of episodes into plain Markdown, as editors that are shared show it."""

    def __init__(self, project: Project, *, with_solutions: bool) -> None:
        self.project = project
        self.edition = "answers" if with_solutions else "handout"
        self.values: dict[str, str] = {}

    def open_episode(self, name: str) -> None:
        """Take the values of sentences from the committed notebook of an episode."""
        self.values = recorded_values(read_committed(self.project.notebook(name)))

    def by_episode(
        self, top: str, half_day: HalfDay, write: Callable[[Part], list[str]]
    ) -> list[str]:
        """Return what `write` returns for each part, under the titles of the episodes."""
        blocks = [top]
        for part in half_day.parts.values():
            heading = f"### {part.episode.front_matter['title']}"
            self.open_episode(part.episode.name)
            written = write(part)
            if written and heading not in blocks:
                blocks.append(heading)
            blocks += written
        return blocks

    def derived(self, part: Part) -> tuple[Node, ...]:
        """Return what the handout shows of a part."""
        return derive_nodes(part.nodes, self.edition, part.episode.name)

    def exercises(self, part: Part) -> list[str]:
        """Return the exercises of a part, with their solutions if wanted."""
        blocks = []
        for node in tasks(self.derived(part)):
            optional = ", optional" if "optional" in node.options else ""
            title = self.plain(node.argument)
            blocks.append(f"#### {title} ({node.options['minutes']} minutes{optional})")
            blocks += self.blocks(node.children)
        return blocks

    def typed_code(self, part: Part) -> list[str]:
        """Return prompt and code of each cell that a starter leaves empty."""
        blocks = []
        heading = None
        for node, parents in walk(self.derived(part)):
            if isinstance(node, Text) and node.heading and not parents:
                heading = f"#### {self.plain(node.heading)}"
            elif _is_typed(node) and "solution" not in parents:
                if heading:
                    blocks.append(heading)
                    heading = None
                blocks += [node.options["prompt"], _fenced(node.source)]
        return blocks

    def blocks(self, nodes: tuple[Node, ...]) -> list[str]:
        """Return the blocks of an exercise or of a list of key points."""
        blocks = []
        for node in nodes:
            if isinstance(node, Text):
                blocks.append(self.plain(node.source))
            elif isinstance(node, CodeCell):
                blocks.append(_fenced(node.source))
            elif not isinstance(node, Directive):
                continue
            elif node.name == "figure":
                blocks.append(f"*Figure (see the notebook): {node.options['alt']}*")
            elif node.name == "package-source":
                blocks.append(_fenced(package_source(node.argument)))
            elif node.name in FOLDS:
                title = ": ".join(filter(None, [node.name.capitalize(), node.argument]))
                inner = self.blocks(node.children)
                if inner:
                    summary = f"<details><summary>{self.plain(title)}</summary>"
                    blocks += [summary, *inner, "</details>"]
            else:
                blocks += [f"**{self.plain(node.argument)}**", *self.blocks(node.children)]
        return blocks

    def plain(self, text: str) -> str:
        """Replace the roles of a text by plain Markdown."""
        return replace_roles(text, self._role)

    def _role(self, role: Role) -> str:
        if role.name == "term":
            return f"*{role.text or role.target}*"
        if role.name == "eval":
            return self.values.get(role.target, "...")
        path = self.project.source(role.target)
        return role.text or f"*{read_front_matter(path)['title']}*"


def _is_typed(node: Node) -> TypeGuard[CodeCell]:
    """Tell whether a node is a code cell that somebody types."""
    return isinstance(node, CodeCell) and node.kind in ("type", "complete")


def _fenced(code: str) -> str:
    return f"```python\n{textwrap.dedent(code)}\n```"
