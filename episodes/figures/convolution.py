"""A convolution: a kernel of 3 by 3 numbers moves over a picture of 6 by 6 pixels."""

import numpy as np
from _pixels import block, frame, pixel_grid
from _style import MUTED, STYLE, arrow, new_figure
from matplotlib import rc_context

PICTURE = np.array([[9] * 6] * 3 + [[1] * 6] * 3)
PICTURE[1:3, 4:] = 5
KERNEL = np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]])
SIDE = 0.5


@rc_context(STYLE)
def draw():
    """Draw picture, kernel and output, with one step of the calculation."""
    output = np.array(
        [[(PICTURE[r : r + 3, c : c + 3] * KERNEL).sum() for c in range(4)] for r in range(4)]
    )
    fig, ax = new_figure(9, 5.2)
    top = 4.35
    lefts = {"picture": 0.4, "kernel": 4.15, "output": 6.5}
    row, column = 1, 2
    pixel_grid(
        ax,
        (lefts["picture"], top),
        PICTURE,
        SIDE,
        fills=block(range(row, row + 3), range(column, column + 3), "vermillion", 0.2),
    )
    frame(ax, (lefts["picture"] + column * SIDE, top - row * SIDE), SIDE, 3, 3)
    pixel_grid(ax, (lefts["kernel"], top - 0.75), KERNEL, SIDE)
    frame(ax, (lefts["kernel"], top - 0.75), SIDE, 3, 3, "blue", linestyle="--")
    pixel_grid(
        ax,
        (lefts["output"], top - 0.5),
        output,
        SIDE,
        fills=block([row], [column], "green", 0.3),
    )
    frame(ax, (lefts["output"] + column * SIDE, top - 0.5 - row * SIDE), SIDE, 1, 1, "green")
    ax.text(3.78, top - 1.5, "∗", ha="center", va="center", fontsize=22)
    arrow(ax, (5.75, top - 1.5), (6.42, top - 1.5))
    for name, text in {
        "picture": "picture, 6 × 6",
        "kernel": "kernel, 3 × 3",
        "output": "output, 4 × 4",
    }.items():
        width = {"picture": 6, "kernel": 3, "output": 4}[name] * SIDE
        ax.text(lefts[name] + width / 2, 4.75, text, ha="center", va="center", fontsize=13)
    window = PICTURE[row : row + 3, column : column + 3]
    pairs = zip(window.ravel(), KERNEL.ravel(), strict=True)
    products = " + ".join(f"{value}·{weight}" for value, weight in pairs)
    products = products.replace("·-1", "·1").replace("+ 1·1", "\N{MINUS SIGN} 1·1")
    ax.text(4.5, 0.83, products, ha="center", va="center", fontsize=12)
    ax.text(
        4.5,
        0.42,
        f"= {output[row, column]}: multiply nine pairs, add the products, then move on",
        ha="center",
        va="center",
        color=MUTED,
        fontsize=13,
    )
    return fig
