"""Starters: notebooks for live coding at three levels, which hold what is not typed."""

from nbformat import NotebookNode

from dl_lesson.authoring.editions.derive import derive
from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.source.episode import Episode

# Everything that has a prompt is typed; the key lines are; nothing is.
LEVELS = ("everything", "key", "filled")


def to_starter(episode: Episode, level: str, values: dict[str, str] | None = None) -> NotebookNode:
    """Reduce an episode to headings, boxes, figures, prompts and the code that is given.

    Parameters
    ----------
    episode : Episode
        Parsed and validated episode.
    level : str
        One of ``LEVELS``.
    values : dict of str to str, optional
        What the sentences get.

    Returns
    -------
    nbformat.NotebookNode
        The starter.
    """
    return to_notebook(derive(episode, level), values)
