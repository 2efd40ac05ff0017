"""Outputs of a notebook on the website: shown as in the notebook, or refused, never lost."""

import base64
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser

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
ESCAPES = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")


class OutputError(Exception):
    """An output that the website cannot show."""


def joined_streams(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield the outputs; printed lines that arrived in several parts stand together."""
    joined: list[NotebookNode] = []
    for output in outputs:
        before = joined[-1] if joined else None
        if before and output.get("name") and before.get("name") == output.name:
            joined[-1] = NotebookNode({**before, "text": before.text + output.text})
        else:
            joined.append(output)
    yield from joined


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
    for line in ESCAPES.sub("", text).replace("\r\n", "\n").rstrip("\n").split("\n"):
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


def safe_html(source: str) -> str:
    """Return HTML whose table headers say what they belong to.

    Raises
    ------
    OutputError
        If it could load, send or run anything.
    """
    writer = _SafeHtml()
    writer.feed(source)
    writer.close()
    return "".join(writer.written)


class _SafeHtml(HTMLParser):
    """Writes HTML again, tag by tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self.skips = False
        self.in_body = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attributes}
        address = names.get("href", "")
        if (
            not HARMLESS.fullmatch(tag)
            or any(name.startswith("on") or name == "src" for name in names)
            or not re.match(r"https?://|#|$", address)
        ):
            raise OutputError(f"an output with <{tag}>, which could load or run something")
        if re.search(r"url\(|@import", names.get("style", ""), re.I):
            raise OutputError(f"an output with <{tag}>, whose style loads something")
        # The style that pandas gives each table; that of the website takes its place.
        self.skips = tag == "style" and "scoped" in names
        self.in_body = tag == "tbody" or (self.in_body and tag != "thead")
        text = (self.get_starttag_text() or "").replace(' border="1"', "")
        if tag == "th" and "scope" not in names:
            group = "group" if names.keys() & {"colspan", "rowspan"} else ""
            text = f'<th scope="{"row" if self.in_body else "col"}{group}"{text[3:]}'
        self.write(text)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        self.write(f"</{tag}>")
        if tag == "style":
            self.skips = False

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style" and not self.skips and re.search(r"url\(|@import", data, re.I):
            raise OutputError("an output with <style>, which loads something")
        self.write(data)

    def handle_entityref(self, name: str) -> None:
        self.write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.write(f"&#{name};")

    def write(self, text: str) -> None:
        if not self.skips:
            self.written.append(text)
