"""One page of samples, which website, notebook, starter and handout must show alike."""

import re

import nbformat
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbconvert.filters import markdown2html

from dl_lesson.authoring.editions.handout import handout
from dl_lesson.authoring.website.site import build_site

from .conftest import write_notebook

SAMPLES = r"""
First sample.

A line with *emphasis*, **weight**, `code for $5`, an escaped \*star\*, five &lt; six,
[a link](https://example.org/a) and an address, <https://example.org/b>.

A line ends here,\
and another begins, with $a_1 < b_2$ in it.

- an item,\
  in two lines
- another, with $\frac{a}{b}$

1. one
2. two

> Quoted *words*,
> in one paragraph

| name | value |
|---|--:|
| `a` | $x_1$ |

$$
\begin{aligned} a &= b \\ c &= d \end{aligned}
$$

Last sample.
"""
TAGS = ["em", "strong", "code", "a", "br", "li", "blockquote", "td", "th", "formula"]
EXPECTED = [
    ("em", "emphasis"),
    ("strong", "weight"),
    ("code", "code for $5"),
    ("a", "a link"),
    ("a", "https://example.org/b"),
    ("br", ""),
    ("formula", "a_1 < b_2"),
    ("li", "an item, in two lines"),
    ("br", ""),
    ("li", "another, with \\frac{a}{b}"),
    ("formula", "\\frac{a}{b}"),
    ("li", "one"),
    ("li", "two"),
    ("blockquote", "Quoted words, in one paragraph"),
    ("em", "words"),
    ("th", "name"),
    ("th", "value"),
    ("td", "a"),
    ("code", "a"),
    ("td", "x_1"),
    ("formula", "x_1"),
    ("formula", "\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}"),
]


def seen(page: str) -> tuple[list[tuple[str, str]], str]:
    """Return the marked pieces of the samples on a page of HTML, and their whole text."""
    html = page.partition("First sample.")[2].partition("Last sample.")[0]
    soup = BeautifulSoup(html, "html.parser")
    for formula in soup.select("math, .math.inline, .math.block, eqn"):
        if formula.find_parent("math") is None and not (formula.name == "div" and formula.math):
            text = (formula.annotation or formula).get_text()
            formula.name = "formula"
            formula.string = text
    pieces = [(tag.name, " ".join(tag.get_text().split())) for tag in soup.find_all(TAGS)]
    return pieces, " ".join(soup.get_text().split())


def of_notebook(notebook) -> str:
    """Return the texts of a notebook as nbconvert shows them, formulas in tags of their own."""
    source = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    html = markdown2html(source)
    # Formulas are typeset by MathJax later, outside of code only.
    parts = re.split(r"(<code>.*?</code>)", html, flags=re.S)
    parts[::2] = [
        re.sub(r"(\${1,2})([^$]+)\1", r'<span class="math inline">\2</span>', p) for p in parts[::2]
    ]
    return "".join(parts)


def test_four_editions_show_the_samples_alike(copy, edit):
    edit("episodes/02-curves.md", "Bend it, after {doc}`lines <01-lines>`.", SAMPLES)
    write_notebook(copy, "02-curves")
    site = copy.root / build_site(copy).parent
    editor = MarkdownIt("commonmark", {"breaks": True}).enable("table").use(dollarmath_plugin)
    pages = {
        "website": (site / "episodes" / "02-curves.html").read_text("utf-8"),
        "notebook": of_notebook(nbformat.read(copy.notebook("02-curves"), 4)),
        "starter": of_notebook(nbformat.read(site / "starters" / "key" / "02-curves.ipynb", 4)),
        "handout": editor.render(handout(copy, 1, 1)),
    }
    for name, page in pages.items():
        pieces, text = seen(page)
        assert pieces == EXPECTED, name
        assert "an escaped *star*, five < six, a link" in text, name
        assert "\\ and" not in text, name
