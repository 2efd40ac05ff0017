"""A frozen base with a new head, packed into one model with its preprocessing."""

from _style import COLORS, MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context
from matplotlib.patches import FancyBboxPatch


@rc_context(STYLE)
def draw():
    """Show the network as it was trained on ImageNet, and below it the one that we make of it."""
    fig, ax = new_figure(9.0, 5.1)
    ax.text(0.3, 4.85, "trained by others, on ImageNet", fontsize=13, va="center")
    box(ax, (0.95, 4.05), 1.1, 0.85, "picture\n224 × 224", color="sky", fontsize=11)
    box(ax, (4.45, 4.05), 2.2, 0.85, "base: convolutions\n2,257,984 parameters", fontsize=11)
    box(ax, (7.75, 4.05), 1.5, 0.85, "top\n1,000 classes", color="orange", linestyle="--")
    arrow(ax, (1.5, 4.05), (3.35, 4.05))
    arrow(ax, (5.55, 4.05), (7.0, 4.05))

    ax.add_patch(
        FancyBboxPatch(
            (1.83, 0.63),
            6.74,
            1.74,
            boxstyle="round,pad=0.1",
            facecolor="none",
            edgecolor=MUTED,
            linewidth=1.5,
            linestyle=":",
            zorder=1,
        )
    )
    ax.text(1.85, 2.72, "ours: one model", fontsize=13, va="center")
    box(ax, (0.95, 1.5), 1.1, 0.85, "picture\n64 × 64", color="sky", fontsize=11)
    box(ax, (2.5, 1.5), 1.1, 0.85, "resize,\nscale", color="sky", fontsize=11)
    box(ax, (4.45, 1.5), 2.2, 0.85, "base, frozen:\nits weights stay", fontsize=11)
    box(ax, (7.5, 1.5), 1.8, 0.85, "new head,\ntrained by us", color="vermillion", fontsize=11)
    arrow(ax, (1.5, 1.5), (1.95, 1.5))
    arrow(ax, (3.05, 1.5), (3.35, 1.5))
    arrow(ax, (5.55, 1.5), (6.6, 1.5))
    ax.text(
        6.07, 1.0, "features\n1,280 numbers", ha="center", va="top", fontsize=11, linespacing=1.1
    )
    arrow(ax, (4.45, 3.62), (4.45, 1.93), "copy the weights", color=COLORS["blue"], linewidth=2)
    ax.text(7.75, 3.32, "thrown away", ha="center", va="center", fontsize=11, color=MUTED)
    return fig
