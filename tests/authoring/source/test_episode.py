import re

import pytest

from dl_lesson.authoring.execution.build import generate
from dl_lesson.authoring.source.episode import (
    CodeCell,
    Directive,
    Role,
    Text,
    parse_episode,
    replace_roles,
    walk,
)
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.authoring.source.validation import EpisodeError

SUM = "```{code-cell} python\n:tags: [nbval-ignore-output]\nprint(slope + 1)\n```"
CHECK = '```{code-cell} python\ncheckpoint("The sum is 3.", slope + 1, equals=3)\n```\n'
PROVIDED = ":tags: [provided]\nimport io"
SLOPE = ":prompt: Look at the slope.\nslope\n"
SOLUTION = "::::{solution}\nThe sum is three."
DRAW = ":prompt: Set the slope and draw the line.\n:alt: A line that rises."
ALT = ":alt: A straight line from the lower left to the upper right.\n"

# (text in the valid episode, what replaces it, words of the message)
MISTAKES = [
    (":::{questions}", ":::{question}", "no directive question"),
    ("{term}`line`", "{ref}`line`", "no role ref"),
    (PROVIDED, ":tags: [provded]\nimport io", "no tag provded"),
    (PROVIDED, ":tags: provided\nimport io", "no list"),
    ("teaching: 5", "teaching: 5\nauthor: somebody", "no key author"),
    (SLOPE, ":promt: Look.\n" + SLOPE, "no option promt"),
    (":::{keypoints}\n", ":::{keypoints}\n:minutes: 3\n", "no option minutes"),
    ("teaching: 5\n", "", "no teaching"),
    ("data: []\n", "", "no data"),
    ("  notebook_metadata_filter: title,teaching,exercises,data\n", "", "loses the title"),
    ("teaching: 5", "teaching: five", "whole minutes"),
    ("data: []", "data: [wether]", "no data set wether"),
    ("name: python3", "name: julia", "must be python3"),
    ("title: A line", "title: [", "front matter cannot be read"),
    ("teaching: 5", "teaching: 6", "take 5 minutes"),
    (":teaching: 2\n", "", "Part 1a has no minutes"),
    (":topic: Before\n", "", "Part 1a has no topic"),
    ("{part} 1b", "{part} 1a", "Name the part"),
    ("{part} 1b", "{part} Draw", "Name the part"),
    ("Talk about lines.", "::::{part} 1c\n::::", "begins inside a box"),
    (SLOPE, ":open: [slope]\n" + SLOPE + "slope\n", "exactly once"),
    (SLOPE, ":open: slope\n" + SLOPE, "no list of texts"),
    (PROVIDED, ":tags: [provided]\n:open: [io]\nimport io", "nothing in it is open"),
    (SLOPE, SLOPE + "slope\n" * 15, "16 lines to type"),
    (SLOPE, ":seconds: long\n" + SLOPE, "no number above zero"),
    (SLOPE, ":tags: [check]\n" + SLOPE, "calls no checkpoint"),
    ("{term}`line`", "{eval}`slope + 1`", "names no variable"),
    ("{term}`line`", "{eval}`the slope <slope>`", "names no variable"),
    ("exercises: 7", "exercises: 8", "take 7 minutes"),
    (":::::{challenge} Add one\n:minutes: 5\n", ":::::{challenge} Add one\n", "no minutes"),
    ("{discussion} Where do you see lines?\n:minutes: 2\n", "{discussion} Where\n", "no minutes"),
    ("{challenge} Add one", "{challenge}", "no title"),
    (SOLUTION, "::::{callout} Sum\nThe sum is three.", "challenge has no solution"),
    (":::{keypoints}", ":::{solution}\nNo.\n:::\n\n:::{keypoints}", "outside a challenge"),
    (":::{keypoints}", ":::{hint}\nNo.\n:::\n\n:::{keypoints}", "outside a challenge"),
    (ALT, "", "figure has no :alt:"),
    ("figures/line.svg", "figures/curve.svg", "no figures/curve.svg"),
    ("figures/line.svg", "line.png", "must be named"),
    ("This is a new cell.", "![line](figures/line.svg)", "use the figure directive"),
    ("This is a new cell.", '<img src="line.svg">', "use the figure directive"),
    ("This is a new cell.", 'See <img src="line.svg"> here.', "use the figure directive"),
    (DRAW, ":prompt: Set the slope and draw the line.", "draws a figure"),
    (DRAW, ":prompt:\n:alt: A line that rises.", "prompt is empty"),
    (SLOPE, "slope\n", "no :prompt:"),
    (CHECK, "", "must be a checkpoint"),
    (CHECK, CHECK.replace("python\n", "python\n:tags: [data-output]\n"), "always compared"),
    (PROVIDED, ":tags: [provided, raises-exception]\nimport io", "needs the tag nbval"),
    (SLOPE, ":prompt: Look at the slope.\n", "code cell is empty"),
    (SLOPE, SLOPE + "# NBVAL_SKIP\n", "steers nbval"),
    (":::{keypoints}\n- A line is straight.\n:::\n", ":::{keypoints}\n- A line.\n", "never closed"),
    ("```{package-source} dl_lesson.checkpoint\n```", "```python\n1", "```python is never closed"),
    ("Use a plus sign.\n::::", "Use a plus sign.", "::::{hint} is never closed"),
    (":::{keypoints}", ":::\n\n:::{keypoints}", "names no directive"),
    (":::{objectives}\n- Draw a line.\n:::\n", "", "objectives stands 0 times"),
    (":::{keypoints}", ":::{questions}\n- What?\n:::\n\n:::{keypoints}", "questions stands 2"),
    ("{doc}`01-line`", "{doc}`09-curve`", "no episode 09-curve"),
    ("{doc}`01-line`", "{doc}`the curve <09-curve>`", "no episode 09-curve"),
    ("# A line\n\n:::", "# Another line\n\n:::", "must be the title"),
    ("## Draw a line", "# Draw a line", "second heading"),
    ("Talk about lines.", "- {term}`a`\n\n  ```{package-source} x\n  ```", "inside a list"),
    ("This is a new cell.", "(label)=", "Labels are not used"),
    ("Rooms get stuck", "```{code-cell} python\n1\n```\n\nRooms", "is never run"),
    ("dl_lesson.checkpoint\n", "keras.Model\n", "function that notebooks import"),
    ("Talk about lines.\n", "", "discussion is empty"),
    (":alt: A line that rises.", ":alt: A line: it rises.", "quotation"),
    (":alt: A line that rises.", ":alt: Line #1 and line #2 rise.", "quotation marks"),
]


def messages(project) -> list[str]:
    with pytest.raises(EpisodeError) as caught:
        read_episode(project, "01-line")
    return str(caught.value).splitlines()


def test_the_valid_episode_has_no_mistake(project):
    read_episode(project, "01-line")


@pytest.mark.parametrize(("old", "new", "words"), MISTAKES)
def test_each_mistake_is_reported_with_file_and_line(project, edit, old, new, words):
    edit(old, new)
    lines = messages(project)
    assert all(re.match(r"episodes/01-line\.md:\d+: .*\w.*", line) for line in lines)
    assert any(words in line for line in lines), lines


def test_line_numbers_point_to_the_place_deep_in_the_tree(project, edit):
    edit("That was `slope + 1`.", "That was {ref}`slope`.")
    text = (project.episodes / "01-line.md").read_text(encoding="utf-8").splitlines()
    number = 1 + next(i for i, line in enumerate(text) if "{ref}" in line)
    assert messages(project) == [
        f"episodes/01-line.md:{number}: There is no role ref here; "
        "those that exist: term, doc, eval."
    ]


def test_all_mistakes_are_reported_at_once(project, edit):
    edit("exercises: 7", "exercises: 8")
    edit(ALT, "")
    edit(SLOPE, "slope\n")
    assert len(messages(project)) == 3


def test_a_file_without_front_matter(project):
    (project.episodes / "01-line.md").write_text("# A line\n", encoding="utf-8")
    assert "front matter is missing" in messages(project)[0]


def test_the_tree(project):
    episode = parse_episode(project.episodes / "01-line.md")
    nodes = list(walk(episode.nodes))
    assert [n.heading for n, _ in nodes if isinstance(n, Text) and n.heading] == [
        "A line",
        "Draw a line",
    ]
    cells = [(n, parents) for n, parents in nodes if isinstance(n, CodeCell)]
    assert len(cells) == 5
    assert cells[-1][0].is_checkpoint and cells[-1][1] == ("challenge", "solution")
    challenge = next(n for n, _ in nodes if isinstance(n, Directive) and n.name == "challenge")
    assert challenge.argument == "Add one" and challenge.options == {"minutes": 5}


def test_a_mention_of_checkpoint_makes_no_checkpoint_cell():
    assert not CodeCell("# checkpoint(...) comes later", 1).is_checkpoint
    assert not CodeCell("model_checkpoint(1)", 1).is_checkpoint
    assert CodeCell("if x:\n    checkpoint(1)", 1).is_checkpoint
    assert not CodeCell("# plt.show()", 1).draws


def test_code_in_a_code_block_is_no_directive(project, edit):
    edit("This is a new cell.", "````text\n```{code-cell} python\n:::{nonsense}\n```\n````")
    read_episode(project, "01-line")


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("A {term}`line`.", "A term||line."),
        ("Two {term}`lines\n  that run <line>` here", "Two term|lines that run|line here"),
        ("{doc}`02-next` {doc}`the next <02-next>`", "doc||02-next doc|the next|02-next"),
        ("- one\n- {term}`a`\n\n> {term}`b`\n", "- one\n- term||a\n\n> term||b\n"),
        ("see [{term}`a`](b.md) and **{term}`c`**", "see [term||a](b.md) and **term||c**"),
        ("| {term}`a` |\n|---|\n| {term}`b` |", "| term||a |\n|---|\n| term||b |"),
        ("``{term}`line` `` and $x$", "``{term}`line` `` and $x$"),
        ("```text\n{term}`line`\n```\n\n{term}`b`", "```text\n{term}`line`\n```\n\nterm||b"),
    ],
)
def test_roles_are_replaced_where_markdown_has_them(source, result):
    def write(role: Role) -> str:
        return f"{role.name}|{role.text}|{role.target}"

    assert replace_roles(source, write) == result


@pytest.mark.parametrize(
    "options",
    [
        "---\nprompt: Set the slope and draw the line.\nalt: A line that rises.\n---\n",
        '---\nprompt: "Set the slope and draw the line."\n'
        "alt: >-\n  A line\n  that rises.\n---\n\n",
        ":prompt: Set the slope and draw the line.\n:alt: A line that rises.\n",
    ],
)
def test_options_in_each_of_the_two_styles_of_myst_are_read(project, edit, options):
    edit(f"{DRAW}\n", options)
    cells = [n for n, _ in walk(read_episode(project, "01-line").nodes) if isinstance(n, CodeCell)]
    assert cells[1].options == {
        "prompt": "Set the slope and draw the line.",
        "alt": "A line that rises.",
    }
    assert cells[1].source == "slope = 2\nplt.show()"


def test_a_block_of_options_that_is_no_yaml_is_reported_and_is_no_code(project, edit):
    edit(DRAW, "---\nprompt: Set: the slope\nalt: A line that rises.\n---")
    assert any("no plain YAML" in line for line in messages(project))


@pytest.mark.parametrize(
    ("cell", "kind", "n_lines"),
    [
        (CodeCell("# a comment\nx = 1\n\ny = 2", 1), "type", 2),
        (CodeCell("f(\n    1,\n)", 1, {"open": ["1"]}), "complete", 1),
        (CodeCell("f(\n    1,\n)", 1, {"open": ["f", "1,\n)"]}), "complete", 3),
        (CodeCell("x = 1", 1, {"tags": ["provided"]}), "provided", 0),
        (CodeCell("checkpoint('a', 1, equals=1)", 1), "claim", 0),
        (CodeCell("checkpoint('a', 1, equals=1)", 1, {"tags": ["check"]}), "check", 0),
    ],
)
def test_kind_of_a_cell_and_what_somebody_types_of_it(cell, kind, n_lines):
    assert (cell.kind, cell.n_typed_lines) == (kind, n_lines)


def test_a_byte_order_mark_is_read_over(project):
    path = project.episodes / "01-line.md"
    before = parse_episode(path)
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    after = parse_episode(path)
    assert after.nodes == before.nodes and after.errors == []


@pytest.mark.parametrize("sign", "\u2028\u2029\x0b\x0c\x1c\x85\x00\u200b\ufeff")
@pytest.mark.parametrize("place", ["slope = 2", "Now add."])
def test_a_sign_that_nobody_sees_is_one_sentence_with_its_line(project, edit, place, sign):
    text = (project.episodes / "01-line.md").read_text(encoding="utf-8")
    line = 1 + text[: text.index(place)].count("\n")
    edit(place, f'{place}  # "{sign}"')
    (message,) = messages(project)
    assert message.startswith(f"episodes/01-line.md:{line}: ")
    assert f"U+{ord(sign):04X}" in message


def test_line_ends_of_other_systems_are_read(project):
    path = project.episodes / "01-line.md"
    before = parse_episode(path)
    for end in ("\r\n", "\r"):
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8", newline=end)
        assert parse_episode(path).nodes == before.nodes


def test_code_that_is_no_python_is_one_sentence_with_its_line(project, edit):
    edit("slope = 2\n", "slope = = 2\n")
    text = (project.episodes / "01-line.md").read_text(encoding="utf-8").split("\n")
    line = 1 + text.index("slope = = 2")
    (message,) = messages(project)
    assert f":{line - 4}: The code is no Python: invalid syntax; mend it." in message


def test_an_episode_that_links_to_one_of_another_encoding_is_read(project, edit):
    edit("Now add.", "Now add, as in {doc}`02-next`.")
    other = project.episodes / "02-next.md"
    other.write_bytes("---\ntitle: Ränder\n---\n".encode("cp1252"))
    generate(read_episode(project, "01-line"), None)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_another_encoding_is_one_sentence(project, encoding):
    path = project.episodes / "01-line.md"
    path.write_text(path.read_text(encoding="utf-8") + "é", encoding=encoding)
    with pytest.raises(EpisodeError, match=r"episodes/01-line.md:1: The file is not encoded as"):
        read_episode(project, "01-line")


# Markdown that some editions show and others do not, and words of the message.
UNPORTABLE = [
    ("It costs $5 and $6.", "dollar sign"),
    ("It costs \\$5.", "dollar sign"),
    ("It costs $a$5.", "dollar sign"),
    ("As somebody wrote.[^1]", "footnote"),
    ("[A line][ref] of text.\n\n[ref]: https://example.org", "link stands apart"),
    ("\\begin{align} a \\end{align}", "without \\$\\$"),
    ("\\\\(a\\\\)", "between backslashes"),
    ("$$\n\\begin{align} a \\end{align}\n$$", "begin{aligned}"),
    ("$$\na\n\nb\n$$", "empty line"),
    ("$$\na\n$$ (name)", "has a label"),
    ("a line  \nand another", "Spaces end the line"),
    ("This is ~~wrong~~ right.", "Crossed-out"),
    ("See https://example.org for more.", "bare address"),
    ("See [above](#draw-a-line).", "file or a heading"),
    ("A <b>bold</b> word.", "HTML"),
    ("<div>\nA block.\n</div>", "HTML"),
    ("Below\n-----", "underlined"),
    ("- [ ] to tick", "box to tick"),
    ("- an item\n\n  % a comment", "inside a list"),
    ("They are about 10\n% of all.", "begins with %"),
    ("% Nobody reads this.\nA text.", "begins with %"),
]


@pytest.mark.parametrize(("sample", "words"), UNPORTABLE)
def test_what_only_some_editions_show_is_one_error_with_its_line(project, edit, sample, words):
    edit("Now add.", f"A sentence before.\n\n{sample}\n\nA sentence behind.")
    text = (project.episodes / "01-line.md").read_text(encoding="utf-8").split("\n")
    line = text.index("A sentence before.") + 3
    lines = {message.split(":")[1] for message in messages(project)}
    assert lines <= {str(line + n) for n in range(sample.count("\n") + 1)}
    assert all(re.search(words, message) for message in messages(project))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{challenge} Add one", "{challenge} Add **one**"),
        ("{challenge} Add one", "{challenge} Add {term}`one <line>`"),
        ("Look at the slope.", "Look at *the* slope."),
        (":topic: Before", ":topic: Before $5"),
        (":alt: A straight line", ":alt: A `straight` line"),
    ],
)
def test_titles_and_options_hold_plain_words(project, edit, old, new):
    edit(old, new)
    (message,) = messages(project)
    assert re.search("title|words only", message)


def test_dollars_in_code_and_boxes_of_a_quiz_are_no_mistake(project, edit):
    quiz = "::::{quiz}\nWhich?\n\n- [x] two `$5`\n\n  Right. A.\n- [ ] three\n\n  Wrong. B.\n::::"
    edit("Now add.", f"Now `$5` and `$6`, then $a$.\n\n{quiz}")
    read_episode(project, "01-line")
