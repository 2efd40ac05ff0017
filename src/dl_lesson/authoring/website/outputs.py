"""Outputs of a notebook on the website: shown as in the notebook, or refused, never lost."""

import base64
import io
import re
from copy import deepcopy

from bs4 import BeautifulSoup
from bs4.element import PreformattedString
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbconvert.filters import strip_ansi
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from PIL import Image

PICTURES = {"image/png": "webp", "image/jpeg": "webp", "image/svg+xml": "svg"}
SHOWN = {*PICTURES, "text/html", "text/markdown", "text/latex", "text/plain"}
# What cannot load, send or run anything.
HARMLESS = re.compile(
    "a|b|blockquote|br|caption|code|col|colgroup|dd|del|details|div|dl|dt|em|h[1-6]|hr|i|ins|kbd|"
    "li|mark|ol|p|pre|s|small|span|strong|style|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|"
    "u|ul"
)
LOADING = re.compile(r"url\(|@import", re.I)


class OutputError(Exception):
    """An output that the website cannot show."""


def joined_streams(cell: NotebookNode) -> list[NotebookNode]:
    """Return the outputs of a cell; printed lines that arrived in several parts stand together."""
    joined, _ = CoalesceStreamsPreprocessor().preprocess_cell(deepcopy(cell), {}, 0)
    return joined.outputs


def choose(data: dict[str, str]) -> str:
    """Return the type of an output that the website shows, among those that it holds.

    Raises
    ------
    OutputError
        If it holds something that would be lost.
    """
    if lost := sorted(set(data) - SHOWN):
        raise OutputError(f"an output of type {', '.join(lost)}, which it cannot show")
    # Rich, which Keras uses, writes the same text as HTML in colours of its own.
    is_text = data.get("text/html", "").startswith("<pre")
    order = [*PICTURES, *([] if is_text else ["text/html"]), "text/markdown", "text/latex"]
    return next((kind for kind in order if kind in data), "text/plain")


def picture(kind: str, content: str) -> bytes:
    """Return the file of a picture, as the website holds it."""
    if kind == "image/svg+xml":
        return content.encode()
    return smaller(base64.b64decode(content))


def smaller(png: bytes) -> bytes:
    """Return a picture as WebP, without loss unless that takes many more bytes."""
    image = Image.open(io.BytesIO(png))
    exact, close = io.BytesIO(), io.BytesIO()
    image.save(exact, "webp", lossless=True, method=6)
    image.save(close, "webp", quality=75, method=6)
    # Plots are smaller without loss. Grids of photographs would make a page too heavy.
    chosen = exact if exact.tell() <= 1.2 * close.tell() else close
    return chosen.getvalue()


def formula(latex: str) -> str:
    """Return the formula of an output without the dollar signs around it."""
    return latex.strip().strip("$").removeprefix("\\displaystyle").strip()


def printed(text: str) -> str:
    """Return what a terminal would show in the end of a text that goes back and overwrites itself.

    Progress bars do so with carriage returns and backspaces.
    """
    lines = []
    for line in strip_ansi(text).replace("\r\n", "\n").rstrip("\n").split("\n"):
        shown: list[str] = []
        place = 0
        for sign in line:
            if sign == "\r":
                place = 0
            elif sign == "\b":
                place = max(place - 1, 0)
            elif sign == "\t" or sign.isprintable():
                shown[place : place + 1] = sign
                place += 1
        lines.append("".join(shown).rstrip())
    return "\n".join(lines)


def formatted(markdown: str) -> str:
    """Return Markdown of an output as HTML.

    Raises
    ------
    OutputError
        If it holds a formula, or could load, send or run anything.
    """

    def refuse(*_: object) -> str:
        raise OutputError("a formula in Markdown, which it cannot show; display it with Math")

    page = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=refuse)
    return safe_html(page.render(markdown))


def safe_html(source: str) -> str:
    """Return HTML whose table headers say what they belong to.

    Raises
    ------
    OutputError
        If it could load, send or run anything.
    """
    page = BeautifulSoup(source, "html.parser")
    # Comments and declarations show nothing, and browsers do not agree where one ends.
    for hidden in page.find_all(string=lambda text: isinstance(text, PreformattedString)):
        hidden.extract()
    for tag in page.find_all(True):
        if (
            not HARMLESS.fullmatch(tag.name)
            or any(name.startswith("on") or name == "src" for name in tag.attrs)
            or not re.match(r"https?://|#|$", str(tag.get("href", "")))
        ):
            raise OutputError(f"an output with <{tag.name}>, which could load or run something")
        styles = str(tag.get("style", "")) + (tag.get_text() if tag.name == "style" else "")
        if LOADING.search(styles):
            raise OutputError(f"an output with <{tag.name}>, whose style loads something")
        if tag.name == "table":
            tag.attrs.pop("border", None)
        elif tag.name == "th" and not tag.has_attr("scope"):
            group = "group" if tag.has_attr("colspan") or tag.has_attr("rowspan") else ""
            tag["scope"] = ("row" if tag.find_parent("tbody") else "col") + group
    # The style that pandas gives each table; that of the website takes its place.
    for style in page.find_all("style", scoped=True):
        style.decompose()
    return str(page)
