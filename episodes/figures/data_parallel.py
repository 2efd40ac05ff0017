"""Data-parallel training: one batch, two devices, one common step."""

from _style import COLORS, MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw how a batch is cut in two, and how the gradients are joined again."""
    fig, ax = new_figure(9, 5.0)
    box(ax, (1.15, 2.5), 1.6, 1.1, "one batch,\n64 samples", color="orange")
    for y, name in ((3.4, "device 0"), (1.6, "device 1")):
        arrow(ax, (1.98, 2.5 + 0.25 * (1 if y > 2.5 else -1)), (2.95, y), "32", color="orange")
        box(ax, (4.05, y), 2.1, 1.2, f"{name}\ncopy of the\nweights", color="blue")
        arrow(ax, (5.13, y), (6.1, 2.5 + 0.3 * (1 if y > 2.5 else -1)), color="purple")
        ax.text(5.75, y + (0.15 if y > 2.5 else -0.15), "gradient", ha="left", va="center")
    box(ax, (7.0, 2.5), 1.7, 1.1, "mean of the\ngradients", color="purple")
    # The way back runs above and below, so that it crosses nothing.
    for side in (1, -1):
        y = 2.5 + 1.95 * side
        ax.plot([8.2, 8.2], [2.5, y], color=COLORS["green"], linestyle="--", linewidth=1.5)
        ax.plot([8.2, 4.05], [y, y], color=COLORS["green"], linestyle="--", linewidth=1.5)
        arrow(ax, (4.05, y), (4.05, 2.5 + 1.52 * side), color="green")
    ax.plot([7.87, 8.2], [2.5, 2.5], color=COLORS["green"], linestyle="--", linewidth=1.5)
    ax.text(8.3, 2.5, "same\nstep", ha="left", va="center", color=MUTED)
    return fig
