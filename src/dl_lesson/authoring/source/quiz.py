"""Multiple-choice questions: one text for the notebook and for the website."""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TypeGuard

from dl_lesson.authoring.source.episode import Directive, Node, Text

LETTERS = "ABCDEFGH"
NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?")
VERDICT = re.compile(r"(Right|Wrong)\.\s+")
UNITS = re.compile(r"[\w%]*(?: \w+)?\.?")
OPERATORS: dict[type[ast.operator | ast.unaryop], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
FUNCTIONS: dict[str, Callable[..., float]] = {
    "max": max,
    "min": min,
    "round": round,
    "log": math.log,
    "exp": math.exp,
}


@dataclass(frozen=True)
class Option:
    """One answer to choose, and why it is right or wrong.

    Attributes
    ----------
    is_right : bool
        Whether it is marked as right.
    verdict : str
        What its reason begins with, "Right" or "Wrong"; empty if with neither.
    text : str
        The answer.
    reason : str
        What follows the verdict.
    line : int
        Its line in the file.
    """

    is_right: bool
    verdict: str
    text: str
    reason: str
    line: int


@dataclass(frozen=True)
class Quiz:
    """A question with its options."""

    question: str
    options: tuple[Option, ...]
    line: int

    @property
    def right_letters(self) -> list[str]:
        """Letters of the right options."""
        pairs = zip(LETTERS, self.options, strict=False)
        return [letter for letter, option in pairs if option.is_right]


def parse_quiz(source: str, line: int) -> Quiz:
    """Split the body of a quiz into question, options and reasons.

    Parameters
    ----------
    source : str
        The question, then one list item ``- [ ] wrong`` or ``- [x] right`` for each option. The
        reason is a further paragraph of the item, indented by two, and begins with "Wrong." or
        "Right.".
    line : int
        Line of the body in the file.

    Returns
    -------
    Quiz
        What was found; a part that is missing is an empty text.
    """
    lines = source.splitlines()
    starts = [n for n, text in enumerate(lines) if re.match(r"- \[[ x]\]", text)]
    options = []
    for start, end in zip_longest(starts, starts[1:], fillvalue=len(lines)):
        item = [
            lines[start][5:].strip(),
            *(text.removeprefix("  ") for text in lines[start + 1 : end]),
        ]
        text, _, reason = "\n".join(item).partition("\n\n")
        is_right = lines[start].startswith("- [x]")
        verdict = VERDICT.match(reason.lstrip())
        reason = reason.strip().removeprefix(verdict[0] if verdict else "")
        word = verdict[1] if verdict else ""
        options.append(Option(is_right, word, text.strip(), reason, line + start))
    question = "\n".join(lines[: starts[0] if starts else len(lines)]).strip()
    return Quiz(question, tuple(options), line)


def quiz_errors(node: Directive) -> Iterator[tuple[int, str]]:
    """Yield line and sentence of each mistake of a quiz.

    Parameters
    ----------
    node : Directive
        The quiz as it stands in the tree of an episode.
    """
    if len(node.children) != 1 or not isinstance(node.children[0], Text):
        yield node.line, "A quiz holds text only; move code, boxes and headings out of it."
        return
    quiz = _quiz(node)
    if not quiz.question:
        yield node.line, "The quiz has no question; write it above the options."
    n_right = len(quiz.right_letters)
    if not 2 <= len(quiz.options) <= len(LETTERS) or not 0 < n_right < len(quiz.options):
        yield (
            node.line,
            f"A quiz needs 2 to {len(LETTERS)} options, right and wrong ones: write them as "
            "- [x] right and - [ ] wrong.",
        )
    for option in quiz.options:
        if not option.text:
            yield option.line, "The option is empty; write its text behind the brackets."
        if not option.reason:
            yield (
                option.line,
                "The option has no reason; write below it, after an empty line and indented by "
                "two, why it is right or wrong.",
            )
        # Said twice, so that a mark that was moved by mistake is noticed.
        elif option.verdict != ("Right" if option.is_right else "Wrong"):
            mark = "right" if option.is_right else "wrong"
            yield (
                option.line,
                f"The option is marked {mark}, so its reason must begin with: {mark.title()}.",
            )
    yield from _number_errors(node, quiz)


def _number_errors(node: Directive, quiz: Quiz) -> Iterator[tuple[int, str]]:
    if "answer" not in node.options:
        if quiz.options and all(_is_number(option.text) for option in quiz.options):
            yield (
                node.line,
                "The options are numbers; add :answer: and how to compute the right one.",
            )
        return
    expression = str(node.options["answer"])
    try:
        value = compute(expression)
    except (SyntaxError, ValueError, ArithmeticError, KeyError, TypeError):
        yield node.line, f"The answer {expression} cannot be computed; write plain arithmetic."
        return
    for option in quiz.options:
        found = NUMBER.search(option.text)
        digits = found[0].replace(",", "").replace("−", "-") if found else ""
        equal = bool(found) and round(value, len(digits.partition(".")[2])) == float(digits)
        if equal != option.is_right:
            mark = "right" if option.is_right else "wrong"
            yield option.line, f"The option is marked {mark}, but {expression} is {value:.10g}."


def compute(expression: str) -> float:
    """Compute plain arithmetic such as ``10 * 4 + 10``, without running other code.

    Parameters
    ----------
    expression : str
        Numbers, operators, brackets, and the functions max, min, round, log (natural) and exp.

    Returns
    -------
    float
        The value.

    Raises
    ------
    SyntaxError, ValueError, ArithmeticError, KeyError, TypeError
        If the text is anything else.
    """

    def value(node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.BinOp():
                return OPERATORS[type(node.op)](value(node.left), value(node.right))
            case ast.UnaryOp():
                return OPERATORS[type(node.op)](value(node.operand))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return FUNCTIONS[name](*map(value, arguments))
        raise ValueError("not arithmetic")

    return value(ast.parse(expression.strip(), mode="eval").body)


def plain_quizzes(challenge: Directive) -> Directive:
    """Write the quizzes of a challenge as text with lettered options, and a solution.

    Parameters
    ----------
    challenge : Directive
        Any directive; one without quizzes is returned as it is.

    Returns
    -------
    Directive
        The same directive. The answers stand in a solution of their own, before the others.
    """
    n_quizzes = sum(_is_quiz(child) for child in challenge.children)
    if not n_quizzes:
        return challenge
    children: list[Node] = []
    answers: list[str] = []
    for child in challenge.children:
        if not _is_quiz(child):
            children.append(child)
            continue
        quiz = _quiz(child)
        number = f"**Question {len(answers) + 1}.** " if n_quizzes > 1 else ""
        children.append(Text(number + _question(quiz), child.line))
        answers.append(number + _answer(quiz))
    first = next((n for n, child in enumerate(children) if _is_solution(child)), len(children))
    title = "Answers" if n_quizzes > 1 else "Answer"
    text = Text("\n\n".join(answers), challenge.line)
    children.insert(first, Directive("solution", title, {}, (text,), challenge.line))
    return replace(challenge, children=tuple(children))


def _question(quiz: Quiz) -> str:
    pairs = zip(LETTERS, quiz.options, strict=False)
    options = (_item(f"**{letter}.** {option.text}") for letter, option in pairs)
    return "\n".join([quiz.question, "", *options])


def _answer(quiz: Quiz) -> str:
    pairs = zip(LETTERS, quiz.options, strict=False)
    reasons = (_item(f"**{letter}.** {option.reason}") for letter, option in pairs)
    *others, last = (f"**{letter}**" for letter in quiz.right_letters)
    right = f"{', '.join(others)} and {last} are right." if others else f"{last} is right."
    return "\n".join([right, "", *reasons])


def _item(text: str) -> str:
    return "- " + text.replace("\n", "\n  ")


def _quiz(node: Directive) -> Quiz:
    (text,) = (child for child in node.children if isinstance(child, Text))
    return parse_quiz(text.source, text.line)


def _is_quiz(node: Node) -> TypeGuard[Directive]:
    return isinstance(node, Directive) and node.name == "quiz"


def _is_solution(node: Node) -> bool:
    return isinstance(node, Directive) and node.name == "solution"


def _is_number(text: str) -> bool:
    found = NUMBER.match(text)
    return bool(found) and bool(UNITS.fullmatch(text[found.end() :].strip()))
