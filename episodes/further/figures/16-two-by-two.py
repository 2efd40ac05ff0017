"""The four kinds of right and wrong answers, and what precision and recall are shares of."""

from _style import COLORS, MUTED, STYLE, box, new_figure
from matplotlib import rc_context
from matplotlib.patches import Rectangle

COLUMNS = {"no": 3.4, "yes": 6.6}  # what the model says
ROWS = {"no": 3.2, "yes": 1.75}  # what is true
CELLS = [
    ("no", "no", "true negative\n108", "green"),
    ("no", "yes", "false positive\n(false alarm) 19", "vermillion"),
    ("yes", "no", "false negative\n(missed) 28", "vermillion"),
    ("yes", "yes", "true positive\n37", "green"),
]


@rc_context(STYLE)
def draw():
    """Draw the table, with a frame around a column and around a row."""
    fig, ax = new_figure(8.7, 4.9)
    ax.text(5.0, 4.62, "the model says", ha="center", va="center", fontsize=13)
    for name, x in COLUMNS.items():
        ax.text(x, 4.2, name, ha="center", va="center", weight="bold")
    ax.text(0.75, 2.45, "the truth is", ha="center", va="center", fontsize=13)
    for name, y in ROWS.items():
        ax.text(1.75, y, name, ha="right", va="center", weight="bold")
    for truth, said, text, color in CELLS:
        box(ax, (COLUMNS[said], ROWS[truth]), 2.6, 1.0, text, color=color)
    frame = {"fill": False, "linewidth": 2.2, "zorder": 5}
    ax.add_patch(Rectangle((5.1, 1.0), 3.0, 2.95, edgecolor=COLORS["blue"], **frame))
    ax.add_patch(
        Rectangle((1.95, 1.12), 6.3, 1.26, edgecolor=COLORS["black"], linestyle="--", **frame)
    )
    ax.text(
        6.6,
        0.52,
        "solid frame: precision\n37 of the 56 it calls yes",
        ha="center",
        va="center",
        color=MUTED,
    )
    ax.text(
        2.9,
        0.52,
        "dashed frame: recall\n37 of the 65 who are yes",
        ha="center",
        va="center",
        color=MUTED,
    )
    return fig
