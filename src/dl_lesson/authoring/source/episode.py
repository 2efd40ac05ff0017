"""Parse an episode, a MyST Markdown text notebook, into a tree."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import yaml
from docutils.parsers.rst import Directive as DocutilsDirective
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin
from mdit_py_plugins.myst_role.index import myst_role
from myst_parser.parsers.directives import parse_directive_text

from dl_lesson.course.files import FURTHER

MARKDOWN = (
    MarkdownIt("commonmark")
    .use(colon_fence_plugin)
    .use(myst_block_plugin)
    .use(dollarmath_plugin)
    .use(myst_role_plugin)
)


def _role_with_place(state: StateInline, silent: bool) -> bool:
    start = state.pos
    found = myst_role(state, silent)
    if found and not silent:
        state.tokens[-1].meta["place"] = start, state.pos
    return found


MARKDOWN.inline.ruler.at("myst_role", _role_with_place)
# Python, Markdown and editors do not agree where a line ends at some of these.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]")
FRONT_MATTER = MarkdownIt("commonmark").use(front_matter_plugin)


@dataclass(frozen=True)
class Role:
    """A role in a text, such as ``{term}`layers <layer>```.

    Attributes
    ----------
    name : str
        What stands in the braces.
    text : str
        What a reader sees; empty if only the target is given.
    target : str
        What it names.
    """

    name: str
    text: str
    target: str


def read_role(token: Token) -> Role:
    """Return the role that the parser found."""
    content = " ".join(token.content.split())
    text, bracket, target = content.removesuffix(">").rpartition("<")
    return Role(token.meta["name"], text.strip() if bracket else "", target.strip())


def replace_roles(source: str, write: Callable[[Role], str]) -> str:
    """Replace the roles of a Markdown text.

    Parameters
    ----------
    source : str
        Markdown. What looks like a role in code or mathematics stays.
    write : callable
        Returns the Markdown for a role.

    Returns
    -------
    str
        The text without roles.
    """
    lines = source.split("\n")
    for token in reversed(MARKDOWN.parse(source)):
        if token.type != "inline":
            continue
        start, end = token.map
        block = "\n".join(lines[start:end])
        for child in reversed(MARKDOWN.parseInline(block)[0].children):
            if child.type == "myst_role":
                first, last = child.meta["place"]
                block = block[:first] + write(read_role(child)) + block[last:]
        lines[start:end] = [block]
    return "\n".join(lines)


@dataclass(frozen=True)
class Text:
    """Markdown that stands between other nodes; a heading, if any, is its first line."""

    source: str
    line: int
    heading: str | None = None
    level: int = 0


@dataclass(frozen=True)
class Break:
    """The sign ``+++``, which starts a new Markdown cell."""

    line: int


@dataclass(frozen=True)
class CodeCell:
    """A code cell."""

    source: str
    line: int
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def tags(self) -> list[str]:
        """Tags of the cell."""
        return self.options.get("tags") or []

    @property
    def is_checkpoint(self) -> bool:
        """Whether the cell checks claims of the text."""
        return bool(re.search(r"^\s*checkpoint\(", self.source, re.M))

    @property
    def kind(self) -> str:
        """What a learner does with it: "type", "complete", "provided", "claim" or "check"."""
        if self.is_checkpoint:
            return "check" if "check" in self.tags else "claim"
        for kind, is_marked in (
            ("check", "check" in self.tags),
            ("provided", "provided" in self.tags),
            ("complete", "open" in self.options),
        ):
            if is_marked:
                return kind
        return "type"

    @property
    def open(self) -> list[str]:
        """Pieces of the code that a learner completes."""
        return self.options.get("open") or []

    @property
    def lines(self) -> list[str]:
        """Lines of code, without empty lines and comments."""
        lines = self.source.splitlines()
        return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]

    @property
    def n_typed_lines(self) -> int:
        """Number of lines that somebody types."""
        if self.kind == "type":
            return len(self.lines)
        if self.kind == "complete":
            return len(self._open_lines())
        return 0

    def _open_lines(self) -> set[int]:
        numbers: set[int] = set()
        for piece in self.open:
            first = self.source[: self.source.find(piece)].count("\n")
            numbers.update(range(first, first + piece.count("\n") + 1))
        return numbers

    @property
    def draws(self) -> bool:
        """Whether the cell shows a figure."""
        return bool(re.search(r"^[^#\n]*\bplt\.show\(", self.source, re.M))


@dataclass(frozen=True)
class Directive:
    """A directive with its body as nodes."""

    name: str
    argument: str
    options: dict[str, Any]
    children: tuple["Node", ...]
    line: int


Node = Text | Break | CodeCell | Directive


@dataclass
class Episode:
    """An episode as a tree.

    Attributes
    ----------
    path : pathlib.Path
        Source file.
    front_matter : dict
        Title, minutes and data sets.
    nodes : tuple of Node
        The body.
    roles : list of tuple of (Role, int)
        Each role and its line.
    errors : list of tuple of (int, str)
        Line and sentence of each error found so far.
    """

    path: Path
    front_matter: dict[str, Any] = field(default_factory=dict)
    nodes: tuple[Node, ...] = ()
    roles: list[tuple[Role, int]] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name of the episode, without folder and extension."""
        return self.path.stem

    @property
    def shown(self) -> str:
        """Path of its file as people read it, from the root of the project."""
        parts = self.path.parts
        return "/".join(parts[-3 if self.path.parent.name == FURTHER else -2 :])

    def other(self, name: str) -> Path:
        """Return the file of another episode, of the same or of the other part of the course."""
        here = self.path.parent
        places = (here, here / FURTHER, here.parent)
        found = (place / f"{name}.md" for place in places if (place / f"{name}.md").exists())
        return next(found, here / f"{name}.md")


def walk(
    nodes: tuple[Node, ...], parents: tuple[str, ...] = ()
) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Yield each node of a tree and the names of the directives around it, outermost first."""
    for node in nodes:
        yield node, parents
        if isinstance(node, Directive):
            yield from walk(node.children, (*parents, node.name))


def parse_episode(path: Path) -> Episode:
    """Parse an episode.

    Parameters
    ----------
    path : pathlib.Path
        Source file, UTF-8.

    Returns
    -------
    Episode
        The tree; what could not be understood is listed in its `errors`.
    """
    try:
        # An editor may have put a byte-order mark in front.
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Episode(path, errors=[(1, "The file is not encoded as UTF-8; save it as UTF-8.")])
    if unseen := UNSEEN.search(text):
        line = 1 + text[: unseen.start()].count("\n")
        sign = f"U+{ord(unseen[0]):04X}"
        sentence = f"A sign stands here that nobody sees, {sign}; delete it, or write its escape."
        return Episode(path, errors=[(line, sentence)])
    return _parsed(path, text)


# Several editions, pages and handouts are made from one episode in one go.
@lru_cache(maxsize=64)
def _parsed(path: Path, text: str) -> Episode:
    episode = Episode(path)
    tokens = FRONT_MATTER.parse(text)
    if not tokens or tokens[0].type != "front_matter":
        episode.errors.append((1, "The front matter is missing; start the file with ---."))
        return episode
    episode.front_matter = _front_matter(tokens[0].content, episode.errors)
    end = tokens[0].map[1]
    body = "\n".join(text.splitlines()[end:])
    episode.nodes = _Parser(episode).nodes(body, end + 1)
    return episode


def read_front_matter(path: Path) -> dict[str, Any]:
    """Return the front matter of an episode, empty if it cannot be read, and leave the body."""
    # That a file has another encoding is said where it is parsed.
    head = path.read_text(encoding="utf-8-sig", errors="replace").split("\n---", 1)[0]
    return _front_matter(head.removeprefix("---"), [])


def _front_matter(source: str, errors: list[tuple[int, str]]) -> dict[str, Any]:
    try:
        values = yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", "it is not YAML")
        errors.append(
            (mark.line + 2 if mark else 1, f"The front matter cannot be read: {problem}.")
        )
        return {}
    return values if isinstance(values, dict) else {}


class _AnyDirective(DocutilsDirective):
    """Tells MyST's parser that a directive has options and a body; the rules come later."""

    has_content = True
    optional_arguments = 1
    option_spec: ClassVar = {"option": str}


class _Parser:
    """Turns Markdown into nodes and notes errors with their line in the file."""

    def __init__(self, episode: Episode) -> None:
        self.episode = episode

    def error(self, line: int, message: str) -> None:
        self.episode.errors.append((line, message))

    def nodes(self, text: str, first_line: int) -> tuple[Node, ...]:
        lines = text.splitlines()
        tokens = MARKDOWN.parse(text)
        nodes: list[Node] = []
        start, heading = 0, None

        def flush(end: int) -> None:
            block = "\n".join(lines[start:end])
            if block.strip():
                blank = len(block) - len(block.lstrip("\n"))
                line = first_line + start + blank
                title, level = heading or (None, 0)
                nodes.append(Text(block.strip("\n").rstrip(), line, title, level))

        for index, token in enumerate(tokens):
            if token.map is None:
                continue
            line = first_line + token.map[0]
            self.check_inline(token, line)
            if token.level:
                if token.type == "colon_fence" or token.info.startswith("{"):
                    self.error(
                        line, "A directive stands inside a list or a quotation; move it out."
                    )
                continue
            node: Node | None = None
            if token.type in ("fence", "colon_fence"):
                self.check_closed(token, lines, line)
                if token.type == "fence" and not token.info.startswith("{"):
                    continue
                node = self.fence(token, line)
            elif token.type == "myst_block_break":
                node = Break(line)
            elif token.type == "myst_target":
                self.error(line, "Labels are not used in this lesson; delete this line.")
            elif token.type == "heading_open":
                flush(token.map[0])
                start = token.map[0]
                heading = (tokens[index + 1].content, int(token.tag[1:]))
                continue
            elif token.type == "myst_line_comment":
                # A comment stands by itself; a sign for per cent at the start of a line of text
                # hides that line.
                around = [
                    *lines[max(token.map[0] - 1, 0) : token.map[0]],
                    *lines[token.map[1] : token.map[1] + 1],
                ]
                if any(beside.strip() for beside in around):
                    self.error(
                        line,
                        "A line of text begins with %, which hides it; break it elsewhere.",
                    )
            else:
                continue
            flush(token.map[0])
            start, heading = token.map[1], None
            if node:
                nodes.append(node)
        flush(len(lines))
        return tuple(nodes)

    def check_closed(self, token: Token, lines: list[str], line: int) -> None:
        last = lines[token.map[1] - 1].strip() if token.map[1] - token.map[0] > 1 else ""
        closed = last and set(last) == {token.markup[0]} and len(last) >= len(token.markup)
        # A fence of the same length that opens inside has found the closing sign first.
        if not closed or f"\n{token.markup}{{" in f"\n{token.content}":
            self.error(line, f"The fence {token.markup}{token.info.strip()} is never closed.")

    def check_inline(self, token: Token, line: int) -> None:
        if token.type == "html_block" and "<img" in token.content.lower():
            self.error(line, "A raw <img> stands here; use the figure directive.")
        for child in token.children or ():
            if child.type == "image" or (
                child.type == "html_inline" and "<img" in child.content.lower()
            ):
                self.error(line, "A picture stands in the text; use the figure directive.")
            elif child.type == "myst_role":
                self.episode.roles.append((read_role(child), line))

    def fence(self, token: Token, line: int) -> Node | None:
        match = re.fullmatch(r"\{([\w-]+)\}\s*(.*)", token.info.strip())
        if not match:
            self.error(
                line,
                f"The fence {token.markup}{token.info.strip()} names no directive; give it one, "
                "or delete it if it closes a fence that is closed already.",
            )
            return None
        name, argument = match[1], match[2].strip()
        body, options, used = self.body(token, line)
        if name == "code-cell":
            return CodeCell("\n".join(body).strip("\n").rstrip(), line, options)
        for inline in MARKDOWN.parseInline(argument):
            self.check_inline(inline, line)
        children = self.nodes("\n".join(body), line + 1 + used)
        return Directive(name, argument, options, children, line)

    def body(self, token: Token, line: int) -> tuple[list[str], dict[str, Any], int]:
        """Split a fence into its body, its options, and the number of lines before the body."""
        result = parse_directive_text(
            _AnyDirective, "", token.content, line=line, validate_options=False
        )
        for warning in result.warnings:
            self.error(
                warning.lineno or line,
                "The options are no plain YAML; put a value with a colon or a sign in quotation "
                "marks.",
            )
        # YAML takes the rest of a line for a comment, and would drop it without a word.
        block = token.content.splitlines()[: result.body_offset]
        for number, source in enumerate(block, start=1):
            if " #" in source and not any(
                source.partition(" #")[2].strip() in str(value) for value in result.options.values()
            ):
                self.error(line + number, "A value holds a #; put it in quotation marks.")
        options = {str(key): value for key, value in result.options.items()}
        return result.body, options, result.body_offset
