import dataclasses
import re
import symtable
from pathlib import Path

import nbformat
import pytest

from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.editions.starter import to_starter, write_starters
from dl_lesson.authoring.execution.build import read_episode
from dl_lesson.authoring.source.episode import CodeCell, Directive, Text, walk
from dl_lesson.course.files import Project

REAL = Project(Path(__file__).parents[3])


def starter(project, name="01-line"):
    return to_notebook(to_starter(read_episode(project, name)))


def is_secret(node, parents) -> bool:
    """Whether a learner is to find this out, or an instructor to type it."""
    if isinstance(node, CodeCell):
        return "provided" not in node.tags
    return bool({"solution", "instructor", "keypoints"} & set(parents))


def leaks(episode, notebook) -> set[str]:
    """Lines of secret nodes that stand in a starter.

    A line that also stands in a node shown on purpose is no leak, nor is one without a letter
    or digit.
    """
    secret, shown = set(), set()
    for node, parents in walk(episode.nodes):
        if isinstance(node, Text | CodeCell):
            (secret if is_secret(node, parents) else shown).update(lines(node.source))
    found = {line for cell in notebook.cells for line in lines(cell.source)}
    return {line for line in secret - shown if re.search(r"\w", line)} & found


def lines(source: str) -> set[str]:
    """Lines without indentation and without the marks of roles and emphasis."""
    plain = re.sub(r"\{\w+\}`([^`<]*?)\s*(?:<[^`>]*>)?`", r"\1", source).replace("*", "")
    return {line.strip() for line in plain.splitlines()}


def with_canaries(nodes, parents=()):
    """The same tree with a word added to each secret node."""
    for node in nodes:
        if isinstance(node, Directive):
            children = tuple(with_canaries(node.children, (*parents, node.name)))
            yield dataclasses.replace(node, children=children)
        elif isinstance(node, Text | CodeCell) and is_secret(node, parents):
            yield dataclasses.replace(node, source=f"{node.source}\n# canary")
        else:
            yield node


def test_a_starter_holds_headings_boxes_figures_and_prompts(project):
    notebook = starter(project)
    text = "\n\n".join(cell.source for cell in notebook.cells)
    for kept in (
        "# A line",
        "## Draw a line",
        "- What is a line",
        "Add one to the slope.",
        "Use a plus sign.",
        "Talk about lines.",
        "figures/line.svg",
        "import io",
        "# Set the slope and draw the line.\n",
        "# Look at the slope.\n",
    ):
        assert kept in text, kept
    for dropped in (
        "The sum is",
        "slope + 1",
        "slope = 2",
        "checkpoint(",
        "This is a new cell.",
        "A line is straight.",
        "Rooms get stuck",
        "Solution",
    ):
        assert dropped not in text, dropped
    assert all(cell.get("outputs", []) == [] for cell in notebook.cells)


def test_the_leak_finder_finds_a_leak(project):
    episode = read_episode(project, "01-line")
    assert leaks(episode, starter(project)) == set()
    whole = leaks(episode, to_notebook(episode))
    assert {"The sum is three.", "print(slope + 1)", "slope = 2", "- A line is straight."} <= whole


def test_secret_nodes_do_not_flow_into_a_starter(project):
    episode = read_episode(project, "01-line")
    marked = dataclasses.replace(episode, nodes=tuple(with_canaries(episode.nodes)))
    assert "canary" in nbformat.writes(to_notebook(marked))
    assert "canary" not in nbformat.writes(to_notebook(to_starter(marked)))


@pytest.mark.parametrize("name", REAL.episode_names())
def test_no_solution_leaks_from_a_real_episode(name):
    episode = read_episode(REAL, name)
    notebook = to_notebook(to_starter(episode))
    assert leaks(episode, notebook) == set()
    marked = dataclasses.replace(episode, nodes=tuple(with_canaries(episode.nodes)))
    assert to_notebook(to_starter(marked)) == notebook


def test_the_command_writes_notebooks_and_figures_and_overwrites_nothing(built, tmp_path):
    folder = tmp_path / "class"
    assert write_starters(built, folder) == (1, [])
    nbformat.validate(nbformat.read(folder / "01-line.ipynb", as_version=4))
    assert (folder / "figures" / "line.svg").exists()
    with pytest.raises(Exception, match="is there already; name an empty folder"):
        write_starters(built, folder)


def module_names(code: str) -> tuple[set[str], set[str]]:
    """Names that a cell assigns at the top level, and names that it takes from there."""
    plain = "\n".join(line for line in code.splitlines() if not line.startswith(("%", "!")))
    top = symtable.symtable(plain, "cell", "exec")
    assigned = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    used = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    tables = top.get_children()
    while tables:
        table = tables.pop()
        used |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
        tables += table.get_children()
    return assigned, used


@pytest.mark.parametrize("name", REAL.episode_names())
def test_code_needs_no_checkpoint_and_no_solution_before_it(name):
    """Starters have no checkpoints, and not everybody runs a solution."""
    hidden: dict[str, tuple[int, bool]] = {}
    for node, parents in walk(read_episode(REAL, name).nodes):
        if not isinstance(node, CodeCell):
            continue
        assigned, used = module_names(node.source)
        in_solution = "solution" in parents
        if not node.is_checkpoint:
            needed = {
                key: line
                for key, (line, in_checkpoint) in hidden.items()
                if key in used - assigned and (in_checkpoint or not in_solution)
            }
            assert not needed, f"line {node.line} uses what only these lines define: {needed}"
        for key in assigned:
            hidden.pop(key, None)
            if node.is_checkpoint or in_solution:
                hidden[key] = node.line, node.is_checkpoint
