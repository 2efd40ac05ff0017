"""Read an episode and check it against the rules of the source format."""

from dl_lesson.authoring.source.episode import Episode, parse_episode
from dl_lesson.authoring.source.validation import validate
from dl_lesson.course.files import Project


def read_episode(project: Project, name: str) -> Episode:
    """Parse an episode and check it against the rules of the source format.

    Parameters
    ----------
    project : Project
        Project whose episode to read.
    name : str
        Name of the episode.

    Returns
    -------
    Episode
        The episode.

    Raises
    ------
    EpisodeError
        If it breaks a rule.
    """
    episode = parse_episode(project.source(name))
    validate(episode, project.episode_names())
    return episode
