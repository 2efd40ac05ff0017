"""One example of each new class, and a query that gets the name of the nearest one."""

from _style import COLORS, INK, MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context
from matplotlib.patches import Rectangle

EXAMPLES = {"6": (8.35, 3.6), "7": (9.5, 2.0), "8": (7.3, 2.9), "9": (8.55, 1.25)}
QUERY = (7.85, 2.25)


@rc_context(STYLE)
def draw():
    """Draw pictures, the base network, and the plane of the embeddings."""
    fig, ax = new_figure(10.2, 4.9)
    ax.text(1.4, 4.5, "one example\nof each new digit", ha="center", va="center", fontsize=12)
    for name, bottom in zip(EXAMPLES, (3.75, 3.05, 2.35, 1.65), strict=True):
        box(ax, (1.4, bottom), 0.6, 0.55, name, color="blue", fontsize=16)
        arrow(ax, (1.8, bottom), (3.15, 2.4 + 0.25 * (bottom - 2.4)), color="blue")
    box(ax, (1.4, 0.75), 0.6, 0.55, "?", color="vermillion", fontsize=16, linestyle="--")
    ax.text(1.4, 0.28, "query", ha="center", va="center", fontsize=12)
    arrow(ax, (1.8, 0.75), (3.15, 2.0), color="vermillion", linestyle="--")
    box(ax, (4.2, 2.4), 2.0, 1.5, "base network,\ntrained with the\ndigits 0 to 5", color="green")
    arrow(ax, (5.25, 2.4), (6.5, 2.4))
    ax.text(8.25, 4.45, "embeddings", ha="center", va="center", fontsize=12)
    ax.add_patch(Rectangle((6.6, 0.75), 3.3, 3.4, fill=False, edgecolor=MUTED, linewidth=1.2))
    for name, (x, y) in EXAMPLES.items():
        ax.plot(x, y, "o", color=COLORS["blue"], markersize=10, zorder=4)
        ax.text(x + 0.18, y, name, va="center", fontsize=15, color=INK)
    ax.plot(*QUERY, "X", color=COLORS["vermillion"], markersize=12, zorder=4)
    ax.text(QUERY[0] + 0.2, QUERY[1] - 0.05, "?", va="center", fontsize=15)
    arrow(ax, QUERY, EXAMPLES["8"], gap=(0.12, 0.1), linestyle="--")
    ax.text(8.25, 0.4, "the nearest is the 8: answer 8", ha="center", va="center", fontsize=12)
    return fig
