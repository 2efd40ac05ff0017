import pytest

from dl_lesson.authoring.editions.derive import derive
from dl_lesson.authoring.editions.executed import to_notebook
from dl_lesson.authoring.editions.starter import to_starter
from dl_lesson.authoring.source.quiz import compute, parse_quiz
from dl_lesson.authoring.source.reading import read_episode
from dl_lesson.authoring.source.validation import EpisodeError

QUIZ = """\
What is
one more?

- [ ] 2

  Wrong. You forgot
  a one.
- [x] 3 lines

  Right.
  Count them.

  Twice.
"""
CHALLENGE = "Add one to the slope.\n"


@pytest.fixture
def with_quiz(edit):
    """Put quizzes into the challenge of the episode."""

    def put(*quizzes: str, option: str = ":answer: 1 + 2\n") -> None:
        blocks = (f"::::{{quiz}}\n{option}{quiz}::::\n" for quiz in quizzes)
        edit(CHALLENGE, CHALLENGE + "\n" + "\n".join(blocks))

    return put


def errors(project) -> list[str]:
    with pytest.raises(EpisodeError) as error:
        read_episode(project, "01-line")
    return [line.partition(": ")[2] for line in str(error.value).splitlines()]


def test_question_options_and_reasons_are_told_apart():
    quiz = parse_quiz(QUIZ, 10)
    assert quiz.question == "What is\none more?"
    assert [(o.is_right, o.text, o.reason, o.line) for o in quiz.options] == [
        (False, "2", "You forgot\na one.", 13),
        (True, "3 lines", "Count them.\n\nTwice.", 17),
    ]
    assert quiz.right_letters == ["B"]


def test_the_notebook_asks_first_and_answers_in_a_fold(project, with_quiz):
    with_quiz(QUIZ)
    source = "\n".join(
        cell.source
        for cell in to_notebook(derive(read_episode(project, "01-line"), "executed")).cells
    )
    asked = source.index("What is\none more?\n\n- **A.** 2\n- **B.** 3 lines")
    fold = source.index("<summary><b>✅ Solution: Answer</b></summary>\n\n**B** is right.")
    reasons = "- **A.** You forgot\n  a one.\n- **B.** Count them.\n  \n  Twice."
    assert asked < source.index("</div>", asked) < fold < source.index(reasons)
    assert source.index(reasons) < source.index("The sum is three.")


def test_several_quizzes_are_numbered_and_share_a_fold(project, with_quiz):
    both = "Which?\n\n- [x] 3\n\n  Right. A.\n- [x] 3.0\n\n  Right. A.\n- [ ] none\n\n  Wrong. B.\n"
    with_quiz(QUIZ, both)
    source = "\n".join(
        cell.source
        for cell in to_notebook(derive(read_episode(project, "01-line"), "executed")).cells
    )
    assert source.count("**Question 1.** ") == source.count("**Question 2.** ") == 2
    assert source.count("✅ Solution: Answers") == 1
    assert "**Question 2.** **A** and **B** are right." in source


def test_the_starter_asks_and_does_not_answer(project, with_quiz):
    with_quiz(QUIZ)
    starter = to_starter(read_episode(project, "01-line"), "key")
    source = "\n".join(cell.source for cell in starter.cells)
    assert "- **A.** 2" in source
    assert "is right" not in source and "You forgot" not in source


@pytest.mark.parametrize(
    ("quiz", "option", "message"),
    [
        (
            "- [ ] 2\n\n  Wrong. B.\n- [x] 3\n\n  Right. A.\n",
            ":answer: 3\n",
            "The quiz has no question",
        ),
        ("What?\n\n- [x] 3\n\n  Right. A.\n", ":answer: 3\n", "A quiz needs 2 to 8 options"),
        (
            "What?\n\n- [x] a\n\n  Right. A.\n- [x] b\n\n  Right. A.\n",
            "",
            "A quiz needs 2 to 8 options",
        ),
        ("What?\n\n- [x] a\n- [ ] b\n\n  Wrong. B.\n", "", "The option has no reason"),
        ("What?\n\n- [x]\n\n  Right. A.\n- [ ] b\n\n  Wrong. B.\n", "", "The option is empty"),
        (QUIZ.replace("Wrong. ", ""), ":answer: 3\n", "The option is marked wrong, so its reason"),
        (QUIZ.replace("Right.", "Wrong."), ":answer: 3\n", "The option is marked right, so its"),
        (QUIZ.replace("Right.\n", "Rightly\n"), ":answer: 3\n", "The option is marked right, so"),
        (QUIZ, "", "The options are numbers; add :answer:"),
        (QUIZ, ":answer: 1 + 1\n", "The option is marked wrong, but 1 + 1 is 2."),
        (QUIZ, ":answer: 1 + 3\n", "The option is marked right, but 1 + 3 is 4."),
        (QUIZ, ":answer: open(3)\n", "The answer open(3) cannot be computed"),
        (QUIZ + "```{code-cell} python\n1\n```\n", ":answer: 3\n", "A quiz holds text only"),
    ],
)
def test_mistakes_are_named(project, with_quiz, quiz, option, message):
    with_quiz(quiz, option=option)
    assert any(error.startswith(message) for error in errors(project))


def test_a_quiz_stands_in_a_challenge(project, edit):
    edit("## Draw a line\n", f"## Draw\n\n::::{{quiz}}\n:answer: 3\n{QUIZ}::::\n")
    assert errors(project) == ["The quiz stands outside a challenge; move it in."]


def test_a_quiz_counts_as_a_solution(project, edit):
    source = (project.episodes / "01-line.md").read_text(encoding="utf-8")
    solution = source[source.index("::::{solution}") : source.index("::::{instructor}")]
    edit(solution, f"::::{{quiz}}\n:answer: 3\n{QUIZ}::::\n")
    read_episode(project, "01-line")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("10 * 4 + 10", 50),
        ("-(2 ** 3) / 4", -2),
        ("max(0, 7 // 2)", 3),
        ("round(log(3), 3)", 1.099),
    ],
)
def test_arithmetic(expression, value):
    assert compute(expression) == pytest.approx(value)


@pytest.mark.parametrize("expression", ["", "x", "'3'", "__import__('os')", "(1).real", "[1][0]"])
def test_nothing_else_is_run(expression):
    with pytest.raises((SyntaxError, ValueError, KeyError)):
        compute(expression)
