"""Bring a notebook to a later place: run the episode's own code up to a heading."""

import json
from collections.abc import Iterable

from dl_lesson.course.files import AuthoringError, executed_notebooks, named_files

# What the main code does without: exercises' solutions, checks, errors that are shown on purpose.
LEFT_OUT = {"solution", "checkpoint", "check", "raises-exception"}


class CatchUpError(ValueError):
    """There is no such place, or the code up to it failed."""


def catch_up(episode: str, heading: str) -> None:
    """Run the code of an episode up to a heading in this notebook, without its outputs.

    Afterwards all variables have the values that the text under the heading expects. Variables of
    yours with the same names are overwritten.

    Parameters
    ----------
    episode : str
        Name of the episode, "03-weather-regression", say.
    heading : str
        The heading to go on from; its first words are enough. What stands under it is not run.

    Raises
    ------
    CatchUpError
        If there is no such episode or heading; the message lists those there are. Also if code of
        the episode fails here, and if this is no notebook.
    """
    from IPython import get_ipython
    from IPython.utils.capture import capture_output
    from tqdm.auto import tqdm

    shell = get_ipython()
    if shell is None:
        raise CatchUpError("catch_up works in a notebook only; type it in a cell of one.")
    heading, sources, seconds = code_before(episode, heading)
    if not sources:
        print(f"No code stands before {heading!r} in {episode}. Go on there.")
        return
    print(
        f"Running {len(sources)} cells of {episode} up to {heading!r}; this takes about "
        f"{max(5, round(seconds, -1)):.0f} seconds."
    )
    for source in tqdm(sources, desc="Catching up", unit="cell"):
        with capture_output():
            result = shell.run_cell(source, store_history=False)
        if not result.success:
            first = source.strip().splitlines()[0]
            raise CatchUpError(
                f"The cell of {episode} that begins with {first!r} failed: {result.error_in_exec}; "
                "restart the kernel and call catch_up in the first cell."
            )
    print(f"Done. Go on at {heading!r}.")


def code_before(episode: str, heading: str) -> tuple[str, list[str], float]:
    """Find a heading of an episode, and return the code cells before it.

    Parameters
    ----------
    episode, heading : str
        What `catch_up` takes.

    Returns
    -------
    heading : str
        The whole heading.
    sources : list of str
        Code of the cells.
    seconds : float
        About how many seconds they take, half a second for each but the long ones.

    Raises
    ------
    CatchUpError
        If there is no such episode or heading.
    """
    try:
        folder = executed_notebooks()
    except AuthoringError as error:
        raise CatchUpError(str(error)) from error
    notebooks = named_files(folder, "[0-9]*.ipynb")
    if episode not in notebooks:
        raise CatchUpError(
            f"There is no episode {episode!r}; those that exist:{_listed(notebooks)}"
        )
    notebook = json.loads(notebooks[episode].read_text(encoding="utf-8"))
    headings = notebook["metadata"]["dl_lesson"]["headings"]
    wanted = _plain(heading)
    found = [entry for entry in headings if _plain(entry["heading"]).startswith(wanted)]
    exact = [entry for entry in found if _plain(entry["heading"]) == wanted]
    if len(exact or found) != 1 or not wanted:
        problem = "no" if not found else "more than one"
        raise CatchUpError(
            f"There is {problem} heading {heading!r} in {episode}; those that exist:"
            f"{_listed(entry['heading'] for entry in headings)}"
        )
    (place,) = exact or found
    ids = [cell["id"] for cell in notebook["cells"]]
    before = notebook["cells"][: ids.index(place["cell"])]
    cells = [
        cell
        for cell in before
        if cell["cell_type"] == "code" and not LEFT_OUT & set(cell["metadata"].get("tags", ()))
    ]
    seconds = sum(cell["metadata"].get("dl_lesson", {}).get("seconds", 0.5) for cell in cells)
    return place["heading"], ["".join(cell["source"]) for cell in cells], seconds


def _plain(heading: str) -> str:
    return heading.lstrip("#").strip().casefold()


def _listed(names: Iterable[str]) -> str:
    return "".join(f"\n- {name}" for name in names)
