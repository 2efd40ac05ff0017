"""Derive an edition: one walk over an episode that leaves what the edition shows.

Which that is says the table in `dl_lesson.authoring.source.language`; the writers write all that
they are given.
"""

import ast
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from dl_lesson.authoring.source.episode import (
    Break,
    CodeCell,
    Directive,
    Episode,
    Node,
    Text,
    walk,
)
from dl_lesson.authoring.source.language import SHOWN, TASKS
from dl_lesson.authoring.source.quiz import plain_quizzes

OPEN = "..."
ANSWER = "# Your code:\n"
ANSWER_IN_WORDS = "*Your answer:*"
# With the last tag "Run All" goes on below an exercise that is still open, or answered wrongly.
ANSWER_TAGS = {"tags": ["answer", "raises-exception"]}
GIVEN_TAGS = {"tags": ["provided", "raises-exception"]}


def derive(episode: Episode, edition: str) -> Episode:
    """Reduce an episode to what an edition shows.

    Parameters
    ----------
    episode : Episode
        Parsed and validated episode.
    edition : str
        One of ``EDITIONS``.

    Returns
    -------
    Episode
        The same episode with other nodes. Quizzes have become text and, where the edition shows
        them, solutions.
    """
    return replace(episode, nodes=derive_nodes(episode.nodes, edition, episode.name))


def derive_nodes(nodes: tuple[Node, ...], edition: str, name: str) -> tuple[Node, ...]:
    """Reduce nodes of the episode of a name to what an edition shows of them."""
    used = Counter(
        used_name
        for node, parents in walk(nodes)
        if isinstance(node, CodeCell) and ("solution" not in parents or node.kind == "provided")
        for used_name in _used_names(node.source)
    )
    return tuple(_derived(nodes, edition, name, used))


def form(name: str, edition: str) -> str:
    """Return what an edition shows of a directive, of a kind of cell, or of prose."""
    return SHOWN[name][edition]


def _derived(
    nodes: tuple[Node, ...],
    edition: str,
    name: str,
    used: Counter[str],
    parents: tuple[str, ...] = (),
) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Break):
            if form("break", edition) == "all":
                yield node
        elif isinstance(node, Text):
            yield from _text(node, edition, parents)
        elif isinstance(node, CodeCell):
            yield from _cell(node, edition, used, parents)
        elif form(node.name, edition) == "all":
            node = plain_quizzes(node)
            children = _derived(node.children, edition, name, used, (*parents, node.name))
            yield replace(node, children=tuple(children))
            if node.name in TASKS and form("solution", edition) == "link":
                yield from _answers(node, name)


def _text(node: Text, edition: str, parents: tuple[str, ...]) -> Iterator[Text]:
    # What stands in a box is shown with the box.
    shown = "all" if parents else form("prose", edition)
    if shown == "all":
        yield node
    elif shown == "title" and node.heading:
        yield replace(node, source=node.source.splitlines()[0])


def _cell(
    node: CodeCell, edition: str, used: Counter[str], parents: tuple[str, ...]
) -> Iterator[CodeCell]:
    if "solution" not in parents:
        shown = form(node.kind, edition)
    else:
        shown = form("solved-claim", edition) if node.is_checkpoint else "all"
    if shown == "all" or (shown == "prompt" and "prompt" not in node.options):
        yield node
    elif shown == "open":
        yield replace(node, source=prompt_lines(node) + with_gaps(node))
    elif shown == "prompt":
        own = _used_names(node.source)
        names = assigned_names(node.source)
        yield emptied(node, [name for name in names if used[name] > (name in own)])


def with_gaps(cell: CodeCell) -> str:
    """Return the code of a cell with ``...`` in place of each piece that is left open.

    A comma at the end of a piece stays, so that the gaps of a call are arguments.
    """
    source = cell.source
    for piece in cell.open:
        source = source.replace(piece, OPEN + "," * piece.endswith(","))
    return source


def emptied(cell: CodeCell, names: list[str]) -> CodeCell:
    """Return a cell that holds the prompt alone, and the names that other cells use."""
    source = prompt_lines(cell)
    if names:
        source += _commented(f"Names: {', '.join(names)}")
    return replace(cell, source=source, options={"prompt": cell.options["prompt"]})


def prompt_lines(cell: CodeCell) -> str:
    """Return the prompt of a cell as comment lines, each with its end; empty without a prompt."""
    return _commented(cell.options.get("prompt", ""))


def _commented(text: str) -> str:
    return "".join(f"# {line}\n" for line in textwrap.wrap(text, 86))


def assigned_names(source: str) -> list[str]:
    """Return the names to which code gives a value at its top level, in order."""
    names: list[str] = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef):
            names.append(statement.name)
        elif isinstance(statement, ast.Assign):
            names += [
                node.id
                for target in statement.targets
                for node in ast.walk(target)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            ]
    return list(dict.fromkeys(names))


def _used_names(source: str) -> set[str]:
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)]
    return {node.id for node in nodes if isinstance(node.ctx, ast.Load)}


def _answers(task: Directive, name: str) -> Iterator[Node]:
    """Yield the cells in which a learner answers, and the way to the solution."""
    solutions = [n for n in task.children if isinstance(n, Directive) and n.name == "solution"]
    cells = [c for s in solutions for c in s.children if isinstance(c, CodeCell)]
    answers: list[CodeCell] = []
    for cell in cells:
        if cell.kind == "complete":
            answers.append(replace(cell, source=with_gaps(cell), options=ANSWER_TAGS))
        elif cell.kind == "type" and not (answers and answers[-1].source == ANSWER):
            answers.append(CodeCell(ANSWER, task.line, ANSWER_TAGS))
    yield Break(task.line)
    yield from answers
    if not answers:
        yield Text(ANSWER_IN_WORDS, task.line)
    for cell in cells:
        if cell.kind == "provided":
            yield replace(cell, options=GIVEN_TAGS)
    yield Break(task.line)
    if solutions:
        yield Text(f"[Compare with the solution](solutions/{name}.ipynb)", task.line)
