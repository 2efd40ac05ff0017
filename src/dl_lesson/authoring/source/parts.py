"""Cut an episode into the parts that are taught in one go, and count what each asks of a room."""

from collections.abc import Iterator
from dataclasses import dataclass

from dl_lesson.authoring.source.episode import CodeCell, Directive, Episode, Node, Text, walk
from dl_lesson.authoring.source.language import TASKS

WORDS_A_MINUTE = 150
TYPED_LINES_A_MINUTE = 2


@dataclass(frozen=True)
class Part:
    """A piece of an episode that is taught in one go.

    Attributes
    ----------
    name : str
        Number of the episode and a letter, "3b", say.
    topic : str
        What it is about, for an agenda.
    teaching : int
        Minutes of teaching.
    optional : bool
        Whether it is left out of all sums and plans.
    episode : Episode
        Its episode.
    nodes : tuple of Node
        What of the episode belongs to it.
    line : int
        Line of the file where it is announced.
    """

    name: str
    topic: str
    teaching: int
    optional: bool
    episode: Episode
    nodes: tuple[Node, ...]
    line: int

    @property
    def exercises(self) -> int:
        """Minutes of the exercises, without optional ones."""
        return sum(
            task.options["minutes"] for task in tasks(self.nodes) if "optional" not in task.options
        )

    @property
    def minutes(self) -> int:
        """Minutes of teaching and exercises."""
        return self.teaching + self.exercises

    @property
    def n_words(self) -> int:
        """Number of words that are taught, those of exercises and instructor notes left out."""
        return sum(
            len(node.source.split())
            for node, parents in walk(self.nodes)
            if isinstance(node, Text) and not {*TASKS, "instructor"} & {*parents}
        )

    @property
    def n_typed_lines(self) -> int:
        """Number of lines that a teacher types."""
        return sum(
            node.n_typed_lines
            for node, parents in walk(self.nodes)
            if isinstance(node, CodeCell) and "solution" not in parents
        )

    @property
    def waiting(self) -> float:
        """Seconds that the room waits for cells."""
        return sum(
            node.options.get("seconds", 0)
            for node, parents in walk(self.nodes)
            if isinstance(node, CodeCell) and not {*TASKS} & {*parents}
        )

    @property
    def needed(self) -> float:
        """Minutes of teaching that its words, typed lines and waiting need."""
        return (
            self.n_words / WORDS_A_MINUTE
            + self.n_typed_lines / TYPED_LINES_A_MINUTE
            + self.waiting / 60
        )


def tasks(nodes: tuple[Node, ...]) -> list[Directive]:
    """Return the challenges and discussions among nodes."""
    return [n for n, _ in walk(nodes) if isinstance(n, Directive) and n.name in TASKS]


def split_episode(episode: Episode) -> list[Part]:
    """Cut an episode into its parts.

    Parameters
    ----------
    episode : Episode
        Parsed episode. What stands before its first part counts to that.

    Returns
    -------
    list of Part
        The parts in order; none if the episode names none.
    """
    found = [
        (index, node)
        for index, node in enumerate(episode.nodes)
        if isinstance(node, Directive) and node.name == "part"
    ]
    ends = [*(start for start, _ in found[1:]), len(episode.nodes)]
    parts: list[Part] = []
    for (start, announced), end in zip(found, ends, strict=False):
        parts.append(
            Part(
                name=announced.argument,
                topic=str(announced.options.get("topic", "")),
                teaching=announced.options.get("teaching") or 0,
                optional="optional" in announced.options,
                episode=episode,
                nodes=episode.nodes[start if parts else 0 : end],
                line=announced.line,
            )
        )
    return parts


def overfull(episode: Episode) -> Iterator[tuple[int, str]]:
    """Yield line and sentence for each part and exercise that asks for more than its minutes.

    Parameters
    ----------
    episode : Episode
        Parsed and validated episode.
    """
    for part in split_episode(episode):
        if part.needed > part.teaching:
            yield (
                part.line,
                f"Part {part.name} needs {part.needed:.1f} minutes ({part.n_words} words, "
                f"{part.n_typed_lines} typed lines, {part.waiting:.0f} s of waiting) and has "
                f"{part.teaching}; shorten it, or mark a cell as provided.",
            )
    for task in tasks(episode.nodes):
        n_lines = sum(
            node.n_typed_lines
            for node, parents in walk(task.children)
            if isinstance(node, CodeCell) and "solution" in parents
        )
        if n_lines > TYPED_LINES_A_MINUTE * task.options["minutes"]:
            yield (
                task.line,
                f"The solution of {task.argument!r} has {n_lines} lines to write in "
                f"{task.options['minutes']} minutes; leave pieces of it open with :open:, or mark "
                "a cell as provided.",
            )
