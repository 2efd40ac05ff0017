"""The learner's edition of an episode, and the solutions of its exercises in a notebook apart."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import nbformat
from nbformat import NotebookNode

from dl_lesson.authoring.editions.derive import derive
from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.source.episode import Break, Directive, Episode, Node, Text
from dl_lesson.authoring.source.language import ELEMENTS, TASKS
from dl_lesson.course.files import FURTHER, AuthoringError

HELP = """\
- Type in the cells that begin with a prompt, and replace each `...`. `dl-lesson lab --solved` opens
  the executed notebooks, with the code of all cells.
- *Run All* goes on below exercises that are still open; their errors do no harm.
- Numbers of trained networks in the text are those of the lesson's own run. Yours may differ.
- A message puzzles you? Look it up in [mistakes](ROOTmistakes.ipynb).
- You fell behind? In a new cell, `from dl_lesson import catch_up` and
  `catch_up("EPISODE", "HEADING")` bring you to a heading."""


def to_learner(episode: Episode, values: Mapping[str, str]) -> NotebookNode:
    """Return the notebook in which a learner works: no solution, no output, room for answers.

    Parameters
    ----------
    episode : Episode
        Parsed and validated episode.
    values : mapping of str to str
        What the sentences get.
    """
    notebook = to_notebook(derive(episode, "learner"), values)
    root = "../" if episode.path.parent.name == FURTHER else ""
    help_line = HELP.replace("EPISODE", episode.name).replace("ROOT", root)
    notebook.cells[0].source += "\n\n" + help_line
    return notebook


def mistakes_page(source: str) -> NotebookNode:
    """Return the page of mistakes as a notebook, a cell for each section.

    Parameters
    ----------
    source : str
        Markdown of the page.
    """
    sections = re.split(r"\n(?=##+ )", source.strip())
    cells = [
        nbformat.v4.new_markdown_cell(section.strip(), id=f"mistake-{number:02d}")
        for number, section in enumerate(sections)
    ]
    return nbformat.v4.new_notebook(cells=cells)


def to_solutions(
    episode: Episode, committed: NotebookNode, values: Mapping[str, str]
) -> NotebookNode:
    """Return the notebook with the solutions of an episode, and what they gave.

    Parameters
    ----------
    episode : Episode
        Parsed and validated episode.
    committed : nbformat.NotebookNode
        Its executed notebook, which has the outputs.
    values : mapping of str to str
        What the sentences get.

    Raises
    ------
    AuthoringError
        If the executed notebook has other solutions than the episode.
    """
    title = Text(
        f"# {episode.front_matter['title']}: solutions\n\nThe outputs are those of the lesson's "
        "own run. In yours, numbers of trained networks differ a little.",
        1,
    )
    nodes = (title, *_solutions(derive(episode, "solutions").nodes))
    notebook = to_notebook(replace(episode, nodes=nodes), values, root="../")
    executed = [
        cell
        for cell in committed.cells
        if cell.cell_type == "code" and "solution" in cell.metadata.get("tags", ())
    ]
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if [cell.source for cell in cells] != [cell.source for cell in executed]:
        raise AuthoringError(
            f"The notebook of {episode.name} has other solutions than its episode; "
            f"run: dl-lesson build {episode.name}"
        )
    for cell, done in zip(cells, executed, strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
    return notebook


def _solutions(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Yield the solutions of each exercise below its title, no longer folded."""
    for task in nodes:
        if not isinstance(task, Directive):
            continue
        if task.name not in TASKS:
            yield from _solutions(task.children)
            continue
        solutions = [n for n in task.children if isinstance(n, Directive) and n.name == "solution"]
        if solutions:
            yield Break(task.line)
            yield Text(
                f"## {ELEMENTS[task.name].word}: {task.argument}", task.line, task.argument, 2
            )
        for solution in solutions:
            if solution.argument:
                yield Text(f"**{solution.argument}**", solution.line)
            yield from solution.children
