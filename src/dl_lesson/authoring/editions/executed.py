"""Write an edition as a notebook of plain Markdown and HTML, which reads the same everywhere."""

import ast
import os
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import dl_lesson
from dl_lesson.authoring.source.episode import (
    MARKDOWN,
    Break,
    CodeCell,
    Directive,
    Episode,
    Node,
    Role,
    Text,
    read_front_matter,
    replace_roles,
)
from dl_lesson.authoring.source.language import BOXES, ELEMENTS, FOLDS
from dl_lesson.course.files import AuthoringError

# What a kernel says of its language, by which other programs go, without the version of Python,
# which differs between machines.
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def to_notebook(
    episode: Episode, values: Mapping[str, str] | None = None, root: str = ""
) -> NotebookNode:
    """Turn the nodes of an edition into a notebook that has not been executed.

    Parameters
    ----------
    episode : Episode
        Edition of an episode.
    values : mapping of str to str, optional
        What the sentences get in place of each `eval` role. A value that is missing is shown as
        three dots.
    root : str, default ""
        Way from the notebook to the folder of the episodes' notebooks and figures, "../", say.

    Returns
    -------
    nbformat.NotebookNode
        Notebook in format 4.5 with deterministic cell ids.
    """
    writer = _Writer(episode, values or {}, root)
    for node in episode.nodes:
        writer.write(node)
    writer.end_cell()
    notebook = nbformat.v4.new_notebook(cells=writer.cells)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": LANGUAGE,
            "dl_lesson": {
                "episode": episode.name,
                "data": dict.fromkeys(episode.front_matter["data"]),
                "headings": writer.headings,
                "values": writer.evaluations,
            },
        }
    )
    nbformat.validate(notebook)
    return notebook


def minutes(episode: Episode) -> str:
    """Return the line under the title that says how long the episode takes."""
    teaching, exercises = (episode.front_matter[key] for key in ("teaching", "exercises"))
    return f"**Teaching:** {teaching} minutes · **Exercises:** {exercises} minutes"


class _Container:
    """A box or a fold, which closes before a code cell and opens again after it."""

    def __init__(self, directive: Directive) -> None:
        name, title = directive.name, directive.argument
        element = ELEMENTS[name]
        self.heading = f"{element.icon} {element.word}" + (f": {title}" if title else "")
        self.time = ""
        if "minutes" in directive.options:
            optional = ", optional" if "optional" in directive.options else ""
            self.time = f" ({directive.options['minutes']} minutes{optional})"
        self.fold = name in FOLDS
        self.color = element.color
        self.seen = False

    def opening(self) -> str:
        again = " (continued)" if self.seen else self.time
        self.seen = True
        if self.fold:
            summary = MARKDOWN.renderInline(self.heading + again)
            return f"<details>\n<summary><b>{summary}</b></summary>"
        return f'<div class="alert alert-block alert-{self.color}">\n\n**{self.heading}**{again}'

    @property
    def closing(self) -> str:
        return "</details>" if self.fold else "</div>"


class _Writer:
    """Collects Markdown blocks into cells.

    Attributes
    ----------
    blocks : list of str
        Markdown of the current cell.
    stack : list of _Container
        Boxes and folds around the current node, outermost first.
    opened : int
        How many of them are open in the current cell.
    headings : list of dict
        Heading and first cell of each section, for `catch_up`.
    evaluations : dict of str to dict
        What the sentences ask for: after which code cells, and the value.
    """

    def __init__(self, episode: Episode, values: Mapping[str, str], root: str) -> None:
        self.episode = episode
        self.root = root
        self.values = values
        self.headings: list[dict[str, str]] = []
        self.evaluations: dict[str, dict] = {}
        self.cells: list[NotebookNode] = []
        self.blocks: list[str] = []
        self.stack: list[_Container] = []
        self.opened = 0
        self.section = "top"
        self.counter: Counter[str] = Counter()

    def write(self, node: Node) -> None:
        if isinstance(node, Break):
            self.end_cell()
        elif isinstance(node, Text):
            self.text(node)
        elif isinstance(node, CodeCell):
            self.code(node)
        elif node.name == "figure":
            self.add(f"![{_escape(node.options['alt'])}]({self.root}{node.argument})")
            caption = "\n\n".join(c.source for c in node.children if isinstance(c, Text))
            if caption:
                self.add(f"<em>{self.plain(caption)}</em>")
        elif node.name == "package-source":
            self.add(f"```python\n{package_source(node.argument)}\n```")
        elif node.name in FOLDS:
            self.fold(node)
        elif node.name in BOXES:
            self.contained(node)

    def text(self, node: Text) -> None:
        source = self.plain(node.source)
        if node.heading:
            if not self.stack:
                self.end_cell()
                if node.level > 1:
                    self.headings.append({"heading": node.heading, "cell": ""})
            self.section = node.heading
        if node.level == 1:
            title, *rest = source.split("\n", 1)
            source = "\n\n".join(
                [title, minutes(self.episode), *(r.strip("\n") for r in rest if r)]
            )
        self.add(source)

    def contained(self, node: Directive) -> None:
        self.stack.append(_Container(node))
        self.open()
        for child in node.children:
            self.write(child)
        if self.opened == len(self.stack):
            self.close()
        self.stack.pop()

    def fold(self, node: Directive) -> None:
        # A fold stands after the box of its challenge, not in it: nested HTML blocks are
        # fragile, and the fold may go on after a code cell.
        outer, self.stack = self.stack, self.close_all()
        self.stack.append(_Container(node))
        self.open()
        if isinstance(node.children[0], CodeCell):
            self.add("The code is in the next cell.")
        for child in node.children:
            self.write(child)
        self.close_all()
        self.stack = outer

    def add(self, block: str) -> None:
        self.open()
        self.blocks.append(block)

    def open(self) -> None:
        for container in self.stack[self.opened :]:
            self.blocks.append(container.opening())
        self.opened = len(self.stack)

    def close(self) -> None:
        self.opened -= 1
        self.blocks.append(self.stack[self.opened].closing)

    def close_all(self) -> list[_Container]:
        while self.opened:
            self.close()
        return []

    def end_cell(self) -> None:
        self.close_all()
        if self.blocks:
            cell = nbformat.v4.new_markdown_cell("\n\n".join(self.blocks), id=self.new_id())
            for entry in self.headings:
                entry["cell"] = entry["cell"] or cell.id
            self.cells.append(cell)
            self.blocks = []

    def code(self, node: CodeCell) -> None:
        self.end_cell()
        tags = [*node.tags]
        metadata: dict = {}
        if any(container.fold for container in self.stack):
            tags += ["solution", "hide-cell"]
            metadata["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
        elif node.is_checkpoint or "check" in node.tags:
            # What counts in a checkpoint is its output; the code would interrupt the text.
            metadata["jupyter"] = {"source_hidden": True}
        if node.is_checkpoint:
            tags.append("checkpoint")
        if tags:
            metadata["tags"] = tags
        if "seconds" in node.options:
            metadata["dl_lesson"] = {"seconds": node.options["seconds"]}
        if "alt" in node.options:
            metadata["mystnb"] = {"image": {"alt": node.options["alt"]}}
        self.cells.append(
            nbformat.v4.new_code_cell(node.source, metadata=metadata, id=self.new_id())
        )

    def new_id(self) -> str:
        text = unicodedata.normalize("NFKD", self.section.lower()).encode("ascii", "ignore")
        slug = re.sub(r"[^a-z0-9]+", "-", text.decode()).strip("-")[:40].strip("-") or "section"
        self.counter[slug] += 1
        return f"{slug}-{self.counter[slug]:02d}"

    def plain(self, source: str) -> str:
        return replace_roles(source, self.role)

    def role(self, role: Role) -> str:
        if role.name == "term":
            return f"*{role.text or role.target}*"
        if role.name == "eval":
            return self.value(role.target)
        path = self.episode.other(role.target)
        text = role.text or read_front_matter(path).get("title", role.target)
        way = Path(os.path.relpath(path, self.episode.path.parent)).with_suffix(".ipynb")
        return f"[{text}]({self.root}{way.as_posix()})"

    def value(self, expression: str) -> str:
        """Return the value for a sentence, and note after which cell to ask for it."""
        value = self.values.get(expression)
        entry = self.evaluations.setdefault(expression, {"after": [], "value": value})
        before = next((c.id for c in reversed(self.cells) if c.cell_type == "code"), None)
        if before and before not in entry["after"]:
            entry["after"].append(before)
        return value or "..."


def _escape(text: str) -> str:
    return re.sub(r"([\[\]])", r"\\\1", text)


def learner_modules() -> list[Path]:
    """Return the modules that a notebook imports from."""
    package = Path(dl_lesson.__file__).parent
    return sorted([*package.glob("*.py"), *(package / "data").glob("*.py")])


def package_source(name: str) -> str:
    """Return the source of a function of the package without importing TensorFlow.

    Parameters
    ----------
    name : str
        Name as a learner imports it, ``dl_lesson.create_nn``, say.

    Returns
    -------
    str
        Source, the docstring cut to its summary line.

    Raises
    ------
    AuthoringError
        If notebooks cannot import a function of that name.
    """
    function = name.rsplit(".", 1)[-1]
    for path in learner_modules() if function in dl_lesson.__all__ else ():
        source = path.read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and node.name == function:
                lines = source.splitlines()
                docstring = ast.get_docstring(node)
                if docstring is None:
                    return "\n".join(lines[node.lineno - 1 : node.end_lineno])
                summary = docstring.split("\n")[0]
                kept = lines[node.lineno - 1 : node.body[0].lineno - 1]
                rest = lines[node.body[0].end_lineno : node.end_lineno]
                return "\n".join([*kept, textwrap.indent(f'"""{summary}"""', "    "), *rest])
    raise AuthoringError(f"{name} is no function that notebooks import; mend package-source.")
