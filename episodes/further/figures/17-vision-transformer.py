"""The idea of a vision transformer: patches in a row, each of which looks at all others."""

import numpy as np
from _style import COLORS, INK, MUTED, STYLE, arrow, box, neuron, new_figure, tint
from matplotlib import rc_context
from matplotlib.patches import Rectangle

SHOWN = [1, 2, 3, 16]  # numbers of the patches that stand in the row
ROWS = dict(zip(SHOWN, [4.25, 3.45, 2.65, 1.25], strict=True))


@rc_context(STYLE)
def draw():
    """Draw the way of a picture from its patches to the scores."""
    fig, ax = new_figure(11.6, 5.6)
    side, left, bottom = 0.62, 0.35, 1.6
    for number in range(1, 17):
        row, column = divmod(number - 1, 4)
        x, y = left + column * side, bottom + (3 - row) * side
        strength = 0.35 if number in SHOWN else 0.1
        ax.add_patch(
            Rectangle((x, y), side, side, facecolor=tint("sky", strength), edgecolor=INK, lw=1.2)
        )
        ax.text(x + side / 2, y + side / 2, str(number), ha="center", va="center", fontsize=11)
    ax.text(left + 2 * side, 1.25, "32 × 32 × 3", ha="center", va="center", fontsize=11)
    arrow(ax, (left + 4 * side + 0.1, 2.84), (3.45, 2.84))

    for number, y in ROWS.items():
        ax.add_patch(
            Rectangle((3.55, y - 0.17), 1.1, 0.34, facecolor=tint("sky", 0.35), edgecolor=INK)
        )
        ax.text(4.1, y, f"patch {number}", ha="center", va="center", fontsize=11)
        arrow(ax, (4.68, y), (5.2, y))
        ax.add_patch(
            Rectangle((5.25, y - 0.17), 1.1, 0.34, facecolor=tint("green", 0.3), edgecolor=INK)
        )
        ax.text(5.8, y, f"+ place {number}", ha="center", va="center", fontsize=11)
        arrow(ax, (6.38, y), (6.85, y))
        neuron(ax, (7.1, y), str(number), color="green", radius=0.24, fontsize=11)
        neuron(ax, (8.9, y), str(number), color="purple", radius=0.24, fontsize=11)
        arrow(ax, (9.15, y), (9.92, 2.84 + 0.2 * (y - 2.84)), linewidth=1.2)
    widths = np.array(
        [[0.6, 3, 0.6, 1.6], [0.6, 1.6, 3.4, 0.6], [2.4, 0.6, 0.6, 2.4], [0.6, 0.6, 1.6, 3]]
    )
    for start, row in zip(ROWS.values(), widths.T, strict=True):
        for end, width in zip(ROWS.values(), row, strict=True):
            ax.plot([7.36, 8.64], [start, end], color=COLORS["vermillion"], lw=width, zorder=1)
    for x in (4.1, 5.8, 7.1, 8.9):
        ax.text(x, 1.95, "⋮", ha="center", va="center", fontsize=18)
    box(ax, (10.55, 2.84), 1.2, 0.9, "mean,\ndense:\n10 scores", color="blue", fontsize=11)

    titles = {
        1.6: "1. cut into\n16 patches of 8 × 8",
        4.0: "2. rows of\n192 numbers",
        5.85: "3. dense layer,\nand the place",
        8.0: "4. attention: each patch\ntakes from all others",
        10.55: "5. name",
    }
    for x, title in titles.items():
        ax.text(x, 5.1, title, ha="center", va="center", fontsize=12, weight="bold")
    ax.text(
        8.0,
        0.6,
        "thick line: takes much",
        ha="center",
        va="center",
        fontsize=12,
        color=MUTED,
    )
    return fig
