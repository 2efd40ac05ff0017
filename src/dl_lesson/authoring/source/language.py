"""The language of the episodes in one table: words, options, places, and what each edition shows.

A new box is one line here. Reading, validation and every writer look it up.
"""

from dataclasses import dataclass

# What an edition shows of a node: all of it, its title only, of a cell the prompt alone, or the
# code with `...` for what is left open; of a solution the way to it; or nothing ("-").
# "executed" are the committed notebooks; "everything", "key" and "filled" are starters, by what is
# typed; "answers" is the handout with solutions; "website" is for learners, "teachers" the view for
# instructors.
# Rows from "type" to "solved-claim" are kinds of code cells, the last one for a solution's own.
TABLE = """
               executed learner solutions everything key    filled handout answers website teachers
prose          all      all     -         title      title  title  title   title   all     all
break          all      all     -         all        all    all    -       -       all     all
type           all      prompt  -         prompt     prompt all    all     all     all     all
complete       all      open    -         prompt     open   all    all     all     all     all
provided       all      all     -         prompt     all    all    all     all     all     all
claim          all      all     -         -          -      -      -       -       all     all
check          all      -       -         -          -      -      -       -       -       all
solved-claim   all      -       all       -          -      -      -       -       all     all
figure         all      all     all       all        all    all    all     all     all     all
package-source all      all     all       -          -      -      all     all     all     all
part           -        -       -         -          -      -      -       -       -       all
questions      all      all     -         all        all    all    -       -       all     all
objectives     all      all     -         all        all    all    -       -       all     all
prerequisites  all      all     -         all        all    all    -       -       all     all
keypoints      all      all     -         -          -      -      all     all     all     all
checklist      all      all     -         all        all    all    -       -       all     all
callout        all      all     -         all        all    all    -       -       all     all
challenge      all      all     all       all        all    all    all     all     all     all
discussion     all      all     all       all        all    all    all     all     all     all
quiz           all      all     all       all        all    all    all     all     all     all
hint           all      all     -         all        all    all    all     all     all     all
solution       all      link    all       -          -      -      -       all     all     all
instructor     -        -       -         -          -      -      -       -       -       all
"""
HEADER, *ROWS = TABLE.strip().splitlines()
EDITIONS = tuple(HEADER.split())
SHOWN = {
    name: dict(zip(EDITIONS, forms, strict=True)) for name, *forms in (row.split() for row in ROWS)
}

TASKS = ("challenge", "discussion")


@dataclass(frozen=True)
class Element:
    """A directive of the lesson.

    Attributes
    ----------
    word : str
        What a reader sees above the box; empty if it is no box.
    icon : str
        Sign before the word.
    color : str
        Colour of the box in a notebook, which says what the word says. JupyterLab's "warning" is
        not used: its orange text on orange ground has too little contrast.
    options : tuple of str
        Options that it takes.
    parents : tuple of str
        Boxes of which one must be around it; none if it may stand anywhere.
    once : bool
        Whether each episode must have it once.
    needs_body : bool
        Whether an empty one is a mistake.
    """

    word: str = ""
    icon: str = ""
    color: str = ""
    options: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    once: bool = False
    needs_body: bool = True


ELEMENTS = {
    "questions": Element("Questions", "❓", "info", once=True),
    "objectives": Element("Objectives", "🎯", "info", once=True),
    "prerequisites": Element("Prerequisites", "🧰", "info", once=True),
    "keypoints": Element("Key points", "🔑", "info", once=True),
    "checklist": Element("Checklist", "☑️", "info"),
    "callout": Element("Callout", "📌", "info"),
    "challenge": Element("Challenge", "✏️", "success", ("minutes", "optional")),
    "discussion": Element("Discussion", "💬", "success", ("minutes", "optional")),
    "hint": Element("Hint", "💡", parents=TASKS),
    "solution": Element("Solution", "✅", parents=TASKS),
    "instructor": Element("Instructor note"),
    "quiz": Element(options=("answer",), parents=("challenge",)),
    "figure": Element(options=("alt",), needs_body=False),
    "package-source": Element(needs_body=False),
    "part": Element("Part", options=("topic", "teaching", "optional"), needs_body=False),
}
BOXES = tuple(name for name, element in ELEMENTS.items() if element.color)
FOLDS = ("hint", "solution")
CELL_OPTIONS = ("tags", "prompt", "alt", "open", "seconds")
TAGS = ("nbval-ignore-output", "data-output", "raises-exception", "provided", "check")
ROLES = ("term", "doc", "eval")
