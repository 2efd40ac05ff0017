"""What a batch normalisation layer does while training, and when it predicts."""

from _style import MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw the layer twice, with the mean and variance that it uses in each case."""
    fig, ax = new_figure(9, 4.6)
    rows = [
        (3.35, "While training", "a batch\nof rows", "mean and variance\nof this batch"),
        (1.2, "Predicting", "any row", "moving mean and\nmoving variance"),
    ]
    for height, title, inputs, statistics in rows:
        ax.text(0.35, height + 0.82, title, fontsize=14, fontweight="bold", va="center")
        box(ax, (1.1, height), 1.5, 0.8, inputs, color="green")
        box(ax, (3.75, height), 2.5, 0.8, statistics, color="orange")
        box(ax, (6.45, height), 1.85, 0.8, "times gamma,\nplus beta", color="blue")
        ax.text(8.35, height, "to the\nnext layer", ha="center", va="center", fontsize=12)
        arrow(ax, (1.87, height), (2.48, height))
        arrow(ax, (5.02, height), (5.5, height))
        arrow(ax, (7.4, height), (7.85, height))
    arrow(ax, (3.75, 2.93), (3.75, 1.63), linestyle="--", color="orange")
    ax.text(
        3.95,
        2.28,
        "each training step moves them a little (1 %)",
        va="center",
        color=MUTED,
        fontsize=12,
    )
    ax.text(
        4.5,
        0.4,
        "Scaling: subtract the mean, divide by the square root of the variance.",
        ha="center",
        va="center",
        color=MUTED,
        fontsize=12,
    )
    return fig
