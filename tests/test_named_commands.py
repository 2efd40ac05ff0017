"""Each command that a reader is told to type exists, with its options."""

import re
import shlex
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from dl_lesson.cli import app

ROOT = Path(__file__).parents[1]
PAGES = [
    *ROOT.glob("*.md"),
    *(ROOT / "site").rglob("*.md"),
    *(ROOT / "episodes").rglob("[0-9]*.md"),
    *(ROOT / "data").rglob("*.md"),
]
TARGETS = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


def code_of(text: str) -> list[str]:
    """Return each line of code of a Markdown page, and each piece of code in a sentence."""
    # Boxes are fences as well; what stands in them is text.
    text = re.sub(r"^\s*:{3,}.*$", "", text, flags=re.M)
    pieces = []
    for token in MarkdownIt("commonmark").parse(text):
        if token.type in ("fence", "code_block"):
            pieces += token.content.splitlines()
        pieces += [
            " ".join(c.content.split()) for c in token.children or () if c.type.startswith("code")
        ]
    return pieces


def commands_in(text: str) -> list[tuple[str, list[str]]]:
    """Return program and words of each command of the lesson."""
    found = []
    for piece in code_of(text):
        line = re.sub(r"\s#.*|\s*[|;&>].*|[“”…]", "", piece.removeprefix("$ "))
        match = re.match(r"(?:.*\s)?(?<!--name )(dl-lesson|make)(?:\s+(.*))?$", line)
        # A message says "run: dl-lesson build", the one program starts the other.
        if match and (match[1] == "dl-lesson" or line.startswith("make")):
            found.append((match[1], shlex.split(match[2] or "", posix=False)))
    return found


def fault(program: str, words: list[str]) -> str:
    """Return what the command line says against a command, or nothing."""
    if program == "make":
        named = [word for word in words if "=" not in word and not word.startswith("-")]
        unknown = [word for word in named if word.strip("\"'") not in TARGETS]
        # TESTS="..." takes several words.
        return "" if any("=" in word for word in words) else " ".join(unknown)
    # Help is asked for once the words are understood, and nothing is done.
    end = words.index("--") if "--" in words else len(words)
    result = CliRunner().invoke(app, [*words[:end], "--help"])
    return result.output if result.exit_code else ""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_command_of_a_page_exists(path):
    commands = commands_in(path.read_text(encoding="utf-8"))
    assert [(words, said) for program, words in commands if (said := fault(program, words))] == []


def test_many_commands_are_found():
    found = commands_in((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len([words for program, words in found if program == "dl-lesson"]) > 15
    assert ("dl-lesson", ["data", "mirror", "FOLDER"]) in found
    assert len([words for program, words in found if program == "make"]) >= 5


@pytest.mark.parametrize(
    "text",
    [
        "Type `dl-lesson chekc`.",
        "`dl-lesson data miror FOLDER`",
        "```sh\nuvx --from a.whl dl-lesson lba\n```",
        "`dl-lesson lab --sovled`",
        "`make tset`",
        ":::{callout} A box\n```sh\nmake cours\n```\n:::",
    ],
)
def test_a_command_that_does_not_exist_is_found(text):
    assert [said for program, words in commands_in(text) if (said := fault(program, words))]


def test_each_command_that_a_message_names_exists():
    pattern = re.compile(r"(?:run:|`{1,2}|repeat|with) dl-lesson ([a-z]+)(?: ([a-z]+))?")
    named = {
        found.groups()
        for path in (ROOT / "src").rglob("*.py")
        for found in pattern.finditer(path.read_text(encoding="utf-8"))
    }
    assert named
    for words in named:
        # The second word is a command of a group, an option's value, or prose.
        assert fault("dl-lesson", [words[0]]) == ""
        assert words[0] != "data" or fault("dl-lesson", [*words]) == ""
