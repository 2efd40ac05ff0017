"""End to end, the frozen base runs in each epoch; with cached features it runs once."""

from _style import MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Compare the two ways over three epochs."""
    fig, ax = new_figure(8.6, 4.7)
    ax.text(0.3, 4.35, "end to end: the base runs in each epoch", fontsize=13, va="center")
    for number in range(3):
        x = 0.35 + 2.6 * number
        box(ax, (x + 0.95, 3.45), 1.7, 0.8, "base", fontsize=13)
        box(ax, (x + 2.1, 3.45), 0.5, 0.8, "head", color="vermillion", fontsize=11)
        ax.text(x + 1.2, 2.83, f"epoch {number + 1}", ha="center", va="center", color=MUTED)
    ax.text(0.3, 2.1, "cached: the base runs once, its features are kept", fontsize=13, va="center")
    box(ax, (1.3, 1.2), 1.7, 0.8, "base", fontsize=13)
    box(ax, (3.3, 1.2), 1.3, 0.8, "features\nkept", color="green", fontsize=11)
    arrow(ax, (2.15, 1.2), (2.65, 1.2))
    arrow(ax, (3.95, 1.2), (4.45, 1.2))
    for number in range(3):
        x = 4.7 + 0.75 * number
        box(ax, (x, 1.2), 0.5, 0.8, "head", color="vermillion", fontsize=11)
    ax.text(5.45, 0.6, "epochs 1 to 3", ha="center", va="center", color=MUTED)
    ax.text(1.3, 0.6, "once", ha="center", va="center", color=MUTED)
    arrow(ax, (0.45, 0.22), (8.2, 0.22), "time", color=MUTED)
    return fig
