"""Code of an episode stands on its own feet."""

import symtable
from pathlib import Path

import pytest

from dl_lesson.authoring.source.episode import CodeCell, walk
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.files import Project

REAL = Project(Path(__file__).parents[3])


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
