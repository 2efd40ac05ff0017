"""Each edition shows what the table says, and nothing that it hides."""

import dataclasses
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from dl_lesson.authoring.editions.derive import assigned_names, derive, with_gaps
from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.editions.learner import to_learner, to_solutions
from dl_lesson.authoring.editions.recorded import read_committed, recorded_values
from dl_lesson.authoring.editions.starter import LEVELS, to_starter
from dl_lesson.authoring.source.episode import CodeCell, Directive, Text, walk
from dl_lesson.authoring.source.language import EDITIONS, ELEMENTS, SHOWN
from dl_lesson.authoring.source.parts import tasks
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.course.files import Project

REAL = Project(Path(__file__).parents[3])
COMPLETE = """```{code-cell} python
:prompt: Set the height.
:open: ["slope * 2", "'m'"]
height = slope * 2
unit = 'm'
```

```{code-cell} python
:tags: [check]
checkpoint("The height is 4.", height, equals=4)
```

```{code-cell} python
checkpoint("The unit is the metre.", unit, equals="m")
```

:::::{challenge} Add one"""


def text(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells)


@pytest.fixture
def episode(project, edit):
    edit(":::::{challenge} Add one", COMPLETE)
    return read_episode(project, "01-line")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = 1\ny, (z, *w) = f(x)\nx = 2", ["x", "y", "z", "w"]),
        ("def f(a):\n    b = a\n    return b", ["f"]),
        ("model.fit(x)\nmodel.rate = 1\ntable['a'] = 2\nfor i in x:\n    s = i", []),
    ],
)
def test_names_that_later_cells_rely_on(source, names):
    assert assigned_names(source) == names


def test_the_table_names_each_directive_and_each_edition():
    assert set(ELEMENTS) <= set(SHOWN)
    assert all(set(forms) == set(EDITIONS) for forms in SHOWN.values())


def test_a_gap_of_an_argument_keeps_its_comma():
    cell = CodeCell("f(\n    a=1,\n    b=2,\n)", 1, {"open": ["a=1,", "2"]})
    assert with_gaps(cell) == "f(\n    ...,\n    b=...,\n)"


def test_a_learner_gets_prose_prompts_gaps_and_room_for_answers(episode):
    shown = text(to_learner(episode, {}))
    for kept in (
        "*line* is straight",
        "import io",
        "# Set the slope and draw the line.\n# Names: slope\n",
        "# Set the height.\nheight = ...\nunit = ...",
        'checkpoint("The unit is the metre."',
        "Add one to the slope.",
        "Use a plus sign.",
        "# Your code:\n",
        "*Your answer:*",
        "[Compare with the solution](solutions/01-line.ipynb)",
        "- A line is straight.",
    ):
        assert kept in shown, kept
    for hidden in ("slope = 2", "slope + 1", "The sum", "slope * 2", "The height", "Rooms get"):
        assert hidden not in shown, hidden


def test_a_starter_has_no_prose_and_as_much_code_as_its_level_says(episode):
    shown = {level: text(to_starter(episode, level)) for level in LEVELS}
    for level, source in shown.items():
        assert "## Draw a line" in source and "Add one to the slope." in source, level
        assert "is straight" not in source and "checkpoint(" not in source, level
        assert "slope + 1" not in source and "Solution" not in source, level
    assert "height = " not in shown["everything"] and "# Set the height." in shown["everything"]
    assert "# Set the height.\nheight = ..." in shown["key"] and "slope = 2" not in shown["key"]
    assert "height = slope * 2" in shown["filled"] and "slope = 2" in shown["filled"]


def test_what_the_executed_edition_shows(episode):
    notebook = to_notebook(derive(episode, "executed"))
    assert "slope * 2" in text(notebook) and "slope + 1" in text(notebook)
    (check,) = (cell for cell in notebook.cells if "The height is 4" in cell.source)
    assert check.metadata.tags == ["check", "checkpoint"]


def test_a_skeleton_of_the_solution_is_the_answer_cell(project, edit):
    edit("print(slope + 1)\n", "print(slope + 1)\n")
    edit(
        ":tags: [nbval-ignore-output]\nprint", ':tags: [nbval-ignore-output]\n:open: ["+ 1"]\nprint'
    )
    notebook = to_learner(read_episode(project, "01-line"), {})
    (cell,) = (cell for cell in notebook.cells if "answer" in cell.metadata.get("tags", ()))
    assert cell.source == "print(slope ...)"


@pytest.mark.slow
def test_run_all_goes_on_below_an_exercise_that_is_open(project, edit):
    edit(
        ":tags: [nbval-ignore-output]\nprint(slope + 1)\n```",
        ':open: ["slope + 1"]\ntotal = slope + 1\n```\n\n'
        "```{code-cell} python\n:tags: [provided]\nprint(total / 1)\n```",
    )
    notebook = to_learner(read_episode(project, "01-line"), {})
    (gap,) = (cell for cell in notebook.cells if cell.source == "total = ...")
    for cell in notebook.cells:
        if cell.source.startswith("# Set the slope"):
            cell.source += "slope = 2"
    notebook.cells.append(nbformat.v4.new_code_cell("print('the end')"))
    NotebookClient(notebook, timeout=120).execute()
    given = next(cell for cell in notebook.cells if cell.source.startswith("print(total"))
    assert "answer" in gap.metadata.tags and given.outputs[0].ename == "TypeError"
    assert notebook.cells[-1].outputs[0].text == "the end\n"


def test_solutions_stand_in_a_notebook_of_their_own_with_their_outputs(built):
    episode = read_episode(built, "01-line")
    committed = read_committed(built.notebooks / "01-line.ipynb")
    notebook = to_solutions(episode, committed, recorded_values(committed))
    nbformat.validate(notebook)
    shown = text(notebook)
    assert shown.startswith("# A line: solutions")
    assert "## Challenge: Add one\n\nThe sum is three." in shown
    assert "That was `slope + 1`." in shown and "slope = 2" not in shown
    assert "<details>" not in shown and "Talk about lines" not in shown
    printed, checked = (cell for cell in notebook.cells if cell.cell_type == "code")
    assert printed.outputs[0].text == "3\n" and checked.outputs[0].text == "✓ The sum is 3.\n"


def with_canaries(nodes, parents=()):
    """The same tree with a word added to each node that no learner and no room may see."""
    for node in nodes:
        secret = {"solution", "instructor"} & {*parents}
        if isinstance(node, Directive):
            children = tuple(with_canaries(node.children, (*parents, node.name)))
            yield dataclasses.replace(node, children=children)
        elif isinstance(node, Text) and secret:
            yield dataclasses.replace(node, source=f"{node.source}\n\ncanary")
        elif isinstance(node, CodeCell) and "solution" in parents and node.kind != "provided":
            # A piece that is left open is hidden, the rest of such a cell is the skeleton.
            source = node.source
            for piece in node.open:
                source = source.replace(piece, f"{piece}_canary")
            options = {**node.options}
            if node.open:
                options["open"] = [f"{piece}_canary" for piece in node.open]
            else:
                source = f"{source}\ncanary"
            yield dataclasses.replace(node, source=source, options=options)
        elif isinstance(node, CodeCell) and not parents and node.kind in ("type", "check"):
            yield dataclasses.replace(node, source=f"{node.source}\ncanary")
        else:
            yield node


@pytest.mark.parametrize("edition", ["learner", "everything", "key"])
@pytest.mark.parametrize("name", REAL.episode_names())
def test_nothing_secret_flows_into_an_edition_of_the_course(name, edition):
    episode = read_episode(REAL, name)
    marked = dataclasses.replace(episode, nodes=tuple(with_canaries(episode.nodes)))
    assert "canary" in nbformat.writes(to_notebook(derive(marked, "executed")))
    notebook = to_notebook(derive(marked, edition))
    assert "canary" not in nbformat.writes(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells)


def numbers(source: str) -> set[str]:
    """Numbers of two digits and more, as they are written in a text or in code."""
    found = re.findall(r"(?<![\w.])\d{1,3}(?:,\d{3})+|(?<![\w.,])\d{2,}(?!\w|,\d)", source)
    return {number.replace(",", "") for number in found}


def sources(nodes):
    for node, _ in walk(nodes):
        if isinstance(node, Text | CodeCell):
            yield node.source
        elif isinstance(node, Directive):
            yield f"{node.argument} {node.options.get('alt', '')}"


# The number of days in three years is a fact of the data, not an answer.
KNOWN = {"1096"}


def is_solution(node):
    return isinstance(node, Directive) and node.name == "solution"


@pytest.mark.parametrize("name", REAL.episode_names())
def test_no_number_that_answers_an_exercise_stands_before_or_in_it(name):
    episode = read_episode(REAL, name)
    answers = {}
    for task in tasks(episode.nodes):
        solutions = [n for n in task.children if is_solution(n)]
        told = " ".join(sources(tuple(n for n in task.children if not is_solution(n))))
        checked = " ".join(
            re.sub(r"_(?=\d)", "", part)
            for node, _ in walk(tuple(solutions))
            if isinstance(node, CodeCell) and node.is_checkpoint
            for part in re.findall(r"equals=([\d_,() ]+?),?$", node.source, re.M)
        )
        answers[task.argument] = numbers(checked) - numbers(told) - KNOWN
    seen: set[str] = set()
    leaks = {}
    for node in derive(episode, "learner").nodes:
        if isinstance(node, Directive) and answers.get(node.argument, set()) & seen:
            leaks[node.argument] = answers[node.argument] & seen
        seen |= numbers(" ".join(sources((node,))))
    assert leaks == {}


@pytest.mark.parametrize("name", REAL.episode_names())
def test_an_exercise_says_which_names_its_given_cells_need(name):
    episode = read_episode(REAL, name)
    unknown = {}
    for task in tasks(episode.nodes):
        solution = tuple(n for n in task.children if is_solution(n))
        told = " ".join(sources(tuple(n for n in task.children if not is_solution(n))))
        cells = [node for node, _ in walk(solution) if isinstance(node, CodeCell)]
        given = " ".join(cell.source for cell in cells if cell.kind == "provided")
        typed = [n for cell in cells if cell.kind == "type" for n in assigned_names(cell.source)]
        unknown[task.argument] = [
            name
            for name in typed
            if re.search(rf"\b{name}\b", given) and not re.search(rf"\b{name}\b", told)
        ]
    assert not any(unknown.values()), unknown
