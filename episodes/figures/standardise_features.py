"""Standardising: statistics of the training rows are applied to training and test rows."""

from _style import STYLE, arrow, box, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw which rows the mean and the standard deviation come from, and where they go."""
    fig, ax = new_figure(8.5, 3.7)
    box(ax, (1.55, 2.75), 2.3, 0.9, "training rows\n(grams, millimetres)", color="blue")
    box(ax, (1.55, 0.85), 2.3, 0.9, "test rows\n(grams, millimetres)", color="orange")
    box(
        ax,
        (4.3, 1.8),
        2.0,
        0.9,
        "mean and standard\ndeviation",
        color="green",
        linestyle="--",
    )
    box(ax, (7.0, 2.75), 2.2, 0.9, "training rows,\nstandardised", color="blue")
    box(ax, (7.0, 0.85), 2.2, 0.9, "test rows,\nstandardised", color="orange")
    arrow(ax, (2.7, 2.5), (3.55, 2.25), linestyle="--")
    ax.text(2.62, 2.02, "compute", ha="center", va="center")
    arrow(ax, (2.7, 2.9), (5.9, 2.9))
    arrow(ax, (2.7, 0.7), (5.9, 0.7))
    arrow(ax, (4.8, 2.25), (4.8, 2.9), linestyle="--", head=False)
    arrow(ax, (4.8, 1.35), (4.8, 0.7), linestyle="--", head=False)
    ax.text(4.3, 3.15, "subtract the mean, divide", ha="center", va="center")
    ax.text(4.3, 0.42, "with the same numbers", ha="center", va="center")
    return fig
