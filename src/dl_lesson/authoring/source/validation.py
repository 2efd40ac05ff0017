"""Find the mistakes of an episode, all of them at once, each with file and line."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

from dl_lesson.authoring.source.claims import claim_errors
from dl_lesson.authoring.source.episode import CodeCell, Directive, Episode, Node, Role, Text, walk
from dl_lesson.authoring.source.language import CELL_OPTIONS, ELEMENTS, ROLES, TAGS, TASKS
from dl_lesson.authoring.source.parts import split_episode, tasks
from dl_lesson.authoring.source.portable import unportable
from dl_lesson.authoring.source.quiz import quiz_errors
from dl_lesson.course.files import AuthoringError
from dl_lesson.data.sources import DATA_SETS

FRONT_MATTER = ("jupytext", "kernelspec", "title", "teaching", "exercises", "data")
# Without it, jupytext drops what it does not know when JupyterLab saves an episode.
KEPT = "title,teaching,exercises,data"
# From here on, typing a cell takes a room too long: it is given, or completed.
LONG = 15
VALUE = re.compile(r"[A-Za-z_]\w*(:[^`{}]+)?")


class EpisodeError(AuthoringError):
    """An episode breaks a rule of the source format."""


def validate(episode: Episode, names: Iterable[str]) -> None:
    """Check an episode against the rules of the source format.

    Parameters
    ----------
    episode : Episode
        Parsed episode.
    names : iterable of str
        Names of all episodes, which links may point to.

    Raises
    ------
    EpisodeError
        If a rule is broken; the message has one line ``FILE:LINE: sentence`` for each mistake.
    """
    errors = list(episode.errors)
    if episode.front_matter or not errors:
        errors += _front_matter(episode)
        errors += _structure(episode)
        errors += _parts(episode)
        errors += _code_cells(episode)
    for node, parents in walk(episode.nodes):
        errors += unportable(node, in_quiz="quiz" in parents)
        if isinstance(node, Directive):
            errors += _directive(node, parents, episode.path.parent)
    for role, line in episode.roles:
        errors += _role(role, line, set(names))
    if errors:
        lines = (f"{episode.shown}:{line}: {text}" for line, text in sorted(errors))
        raise EpisodeError("\n".join(lines))


def _front_matter(episode: Episode) -> Iterator[tuple[int, str]]:
    values = episode.front_matter
    for key in FRONT_MATTER:
        if values.get(key) is None:
            yield 1, f"The front matter has no {key}; add it."
    for key in values.keys() - set(FRONT_MATTER):
        yield 1, f"The front matter has no key {key}; those that exist: {', '.join(FRONT_MATTER)}."
    for key in ("teaching", "exercises"):
        if key in values and not _is_minutes(values[key]):
            yield 1, f"{key} in the front matter is {values[key]!r}; give whole minutes."
    for name in values.get("data") or ():
        if name not in DATA_SETS:
            yield 1, f"There is no data set {name}; those that exist: {', '.join(DATA_SETS)}."
    if (values.get("kernelspec") or {}).get("name", "python3") != "python3":
        yield 1, "The kernel in the front matter must be python3."
    jupytext = values.get("jupytext")
    if isinstance(jupytext, dict) and jupytext.get("notebook_metadata_filter") != KEPT:
        yield 1, f"Saving in JupyterLab loses the title; add notebook_metadata_filter: {KEPT}."


def _parts(episode: Episode) -> Iterator[tuple[int, str]]:
    parts = split_episode(episode)
    if not parts:
        yield 1, "The episode has no part; announce one after the title, with topic and teaching."
    named = Counter(part.name for part in parts)
    for part in parts:
        if named[part.name] > 1 or not re.fullmatch(r"\d+[a-z]", part.name):
            yield part.line, f"Name the part by the episode and a letter, once: not {part.name!r}."
        if not part.topic:
            yield part.line, f"Part {part.name} has no topic; add :topic:."
        if not part.teaching or not _is_minutes(part.teaching):
            yield part.line, f"Part {part.name} has no minutes; add :teaching: and a whole number."
            return
    if not all(_is_minutes(task.options.get("minutes")) for task in tasks(episode.nodes)):
        return
    counted = [part for part in parts if not part.optional]
    for key, total in (
        ("teaching", sum(part.teaching for part in counted)),
        ("exercises", sum(part.exercises for part in counted)),
    ):
        given = episode.front_matter.get(key)
        if _is_minutes(given) and given != total:
            yield (
                1,
                f"{key} in the front matter is {given}, but the parts that are not optional take "
                f"{total} minutes; make them agree.",
            )


def _is_minutes(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _structure(episode: Episode) -> Iterator[tuple[int, str]]:
    title = episode.front_matter.get("title")
    headings = [n for n, _ in walk(episode.nodes) if isinstance(n, Text) and n.heading]
    first = headings[0] if headings else None
    if not (first and first.level == 1 and first.heading == title):
        line = first.line if first else 1
        yield line, f"The first heading must be the title, written as: # {title}"
    for heading in headings[1:]:
        if heading.level == 1:
            yield heading.line, "A second heading of the first level; use ## for a section."
    count = Counter(n.name for n, _ in walk(episode.nodes) if isinstance(n, Directive))
    for name, element in ELEMENTS.items():
        if element.once and count[name] != 1:
            yield 1, f"The directive {name} stands {count[name]} times; it must stand once."


def _code_cells(episode: Episode) -> Iterator[tuple[int, str]]:
    cells = [(n, parents) for n, parents in walk(episode.nodes) if isinstance(n, CodeCell)]
    following = [cell for cell, _ in cells[1:]]
    for (cell, parents), after in zip_longest(cells, following):
        yield from ((cell.line, sentence) for sentence in _code_cell(cell, parents, after))


def _code_cell(cell: CodeCell, parents: tuple[str, ...], after: CodeCell | None) -> Iterator[str]:
    if not cell.source:
        yield "The code cell is empty; write code or delete it."
    try:
        ast.parse(cell.source)
    except (SyntaxError, ValueError) as error:
        yield f"The code is no Python: {getattr(error, 'msg', error)}; mend it."
    else:
        yield from claim_errors(cell.source)
    for option in cell.options.keys() - set(CELL_OPTIONS):
        yield _unknown("option", option, CELL_OPTIONS)
    if not isinstance(cell.tags, list):
        yield "The tags are no list; write them as [provided], say."
        return
    for tag in cell.tags:
        if tag not in TAGS:
            yield _unknown("tag", tag, TAGS)
    if re.search(r"#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source):
        yield "A comment steers nbval; use a tag instead."
    if "instructor" in parents:
        yield "Code in an instructor note is never run; use a ```python block."
    if cell.draws and not _is_text(cell.options.get("alt")):
        yield "The cell draws a figure; describe it in :alt:."
    if "prompt" in cell.options and not _is_text(cell.options["prompt"]):
        yield "The prompt is empty; write one sentence."
    yield from _kind(cell, parents)
    if cell.is_checkpoint and set(cell.tags) - {"check"}:
        yield "The output of a checkpoint cell is always compared; remove its tags."
    if "raises-exception" in cell.tags and "nbval-ignore-output" not in cell.tags:
        yield "A cell that raises an exception needs the tag nbval-ignore-output too."
    if "nbval-ignore-output" in cell.tags and not (after and after.is_checkpoint):
        yield (
            "The output of this cell is not compared, so the next code cell must be a checkpoint; "
            "add one."
        )


def _kind(cell: CodeCell, parents: tuple[str, ...]) -> Iterator[str]:
    is_typed = cell.kind in ("type", "complete") and "solution" not in parents
    if is_typed and "prompt" not in cell.options:
        yield "The cell has no :prompt:; say in one sentence what to type, or tag it provided."
    if cell.kind == "type" and len(cell.lines) >= LONG:
        yield (
            f"The cell has {len(cell.lines)} lines to type; tag it provided, or name with :open: "
            "what is completed."
        )
    if "check" in cell.tags and not cell.is_checkpoint:
        yield "The cell is tagged check and calls no checkpoint; add one, or remove the tag."
    if "open" in cell.options and not (
        isinstance(cell.open, list) and all(isinstance(piece, str) for piece in cell.open)
    ):
        yield 'The pieces in :open: are no list of texts; write them as ["piece"], say.'
    elif "open" in cell.options and cell.kind != "complete":
        yield f"The cell is marked as {cell.kind}, so nothing in it is open; remove one of the two."
    elif any(cell.source.count(piece) != 1 for piece in cell.open):
        yield "Each piece in :open: must stand exactly once in the code."
    seconds = cell.options.get("seconds", 1)
    if not isinstance(seconds, int | float) or seconds <= 0:
        yield "The waiting in :seconds: is no number above zero."


def _directive(
    node: Directive, parents: tuple[str, ...], folder: Path
) -> Iterator[tuple[int, str]]:
    element = ELEMENTS.get(node.name)
    if not element:
        yield node.line, _unknown("directive", node.name, ELEMENTS)
        return
    for option in node.options.keys() - set(element.options):
        yield node.line, _unknown("option", option, element.options)
    if node.name in TASKS:
        if not node.argument:
            yield node.line, f"The {node.name} has no title; write it behind the name."
        if not _is_minutes(node.options.get("minutes")):
            yield node.line, f"The {node.name} has no minutes; add :minutes: and a whole number."
    if node.name == "challenge" and not any(_named(n, "solution", "quiz") for n in node.children):
        yield node.line, "The challenge has no solution; add one inside it."
    if element.parents and not set(parents) & set(element.parents):
        places = " or ".join(element.parents)
        yield node.line, f"The {node.name} stands outside a {places}; move it in."
    if node.name == "part" and parents:
        yield node.line, "The part begins inside a box; move it out."
    if node.name == "figure":
        path = folder / node.argument
        if not re.fullmatch(r"figures/[\w-]+\.(svg|png)", node.argument):
            yield node.line, f"The figure {node.argument} must be named figures/NAME.svg, or .png."
        elif not path.exists() and not path.with_suffix(".py").exists():
            yield node.line, f"There is no {node.argument} and no .py file that draws it."
        if not _is_text(node.options.get("alt")):
            yield node.line, "The figure has no :alt:; describe what is to be seen."
    elif node.name == "package-source":
        if not re.fullmatch(r"dl_lesson\.\w+", node.argument):
            yield node.line, "Name a function that notebooks import, dl_lesson.create_nn, say."
    elif node.name == "quiz" and node.children:
        yield from quiz_errors(node)
    elif element.needs_body and not node.children:
        yield node.line, f"The {node.name} is empty; write its text or delete it."


def _named(node: Node, *names: str) -> bool:
    return isinstance(node, Directive) and node.name in names


def _role(role: Role, line: int, names: set[str]) -> Iterator[tuple[int, str]]:
    if role.name not in ROLES:
        yield line, _unknown("role", role.name, ROLES)
    elif role.name == "eval" and (role.text or not VALUE.fullmatch(role.target)):
        yield line, f"{role.target!r} names no variable; write its name, and a colon and a format."
    elif role.name == "doc" and role.target not in names:
        known = ", ".join(sorted(names))
        yield line, f"There is no episode {role.target}; those that exist: {known}."


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    return f"There is no {kind} {name} here; those that exist: {', '.join(known) or 'none'}."


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
