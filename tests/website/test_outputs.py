"""What a notebook shows, the website shows too, or the command stops and names the cell."""

import io
from contextlib import redirect_stdout

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from IPython.display import HTML, Javascript, Math

from dl_lesson.authoring.execution.digests import store_digests
from dl_lesson.authoring.website.outputs import (
    OutputError,
    choose,
    formatted,
    formula,
    printed,
    safe_html,
)
from dl_lesson.authoring.website.site import SiteError, build_site


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("one\ntwo\n", "one\ntwo"),
        ("  0%|   |\r 50%|██ |\r100%|███|\n", "100%|███|"),
        ("a long line\rshort\n", "shortg line"),
        (
            "\x1b[1m 1/10\x1b[0m \x1b[32m━\x1b[0m\b\b\b\b\b\b\r\x1b[1m10/10\x1b[0m done",
            "10/10 done",
        ),
        ("abc\b\bX", "aXc"),
        ("a\tb\r\nc\x07\x00", "a\tb\nc"),
    ],
)
def test_text_is_shown_as_a_terminal_shows_it_in_the_end(text, result):
    assert printed(text) == result


def test_a_progress_bar_of_keras_leaves_no_control_characters():
    from keras.utils import Progbar

    file = io.StringIO()
    file.isatty = lambda: True
    with redirect_stdout(file):
        bar = Progbar(3)
        for step in range(1, 4):
            bar.update(step, [("loss", 1 / step)], finalize=step == 3)
    assert "\b" in file.getvalue() and "\x1b" in file.getvalue()
    shown = printed(file.getvalue())
    assert "3/3" in shown and "loss" in shown
    assert all(sign.isprintable() or sign == "\n" for sign in shown)


def data_of(shown) -> dict[str, str]:
    """Return what a notebook stores of an object."""
    from IPython.core.formatters import DisplayFormatter

    return DisplayFormatter().format(shown)[0]


def test_colours_of_a_styler_are_kept():
    table = pd.DataFrame({"a": [1, 2]}, index=["x", "y"])
    data = data_of(table.style.highlight_max(color="yellow"))
    soup = BeautifulSoup(safe_html(data[choose(data)]), "html.parser")
    assert "background-color: yellow" in soup.style.get_text()
    (marked,) = (cell for cell in soup("td") if f"#{cell['id']}" in soup.style.get_text())
    assert marked.get_text() == "2"


@pytest.mark.parametrize("styled", [False, True])
def test_each_header_of_a_table_says_what_it_belongs_to(styled):
    index = pd.MultiIndex.from_product([["x", "y"], [1, 2]])
    table = pd.DataFrame({("a", "b"): range(4), ("a", "c"): range(4)}, index=index)
    soup = BeautifulSoup(safe_html((table.style if styled else table)._repr_html_()), "html.parser")
    assert {th["scope"] for th in soup.thead("th")} <= {"col", "colgroup"}
    assert {th["scope"] for th in soup.tbody("th")} == {"row", "rowgroup"}
    assert soup.find("style", scoped=True) is None
    assert [td.get_text() for td in soup("td")] == [str(n) for n in range(4) for _ in "bc"]


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello<script>alert(1)</script></p>",
        '<p onclick="alert(1)">Hello</p>',
        '<a href="javascript:alert(1)">Hello</a>',
        '<img src="https://example.org/a.png">',
        '<iframe src="https://example.org"></iframe>',
        "<style>p { background: url(https://example.org/a.png) }</style>",
        '<p style="background: URL(a.png)">Hello</p>',
        "<object data='a.svg'></object>",
        "<table><tr><td><script>alert(1)</script></td></tr></table>",
        '<a href=" javascript:alert(1)">Hello</a>',
        "<svg><circle/></svg>",
    ],
)
def test_html_that_could_load_or_run_something_is_refused(source):
    with pytest.raises(OutputError, match="load"):
        safe_html(source)


def test_html_is_written_as_it_stands():
    source = '<p class="a">1 &lt; 2 ä <b>bold</b><br/></p><ul><li>x</li></ul>'
    assert safe_html(source) == source


def test_a_comment_in_which_a_browser_sees_a_script_goes():
    assert safe_html("<!--><script>alert(1)</script>--><p>x</p>").endswith("<p>x</p>")
    assert "script" not in safe_html("<!-- <script>alert(1)</script> --><p>x</p>")


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("Hello\n\n<script>alert(1)</script>", "<script>"),
        ("Hello <img src='x' onerror='alert(1)'>", "<img>"),
        ("![p](https://example.org/p.png)", "<img>"),
        ("[p](ftp://example.org/p)", "<a>"),
        ("The area is $r^2$.", "a formula"),
        ("The area is\n\n$$r^2$$", "a formula"),
    ],
)
def test_markdown_that_could_load_something_or_would_be_lost_is_refused(markdown, words):
    with pytest.raises(OutputError, match=words):
        formatted(markdown)


def test_markdown_is_shown_as_jupyterlab_shows_it():
    source = "# A *card*\n\n| a |\n|---|\n| 1 |\n\n<b>x</b>\n\n```{include} /etc/passwd\n```"
    page = BeautifulSoup(formatted(source), "html.parser")
    assert (page.h1.em.get_text(), page.td.get_text(), page.b.get_text()) == ("card", "1", "x")
    # A directive is no more than a block of code.
    assert page.code.get_text() == ""


def put_output(project, *outputs) -> None:
    """Give the last cell of an episode other outputs."""
    path = project.notebook("02-curves")
    notebook = nbformat.read(path, 4)
    cell = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    cell.outputs = [*outputs]
    store_digests(notebook, None)
    nbformat.write(notebook, path)


def display(data: dict[str, str]):
    return nbformat.v4.new_output("display_data", data=data)


def test_formulas_html_and_drawings_are_shown(copy):
    formula_data = data_of(Math(r"\frac{a}{b}"))
    assert formula(formula_data["text/latex"]) == r"\frac{a}{b}"
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"></svg>'
    put_output(
        copy,
        display(formula_data),
        display(data_of(HTML("<p>A <b>bold</b> word</p>"))),
        display({"image/svg+xml": svg, "text/plain": "<SVG>"}),
        nbformat.v4.new_output("stream", text="half\rwhole\n"),
    )
    site = copy.root / build_site(copy).parent
    page = BeautifulSoup((site / "episodes" / "02-curves.html").read_text("utf-8"), "html.parser")
    formula_, html, drawing, text = page.article.select(".cell_output .output")
    assert formula_.math["display"] == "block"
    assert formula_.annotation.get_text() == r"\frac{a}{b}"
    assert html.b.get_text() == "bold"
    assert (site / "episodes" / drawing.img["src"]).read_text("utf-8") == svg
    assert text.get_text().strip() == "whole"
    assert "object" not in page.article.get_text()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (data_of(Javascript("alert(1)")), "type application/javascript"),
        ({"text/html": "<script>1</script>", "text/plain": "x"}, "<script>"),
        ({"text/markdown": "<script>1</script>", "text/plain": "x"}, "<script>"),
        ({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "x"}, "widget-view"),
    ],
)
def test_what_cannot_be_shown_stops_the_command_and_names_the_cell(copy, data, words):
    put_output(copy, display(data))
    with pytest.raises(SiteError) as error:
        build_site(copy)
    (message,) = str(error.value).splitlines()
    assert message.startswith("episodes/02-curves.md:") and words in message
    assert "in the cell draw-a-curve-" in message
