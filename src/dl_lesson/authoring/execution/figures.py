"""Draw the figures of the episodes, and tell whether a drawing has changed."""

import importlib.util
import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from dl_lesson.authoring.source.episode import Directive, Episode, walk
from dl_lesson.course.files import FURTHER, AuthoringError

# Another processor may change the last digits of a coordinate.
TOLERANCE = 1e-2
TOKEN = re.compile(r"#[0-9a-fA-F]{6}\b|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[^-+.\d#]+|.")


def figure_names(episode: Episode) -> list[str]:
    """Return the names of the figures that an episode shows, ``figures/NAME.svg``."""
    return [
        node.argument
        for node, _ in walk(episode.nodes)
        if isinstance(node, Directive) and node.name == "figure"
    ]


def draw(module: Path) -> str:
    """Draw a figure.

    Parameters
    ----------
    module : pathlib.Path
        ``episodes/figures/NAME.py``, which defines ``draw() -> matplotlib.figure.Figure``.

    Returns
    -------
    str
        SVG text, the same each time.

    Raises
    ------
    AuthoringError
        If the module fails or draws no figure.
    """
    matplotlib.use("Agg")
    with _imported(_folders(module)) as load, matplotlib.rc_context():
        try:
            matplotlib.rcdefaults()
            if any((folder / "_style.py").exists() for folder in _folders(module)):
                matplotlib.rcParams.update(load("_style").STYLE)
            matplotlib.rcParams["svg.hashsalt"] = module.stem
            matplotlib.rcParams["svg.fonttype"] = "path"
            figure = load(module.stem).draw()
            if not isinstance(figure, Figure):
                raise TypeError("draw() returned no matplotlib figure")
            svg = io.StringIO()
            figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        except Exception as error:
            shown = "/".join(module.parts[-4 if len(_folders(module)) > 1 else -3 :])
            raise AuthoringError(
                f"{shown} cannot be drawn: {type(error).__name__}: {error}."
            ) from error
    return "\n".join(line.rstrip() for line in svg.getvalue().splitlines()) + "\n"


def _folders(module: Path) -> list[Path]:
    """Return where a drawing finds what it imports: beside it, and with the first part's."""
    folder = module.parent
    return [folder, *([folder.parents[1] / "figures"] if folder.parent.name == FURTHER else [])]


@contextmanager
def _imported(folders: list[Path]) -> Iterator[Callable]:
    """Import modules of some folders by name, and forget them afterwards."""
    before = set(sys.modules)
    sys.path[:0] = map(str, folders)
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield importlib.import_module
    finally:
        del sys.path[: len(folders)]
        sys.dont_write_bytecode = writes_bytecode
        for name in set(sys.modules) - before:
            file = str(getattr(sys.modules[name], "__file__", None))
            if file.startswith(tuple(map(str, folders))):
                del sys.modules[name]


def same_drawing(first: str, second: str) -> bool:
    """Tell whether two SVG texts show the same, up to the last digits of coordinates."""
    tokens = [TOKEN.findall(_number_ids(svg)) for svg in (first, second)]
    return len(tokens[0]) == len(tokens[1]) and all(
        a == b or _close(a, b) for a, b in zip(*tokens, strict=True)
    )


def _number_ids(svg: str) -> str:
    # Matplotlib makes ids from a hash of the coordinates, so they change with the last digit.
    numbers: dict[str, str] = {}
    for name in re.findall(r'\bid="([^"]+)"', svg):
        numbers.setdefault(name, f"id{len(numbers)}")
    return re.sub(
        r'(\bid="|href="#|url\(#)([^")]+)',
        lambda match: match[1] + numbers.get(match[2], match[2]),
        svg,
    )


def _close(a: str, b: str) -> bool:
    try:
        return not a.startswith("#") and abs(float(a) - float(b)) <= TOLERANCE
    except ValueError:
        return False
