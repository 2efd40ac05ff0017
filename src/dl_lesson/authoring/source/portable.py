"""Which Markdown all editions show alike; whatever only some of them show is a mistake.

JupyterLab, Sphinx and the shared editor of a handout each read a Markdown of their own.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from markdown_it.token import Token

from dl_lesson.authoring.source.episode import MARKDOWN, CodeCell, Directive, Node, Text

DOLLAR = "A dollar sign stands in the text, and some editions start a formula there; write dollars."
# Signs in a text between other signs, and what is wrong with them.
SIGNS = (
    (re.compile(r"\$"), DOLLAR),
    (re.compile(r"\[\^"), "A footnote stands here; write it into the sentence, or into a callout."),
    (re.compile(r"\\(begin|end)\{"), "A formula stands here without $$ around it; add them."),
    (re.compile(r"\\[()\[\]]"), "A formula stands between backslashes; put it between $."),
    (re.compile(r"~(?=[^\s~])[^~]*[^\s~]~"), "Crossed-out text stands here; delete it."),
    (re.compile(r"\bwww\.|\bhttps?://"), "A bare address stands here; write it as <https://...>."),
)
# Surroundings that mathematics sets on a page of its own, so that they cannot stand within $$.
DISPLAYS = re.compile(r"\\begin\{(align|alignat|equation|flalign|gather|multline|eqnarray)\*?\}")


def unportable(node: Node, *, in_quiz: bool) -> Iterator[tuple[int, str]]:
    """Yield line and sentence of each piece of Markdown that editions show in different ways.

    Parameters
    ----------
    node : Node
        A node of an episode; the nodes inside it are not looked at.
    in_quiz : bool
        Whether it stands in a quiz, whose options begin with brackets.
    """
    if isinstance(node, Text):
        yield from _text(node)
        if not in_quiz and (found := re.search(r"^[ \t]*[-*+] \[[ xX]\] ", node.source, re.M)):
            line = node.line + node.source[: found.start()].count("\n")
            yield line, "A box to tick stands outside a quiz; delete the brackets."
    elif isinstance(node, Directive):
        (title,) = MARKDOWN.parseInline(node.argument)
        for _, sentence in _inline(title, node.argument):
            yield node.line, sentence
        if any(child.type in ("myst_role", "strong_open", "link_open") for child in title.children):
            yield node.line, "A role, a link or bold text stands in a title; move it into the text."
    if isinstance(node, Directive | CodeCell):
        for option, allowed in (("alt", ()), ("topic", ()), ("prompt", ("code_inline",))):
            if not _is_plain(str(node.options.get(option, "")), {"text", "softbreak", *allowed}):
                yield node.line, f"Markdown or a dollar sign stands in :{option}:; use words only."


def _is_plain(text: str, allowed: set[str]) -> bool:
    (parsed,) = MARKDOWN.parseInline(text)
    return all(
        child.type in allowed and not (child.type == "text" and "$" in child.content)
        for child in parsed.children
    )


def _text(node: Text) -> Iterator[tuple[int, str]]:
    environment: dict = {}
    tokens = MARKDOWN.parse(node.source, environment)
    lines = node.source.split("\n")
    for reference in environment.get("references", {}).values():
        yield node.line + reference["map"][0], "A link stands apart; write it as [text](https://)."
    for token in tokens:
        line = node.line + (token.map[0] if token.map else 0)
        if token.type == "inline":
            for distance, sentence in _inline(token, "\n".join(lines[slice(*token.map)])):
                yield line + distance, sentence
        elif token.type == "heading_open" and token.markup in ("=", "-"):
            yield line, "A heading is underlined; begin it with # instead."
        elif token.type == "html_block" and not token.content.lstrip().startswith("<!--"):
            yield line, "HTML stands in the text; write Markdown."
        elif token.type in ("myst_line_comment", "myst_block_break") and token.level:
            yield line, "A comment or +++ stands inside a list or a quotation; move it out."
        elif token.type == "math_block_label":
            yield line, "A formula has a label; delete it."
        elif token.type == "math_block":
            yield from ((line, sentence) for sentence in _formula(token.content))
            if re.search(r"\n\s*\n", token.content.strip()):
                yield line, "A formula holds an empty line; delete it."


def _inline(token: Token, source: str) -> Iterator[tuple[int, str]]:
    """Yield line, counted from the first of the paragraph, and sentence."""
    line = 0
    in_link = False
    children = token.children or []
    for child, after in zip_longest(children, children[1:]):
        if child.type in ("softbreak", "hardbreak"):
            line += 1
            if child.type == "hardbreak" and not source.split("\n")[line - 1].endswith("\\"):
                yield line - 1, "Spaces end the line, which nobody sees; end it with a backslash."
        elif child.type == "text":
            for pattern, sentence in SIGNS:
                if pattern.search(child.content) and not (in_link and "address" in sentence):
                    yield line, sentence
        elif child.type == "math_inline":
            digit_follows = bool(after and after.type == "text" and after.content[:1].isdigit())
            if child.content != child.content.strip() or digit_follows:
                yield line, DOLLAR
            yield from ((line, sentence) for sentence in _formula(child.content))
            line += child.content.count("\n")
        elif child.type == "html_inline" and not child.content.startswith("<!--"):
            yield line, "HTML stands in the text; write Markdown."
        elif child.type == "link_open":
            in_link = True
            if not re.match(r"https?://|mailto:", str(child.attrs["href"])):
                yield line, "A link leads to a file or a heading; use the role doc, or an address."
        elif child.type == "link_close":
            in_link = False


def _formula(source: str) -> Iterator[str]:
    if DISPLAYS.search(source):
        yield "A formula holds align or the like; write \\begin{aligned} between $$."
