"""Imports go downwards only: data, what notebooks import, a learner's commands, an author's."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "dl_lesson"
ROOMS = ("data", "", "course", "authoring")
# The front of the package and the command line may use all rooms.
FRONTS = {"__init__.py", "__main__.py", "cli.py"}
# What a learner's environment does not hold.
AUTHORS = {
    "docutils",
    "jupytext",
    "markdown_it",
    "mdit_py_plugins",
    "myst_parser",
    "sphinx",
    "yaml",
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name not in FRONTS)


def room(name: str) -> int:
    """Place of a module of the package among the rooms, from its dotted name."""
    parts = name.split(".")[1:]
    return ROOMS.index(parts[0] if parts and parts[0] in ROOMS else "")


def imports(path: Path) -> set[str]:
    """Dotted names of what a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def dotted(path: Path) -> str:
    return ".".join(["dl_lesson", *path.relative_to(PACKAGE).with_suffix("").parts])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: dotted(path).removeprefix("dl_lesson."))
def test_a_module_imports_nothing_from_above(path):
    own = room(dotted(path))
    above = {n for n in imports(path) if n.startswith("dl_lesson") and room(n) > own}
    assert above == set()
    if own < ROOMS.index("authoring"):
        assert {name.split(".")[0] for name in imports(path)} & AUTHORS == set()


def test_no_two_modules_import_each_other():
    graph = {
        dotted(path): {n for n in imports(path) if n.startswith("dl_lesson.")} for path in MODULES
    }
    both = {(a, b) for a in graph for b in graph[a] if a in graph.get(b, ())}
    assert both == set()


def test_the_standard_library_is_known_here():
    # A name of an author's package that is part of Python would make the rule above empty.
    assert not AUTHORS & sys.stdlib_module_names
