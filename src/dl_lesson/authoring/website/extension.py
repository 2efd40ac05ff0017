"""Sphinx extension of the website.

The source folder is the one that `dl_lesson.authoring.website.site` lays out:
``episodes/NAME.md`` and the executed ``notebooks/NAME.ipynb``.
"""

import re
from html import escape
from typing import Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.images import get_image_size
from sphinx.writers.html5 import HTML5Translator

from dl_lesson.authoring.source.language import BOXES, FOLDS
from dl_lesson.authoring.website import directives, pages

LOG = logging.getLogger(__name__)
MATH = LatexToMathML(annotation=True, fancy_error=False)


def visit_math(translator: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    """Write mathematics as MathML, which needs no script and no font."""
    block = isinstance(node, nodes.math_block)
    try:
        mathml = MATH.convert_with_local_state(node.astext(), displaystyle=block)
    except LatexError as error:
        LOG.warning("The formula %s: %s", node.astext(), error, location=node)
        mathml = ""
    if block:
        mathml = f'<div class="math" tabindex="0">{mathml}</div>\n'
    translator.body.append(mathml)
    raise nodes.SkipNode


def add_view_switch(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Tell the templates where the same page stands in the other view."""
    to_root = "../" * pagename.count("/")
    is_instructor_view = app.config.lesson_instructor_view
    if is_instructor_view:
        only_here = pagename.startswith("instructor/")
        context["other_view"] = f"{to_root}../{'index' if only_here else pagename}.html"
    else:
        context["other_view"] = f"{to_root}instructor/{pagename}.html"
    context["is_instructor_view"] = is_instructor_view


def describe_page(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Give a page a description, and tell which of its two views search engines shall show."""
    if doctree is None:
        return
    texts = (
        paragraph.astext()
        for paragraph in doctree.findall(nodes.paragraph)
        if isinstance(paragraph.parent, nodes.section) and len(paragraph.astext()) > 40
    )
    description = " ".join(next(texts, app.config.html_title).split())
    if len(description) > 155:
        description = description[:155].rpartition(" ")[0] + " …"
    tags = f'<meta name="description" content="{escape(description)}">'
    if app.config.lesson_instructor_view and not pagename.startswith("instructor/"):
        to_root = "../" * (pagename.count("/") + 1)
        tags += f'<link rel="canonical" href="{to_root}{pagename}.html">'
    context["metatags"] = context.get("metatags", "") + tags


def name_home(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Leave the name of the website out behind the title of its first page, which is the same."""
    if pagename == app.config.root_doc:
        context["docstitle"] = ""


def defer_scripts(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    """Let a page be drawn before its scripts are loaded.

    Two lines of the page itself set options of Sphinx, whose file therefore comes first. The page
    of the search brings a script that needs the others at once.
    """
    script_tag = context["js_tag"]

    def deferred(script: Any) -> str:
        tag = script_tag(script)
        if "documentation_options.js" in tag or " src=" not in tag or " defer" in tag:
            return tag
        return tag.replace("<script ", "<script defer ", 1)

    if pagename != "search":
        context["js_tag"] = deferred


def size_pictures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each picture its width and height, so that the text does not jump when it arrives."""
    for image in doctree.findall(nodes.image):
        size = get_image_size(app.srcdir / image["uri"])
        if size:
            image["width"], image["height"] = map(str, size)


def visit_citation(translator: HTML5Translator, node: nodes.citation) -> None:
    """Write a cited source without roles: docutils says list, but no entry of it is a list item."""
    translator.body.append(translator.starttag(node, "div", CLASS="citation"))


def depart_citation(translator: HTML5Translator, node: nodes.citation) -> None:
    """Close the element."""
    translator.body.append("</div>\n")


def visit_entry(translator: HTML5Translator, node: nodes.entry) -> None:
    """Write a cell of a table; that of a header says what it is the header of."""
    HTML5Translator.visit_entry(translator, node)
    scope = "col" if isinstance(node.parent.parent, nodes.thead) else "row"
    opening = translator.body.pop()
    translator.body.append(re.sub(r"^<th\b", f'<th scope="{scope}"', opening))


def depart_entry(translator: HTML5Translator, node: nodes.entry) -> None:
    """Close the cell."""
    HTML5Translator.depart_entry(translator, node)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register everything with Sphinx."""
    app.add_config_value("lesson_instructor_view", False, "env")
    for name in [*BOXES, "instructor"]:
        app.add_directive(name, directives.Box)
    for name in FOLDS:
        app.add_directive(name, directives.Fold, override=True)
    app.add_directive("code-cell", directives.CodeCell)
    app.add_directive("package-source", directives.PackageSource)
    app.add_directive("quiz", directives.Quiz)
    app.add_directive("part", directives.Part)
    app.add_role("eval", directives.Value())
    app.add_role_to_domain("std", "doc", pages.EpisodeLink(warn_dangling=True), override=True)
    app.add_directive("schedule", pages.Schedule)
    app.add_directive("map", pages.Map)
    app.add_directive("parts", pages.Parts)
    app.add_directive("half-day", pages.HalfDay)
    app.add_directive("collect", pages.Collect)
    app.add_directive("pages", pages.Pages)
    app.add_directive("downloads", pages.Downloads)
    app.add_node(directives.html, html=(directives.visit_html, directives.depart_html))
    app.add_node(pages.collected)
    app.add_transform(pages.EpisodeHead)
    app.add_post_transform(pages.CollectTransform)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math, None))
    app.connect("doctree-resolved", pages.add_definitions)
    app.connect("html-page-context", add_view_switch)
    app.connect("html-page-context", describe_page)
    app.connect("html-page-context", name_home)
    # After other extensions have added scripts of their own.
    app.connect("html-page-context", defer_scripts, priority=900)
    app.connect("doctree-resolved", size_pictures)
    app.add_node(nodes.entry, override=True, html=(visit_entry, depart_entry))
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
