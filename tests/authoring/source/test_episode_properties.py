"""Whatever an author saves, it is read, or refused with file and line."""

import pytest
from front_matter import front_matter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dl_lesson.authoring.source.episode import (
    CodeCell,
    Text,
    parse_episode,
    read_front_matter,
    replace_roles,
    walk,
)
from dl_lesson.authoring.source.validation import EpisodeError, validate

HEAD = front_matter("A line", 3, 0)
# Pieces that mean something in an episode, in any order, so that most of them are wrong.
PIECES = st.sampled_from(
    [
        "---",
        "title: A line",
        "# A line",
        "## Draw",
        ":::{part} 1a",
        ":topic: Draw",
        ":teaching: 3",
        ":::{challenge} Try",
        ":::::{challenge}",
        ":minutes: 5",
        ":::{solution}",
        ":::",
        ":::::",
        "```{code-cell} python",
        ":tags: [provided]",
        ":tags: [",
        "---\nprompt: Type it.\n---",
        "x = 1",
        'checkpoint("At least 3", x, at_least=3)',
        "```",
        "+++",
        "% A comment",
        "",
        "- a list with {term}`layer`",
        "{eval}`x:.1f` and {doc}`02-next`",
        "{term}`",
        "$a_1$ costs $5",
        "> :::{callout}",
        "![picture](a.png)",
        "<img src='a'>",
        "| a | b |",
        "[^1]: note",
        ":::{quiz} Which?",
        ":::{quiz} Which?\n:::",
        "- [ ] this",
        "- [x] that\n\n  Right. So it is.",
        "(label)=",
    ]
)
SOURCES = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=25).map("\n".join)


def faults_of(path):
    """Return the line and the sentence of each fault of an episode."""
    try:
        validate(parse_episode(path), [path.stem])
    except EpisodeError as error:
        lines = str(error).splitlines()
        return [line.removeprefix("episodes/").split(":", 2)[1:] for line in lines]
    return []


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "episodes" / "01-line.md"
    path.parent.mkdir()
    return path


@settings(max_examples=150)
@given(st.one_of(SOURCES, SOURCES.map(lambda body: HEAD + body)))
@example("---\n---")
@example("---\ntitle: [\n---\n")
@example("---\n- a\n---\n")
@example(HEAD + ":::{part} 1a\n:teaching: true\n:::\n")
@example(HEAD + ":::{quiz}\nWhich of them?\n:::\n")
def test_any_text_is_read_or_refused_with_a_line_that_exists(path, source):
    path.write_text(source, encoding="utf-8", newline="")
    for line, sentence in faults_of(path):
        assert 1 <= int(line) <= source.count("\n") + source.count("\r") + 1
        assert sentence.strip()
    read_front_matter(path)


@settings(max_examples=150)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(path, content):
    path.write_bytes(content)
    assert faults_of(path)
    read_front_matter(path)


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9)


@settings(max_examples=150)
@given(st.lists(st.tuples(WORDS, st.lists(WORDS, min_size=1, max_size=4)), min_size=1, max_size=6))
def test_text_and_code_stand_at_their_lines(path, blocks):
    body = ""
    for words, code in blocks:
        lines = "\n".join(f"x = '{word}'" for word in code)
        body += f"The word {words}.\n\n```{{code-cell}} python\n{lines}\n```\n\n"
    path.write_text(HEAD + body, encoding="utf-8")
    episode = parse_episode(path)
    assert not episode.errors
    nodes = [node for node, _ in walk(episode.nodes)]
    texts = [node for node in nodes if isinstance(node, Text)]
    cells = [node for node in nodes if isinstance(node, CodeCell)]
    assert [text.source for text in texts] == [f"The word {words}." for words, _ in blocks]
    assert [cell.source.count("\n") + 1 for cell in cells] == [len(code) for _, code in blocks]
    lines = path.read_text(encoding="utf-8").split("\n")
    for text in texts:
        assert lines[text.line - 1] == text.source
    for cell in cells:
        assert lines[cell.line - 1] == "```{code-cell} python"
        assert lines[cell.line] == cell.source.split("\n")[0]


@settings(max_examples=150)
@given(st.lists(st.one_of(PIECES, WORDS), max_size=12).map("\n".join), WORDS)
def test_roles_are_replaced_and_nothing_else(source, word):
    def unchanged(role):
        return "{" + role.name + "}`" + role.text + role.target + "`"

    def signs(text):
        return [sign for sign in text if not sign.isspace() and sign not in "<>"]

    # A role may go on in the next line, and is written in one.
    assert signs(replace_roles(source, unchanged)) == signs(source)
    text = "Before {term}`the " + word + " <" + word + ">` after"
    assert replace_roles(text, lambda role: role.text + role.target) == (
        f"Before the {word}{word} after"
    )
