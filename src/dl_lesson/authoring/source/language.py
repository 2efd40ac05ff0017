"""The language of the episodes in one table: words, options, places, and what each edition shows.

A new box is one line here. Reading, validation and every writer look it up.
"""

from dataclasses import dataclass

EDITIONS = (
    "executed",  # the committed notebooks, and the proof
    "learner",
    "solutions",
    "everything",  # starter: everything that has a prompt is typed
    "key",  # starter: the key lines are typed
    "filled",  # starter: nothing is typed
    "handout",
    "website",  # as learners see it
    "instructors",  # the website as instructors see it
)


def _shown(forms: str) -> dict[str, str]:
    return dict(zip(EDITIONS, forms.split(), strict=True))


# What an edition shows of a node: all of it, its heading only, of a cell the prompt alone, or the
# code with `...` for what is left open; of a solution the way to it; or nothing ("-").
#                  executed learner solutions everything key     filled  handout website instructors
SHOWN = {
    "prose": _shown("all    all     -         heading    heading heading -       all     all"),
    "break": _shown("all    all     -         all        all     all     -       all     all"),
    # Kinds of code cells.
    "type": _shown("all     prompt  -         prompt     prompt  all     all     all     all"),
    "complete": _shown("all open    -         prompt     open    all     all     all     all"),
    "provided": _shown("all all     -         prompt     all     all     -       all     all"),
    "claim": _shown("all    all     -         -          -       -       -       all     all"),
    "check": _shown("all    -       -         -          -       -       -       -       all"),
    # Directives.
    "figure": _shown("all   all     all       all        all     all     all     all     all"),
    "package-source": _shown("all all all     -          -       -       all     all     all"),
    "part": _shown("-       -       -         -          -       -       -       -       all"),
    "questions": _shown("all all    -         all        all     all     -       all     all"),
    "objectives": _shown("all all   -         all        all     all     -       all     all"),
    "prerequisites": _shown("all all -        all        all     all     -       all     all"),
    "keypoints": _shown("all all    -         -          -       -       all     all     all"),
    "checklist": _shown("all all    -         all        all     all     -       all     all"),
    "callout": _shown("all  all     -         all        all     all     -       all     all"),
    "challenge": _shown("all all    all       all        all     all     all     all     all"),
    "discussion": _shown("all all   all       all        all     all     all     all     all"),
    "quiz": _shown("all     all     all       all        all     all     all     all     all"),
    "hint": _shown("all     all     -         all        all     all     all     all     all"),
    "solution": _shown("all link    all       -          -       -       -       all     all"),
    "instructor": _shown("-  -      -         -          -       -       -       -       all"),
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
