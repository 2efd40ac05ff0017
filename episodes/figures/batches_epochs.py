"""One epoch of training: the training rows in batches, one step for each batch."""

from itertools import pairwise

from _style import COLORS, MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw the rows of the training set, cut into batches, and the steps they cause."""
    fig, ax = new_figure(9, 4.1)
    box(ax, (4.5, 3.6), 8.4, 0.6, "767 training rows, shuffled", color="green")
    centres = [1.2, 3.25, 5.3, 7.8]
    names = ["batch 1\n32 rows", "batch 2\n32 rows", "batch 3\n32 rows", "batch 24\n31 rows"]
    for centre, name in zip(centres, names, strict=True):
        arrow(ax, (centre, 3.28), (centre, 2.87), color="green")
        box(ax, (centre, 2.45), 1.75, 0.8, name, color="green")
        arrow(ax, (centre, 2.03), (centre, 1.62), color="vermillion")
        box(ax, (centre, 1.27), 1.75, 0.64, "gradient,\nstep", color="vermillion")
    for start, end in pairwise(centres):
        arrow(
            ax,
            (start, 1.27),
            (end, 1.27),
            gap=(0.9, 0.9),
            color=COLORS["vermillion"],
            linestyle="-" if end < 6 else ":",
        )
    for height in (2.45, 1.49):
        ax.text(6.55, height, "…", ha="center", va="center", fontsize=18)
    ax.text(
        4.5,
        0.5,
        "One epoch: each row is used once, and the weights change 24 times.",
        ha="center",
        va="center",
        color=MUTED,
        fontsize=13,
    )
    return fig
