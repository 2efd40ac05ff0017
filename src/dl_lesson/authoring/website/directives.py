"""Sphinx directives of an episode: boxes, folds, code cells with outputs, quizzes.

Outputs are placed by a directive and not by myst-nb, which knows no code cell inside a box.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from docutils import nodes
from docutils.parsers.rst import directives
from nbformat import NotebookNode
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.writers.html5 import HTML5Translator

from dl_lesson.authoring.editions.derive import form
from dl_lesson.authoring.editions.executed import package_source
from dl_lesson.authoring.editions.recorded import recorded_values
from dl_lesson.authoring.source.episode import CodeCell as Cell
from dl_lesson.authoring.source.language import CELL_OPTIONS, ELEMENTS
from dl_lesson.authoring.source.quiz import LETTERS, parse_quiz
from dl_lesson.authoring.website.outputs import (
    PICTURES,
    OutputError,
    choose,
    formatted,
    formula,
    joined_streams,
    picture,
    printed,
    safe_html,
)
from dl_lesson.course.files import Project

# Boxes that a link can lead to.
ANCHORED = ("challenge", "discussion", "instructor")


class html(nodes.General, nodes.Element):
    """An HTML element that docutils has no node for: details, input, label, and so on."""


def element(
    tag: str,
    *children: nodes.Node,
    classes: Iterable[str] = (),
    ids: Iterable[str] = (),
    **attributes: str,
) -> html:
    """Return an HTML element."""
    return html("", *children, tag=tag, html=attributes, classes=[*classes], ids=[*ids])


def visit_html(translator: HTML5Translator, node: html) -> None:
    """Open the element."""
    translator.body.append(translator.starttag(node, node["tag"], "", **node["html"]))


def depart_html(translator: HTML5Translator, node: html) -> None:
    """Close the element."""
    if node["tag"] != "input":
        translator.body.append(f"</{node['tag']}>\n")


class Box(SphinxDirective):
    """A box with heading and text: questions, callout, challenge, and so on."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"minutes": directives.nonnegative_int, "optional": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return an admonition."""
        if form(self.name, edition(self.config)) != "all":
            return []
        heading = nodes.title("", "", *self.heading())
        box = nodes.admonition("", heading, classes=[self.name])
        self.set_source_info(box)
        if self.name in ANCHORED:
            # Several notes may have the same title.
            number = self.env.new_serialno("lesson-note") + 1
            name = number if self.name == "instructor" else self.arguments[0]
            identifier = nodes.make_id(f"{self.name}-{name}")
            box["ids"].append(identifier)
            heading += nodes.reference(
                "", "#", refid=identifier, reftitle="Link to this box", classes=["headerlink"]
            )
            if self.name == "challenge":
                self.env.current_document["lesson_quizzes"] = identifier, 0
        box += self.parse_content_to_nodes()
        return [box]

    def heading(self) -> Iterator[nodes.Node]:
        """Yield the kind of the box, its title and its minutes."""
        title = self.arguments[0] if self.arguments else ""
        yield nodes.inline("", ELEMENTS[self.name].word, classes=["box-kind"])
        if title:
            inline, messages = self.parse_inline(f": {title}")
            yield from (*inline, *messages)
        if "minutes" in self.options:
            optional = ", optional" if "optional" in self.options else ""
            minutes = f" ({self.options['minutes']} minutes{optional})"
            yield nodes.inline("", minutes, classes=["box-minutes"])


class Fold(Box):
    """A hint or a solution, folded."""

    def run(self) -> list[nodes.Node]:
        """Return a details element."""
        summary = element(
            "summary", nodes.inline("", "", *self.heading()), classes=["admonition-title"]
        )
        fold = element("details", summary, classes=["admonition", "fold", self.name])
        fold += self.parse_content_to_nodes()
        return [fold]


def edition(config: Config) -> str:
    """Return the edition that this build of the website is."""
    return "teachers" if config.lesson_instructor_view else "website"


def lesson_notebook(place: SphinxDirective | SphinxRole) -> dict[str, Any]:
    """Return the code cells that are still to be shown on a page, and the values of sentences."""
    document = place.env.current_document
    if "lesson_notebook" not in document:
        path = Project(Path(place.env.srcdir)).notebook(Path(place.env.docname).name)
        notebook = nbformat.read(path, as_version=4)
        document["lesson_notebook"] = {
            "cells": [cell for cell in notebook.cells if cell.cell_type == "code"],
            "values": recorded_values(notebook),
        }
    return document["lesson_notebook"]


class Value(SphinxRole):
    """A value of the run in a sentence."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the value as text."""
        return [nodes.Text(lesson_notebook(self)["values"][self.text])], []


class Part(SphinxDirective):
    """Where a part begins that is taught in one go; shown to instructors."""

    required_arguments = 1
    option_spec: ClassVar = {
        "topic": directives.unchanged,
        "teaching": directives.nonnegative_int,
        "optional": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """Return a line with its topic and minutes."""
        if form(self.name, edition(self.config)) != "all":
            return []
        optional = ", optional" if "optional" in self.options else ""
        text = (
            f"{ELEMENTS['part'].word} {self.arguments[0]}: {self.options['topic']} "
            f"({self.options['teaching']} minutes of teaching{optional})"
        )
        return [nodes.paragraph("", text, classes=["lesson-part"])]


class CodeCell(SphinxDirective):
    """A code cell, with the outputs that the committed notebook holds for it."""

    has_content = True
    optional_arguments = 1
    option_spec = dict.fromkeys(CELL_OPTIONS, directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """Return the code, folded in a checkpoint, and its outputs."""
        if not self.env.docname.startswith("episodes/"):
            raise self.error("A code cell stands outside an episode; use a ```python block.")
        # The notebook has the same code cells in the same order: build_site has seen to it.
        cell = lesson_notebook(self)["cells"].pop(0)
        kind = Cell(cell.source, 0, {"tags": cell.metadata.get("tags", [])}).kind
        if "solution" not in cell.metadata.get("tags", ()) and (
            form(kind, edition(self.config)) != "all"
        ):
            return []
        code = nodes.literal_block(cell.source, cell.source, language="ipython3")
        self.set_source_info(code)
        shown: nodes.Node = nodes.container("", code, classes=["cell_input"])
        if "checkpoint" in cell.metadata.get("tags", ()):
            summary = element("summary", nodes.Text("How this is checked"))
            shown = element("details", summary, shown, classes=["checkpoint-code"])
        result = nodes.container("", shown, classes=["cell"])
        outputs = list(self.outputs(cell))
        if outputs:
            result += nodes.container("", *outputs, classes=["cell_output"])
        return [result]

    def outputs(self, cell: NotebookNode) -> Iterator[nodes.Node]:
        """Yield a node for each output."""
        for number, output in enumerate(joined_streams(cell)):
            try:
                content = self.output(output, f"{cell.id}-{number}")
            except OutputError as error:
                raise self.error(f"The website meets in the cell {cell.id} {error}.") from error
            yield nodes.container("", *content, classes=["output", output.output_type])

    def output(self, output: NotebookNode, name: str) -> list[nodes.Node]:
        """Return what shows an output; a picture gets a file of that name."""
        data = output.get("data", {})
        kind = choose(data)
        if kind in PICTURES:
            path = f"outputs/{Path(self.env.docname).name}/{name}.{PICTURES[kind]}"
            file = Path(self.env.srcdir, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture(kind, data[kind]))
            alt = output.metadata.get(kind, {}).get("alt", "")
            return [nodes.image(uri=f"/{path}", alt=alt, loading="lazy")]
        if kind == "text/html":
            return [nodes.raw("", safe_html(data[kind]), format="html")]
        if kind == "text/markdown":
            text = nodes.raw("", formatted(data[kind]), format="html")
            return [nodes.container("", text, classes=["formatted"])]
        if kind == "text/latex":
            block = nodes.math_block("", formula(data[kind]))
            self.set_source_info(block)
            return [block]
        traceback = "\n".join(output.get("traceback", ()))
        shown = printed(output.get("text") or data.get(kind) or traceback)
        return [nodes.literal_block(shown, shown, language="text")]


class PackageSource(SphinxDirective):
    """The source of a function of the package."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a block of code."""
        source = package_source(self.arguments[0])
        return [nodes.literal_block(source, source, language="python")]


class Quiz(SphinxDirective):
    """A multiple-choice question with a folded answer; a script adds the button that checks."""

    has_content = True
    option_spec: ClassVar = {"answer": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return a group of radio buttons, or of checkboxes if several options are right."""
        quiz = parse_quiz("\n".join(self.content), 0)
        challenge, number = self.env.current_document["lesson_quizzes"]
        self.env.current_document["lesson_quizzes"] = challenge, number + 1
        name = nodes.make_id(f"{Path(self.env.docname).name}-{challenge}-quiz-{number + 1}")
        kind = "checkbox" if len(quiz.right_letters) > 1 else "radio"
        question = self.parse(quiz.question, 0)
        group = element("div", role="group", classes=["quiz"])
        group["html"]["aria-labelledby"] = f"{name}-question"
        group += element("div", *question, classes=["quiz-question"], ids=[f"{name}-question"])
        answers = element("ul", classes=["quiz-answers"])
        for letter, option in zip(LETTERS, quiz.options, strict=False):
            key = f"{name}-{letter.lower()}"
            text = nodes.inline("", "", nodes.strong("", f"{letter}."), nodes.Text(" "))
            text += self.parse_inline(option.text, lineno=self.content_offset + option.line + 1)[0]
            button = element("input", type=kind, name=name, value=letter, ids=[key])
            group += element("label", button, text, classes=["quiz-option"])
            verdict = nodes.strong("", f"{letter} is {'right' if option.is_right else 'wrong'}.")
            reason = self.parse(option.reason, option.line)
            answers += element("li", nodes.paragraph("", "", verdict), *reason)
            answers[-1]["html"] = {
                "data-letter": letter,
                "data-right": "yes" if option.is_right else "no",
            }
        summary = element("summary", nodes.Text("All answers"))
        group += element("details", summary, answers, classes=["quiz-fold"])
        return [group]

    def parse(self, text: str, line: int) -> list[nodes.Node]:
        """Parse a part of the body."""
        return self.parse_text_to_nodes(text, offset=self.content_offset + line)
