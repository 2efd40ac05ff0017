"""``dl-lesson starters``: notebooks for live coding, which hold what is not typed."""

import dataclasses
import shutil
import textwrap
from pathlib import Path

import nbformat

from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.execution.build import read_episode
from dl_lesson.authoring.source.episode import Break, CodeCell, Episode, Node, Text
from dl_lesson.authoring.source.quiz import plain_quizzes
from dl_lesson.course.files import AuthoringError, Project, write_atomically

# Source of the package stands in an episode right after the cells in which it was typed.
LEFT_OUT = ("solution", "keypoints", "instructor", "package-source")


def to_starter(episode: Episode) -> Episode:
    """Reduce an episode to headings, boxes, figures, prompts and provided code.

    Parameters
    ----------
    episode : Episode
        Parsed and validated episode.

    Returns
    -------
    Episode
        The same episode without prose, solutions, checkpoints, key points and the code that
        an instructor types.
    """
    return dataclasses.replace(episode, nodes=_reduced(episode.nodes, in_box=False))


def _reduced(nodes: tuple[Node, ...], *, in_box: bool) -> tuple[Node, ...]:
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, Break):
            kept.append(node)
        elif isinstance(node, Text):
            heading = node.source.splitlines()[0]
            if in_box:
                kept.append(node)
            elif node.heading:
                kept.append(dataclasses.replace(node, source=heading))
        elif isinstance(node, CodeCell):
            if not node.is_checkpoint:
                kept.append(_emptied(node))
        elif node.name not in LEFT_OUT:
            children = _reduced(plain_quizzes(node).children, in_box=True)
            kept.append(dataclasses.replace(node, children=children))
    return tuple(kept)


def _emptied(cell: CodeCell) -> CodeCell:
    if "provided" in cell.tags:
        return dataclasses.replace(cell, options={"tags": ["provided"]})
    prompt = textwrap.wrap(cell.options["prompt"], 86)
    source = "\n".join(f"# {line}" for line in prompt) + "\n"
    return dataclasses.replace(cell, source=source, options={})


def write_starters(project: Project, folder: Path) -> tuple[int, list[AuthoringError]]:
    """Write the starter of each episode, and the figures.

    Parameters
    ----------
    project : Project
        Project whose episodes to reduce.
    folder : pathlib.Path
        Folder to write to; it is made if need be.

    Returns
    -------
    int
        Number of notebooks written.
    list of AuthoringError
        Episodes that break the rules of the source format.

    Raises
    ------
    AuthoringError
        If a notebook of that name is there already.
    """
    names = project.episode_names()
    present = [name for name in names if (folder / f"{name}.ipynb").exists()]
    if present:
        raise AuthoringError(
            f"{folder / present[0]}.ipynb is there already; name an empty folder, so that "
            "nobody's work is overwritten."
        )
    errors, written = [], 0
    for name in names:
        try:
            notebook = to_notebook(to_starter(read_episode(project, name)))
        except AuthoringError as error:
            errors.append(error)
            continue
        write_atomically(folder / f"{name}.ipynb", nbformat.writes(notebook) + "\n")
        written += 1
    if (project.notebooks / "figures").is_dir():
        shutil.copytree(project.notebooks / "figures", folder / "figures", dirs_exist_ok=True)
    return written, errors
