"""Max pooling: of each square of 2 by 2 values, the largest is kept."""

import numpy as np
from _pixels import block, frame, pixel_grid
from _style import MUTED, STYLE, arrow, new_figure
from matplotlib import rc_context

VALUES = np.array([[0, 3, 1, 0], [7, 2, 0, 4], [5, 2, 0, 9], [1, 0, 2, 6]])
COLORS_OF_SQUARES = [["blue", "orange"], ["green", "purple"]]
LINE_STYLES = [["-", "--"], [":", "-."]]


@rc_context(STYLE)
def draw():
    """Draw an input of 4 by 4 values and what is left of it."""
    fig, ax = new_figure(8, 3.5)
    side, top = 0.6, 2.85
    fills, kept = {}, {}
    for row in range(2):
        for column in range(2):
            color = COLORS_OF_SQUARES[row][column]
            fills |= block(
                range(2 * row, 2 * row + 2), range(2 * column, 2 * column + 2), color, 0.15
            )
            square = VALUES[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
            place = np.unravel_index(square.argmax(), square.shape)
            fills |= block([2 * row + place[0]], [2 * column + place[1]], color, 0.55)
            kept |= block([row], [column], color, 0.55)
    pixel_grid(ax, (0.8, top), VALUES, side, fills=fills, fontsize=15)
    largest = VALUES.reshape(2, 2, 2, 2).max(axis=(1, 3))
    pixel_grid(ax, (5.5, top - side), largest, side, fills=kept, fontsize=15)
    for row in range(2):
        for column in range(2):
            color, line = COLORS_OF_SQUARES[row][column], LINE_STYLES[row][column]
            corner = (0.8 + 2 * column * side + 0.03, top - 2 * row * side - 0.03)
            frame(ax, corner, side * 0.975, 2, 2, color, linestyle=line)
            corner = (5.5 + column * side + 0.03, top - side - row * side - 0.03)
            frame(ax, corner, side * 0.9, 1, 1, color, linestyle=line)
    arrow(ax, (3.5, top - 2 * side), (5.25, top - 2 * side))
    ax.text(4.37, top - 2 * side + 0.3, "the largest of\neach square", ha="center", va="bottom")
    ax.text(0.8 + 2 * side, 3.15, "4 × 4 values", ha="center", va="center", fontsize=13)
    ax.text(5.5 + side, 3.15, "2 × 2 values", ha="center", va="center", fontsize=13)
    ax.text(
        5.5 + side,
        0.65,
        "no weights:\nnothing to learn here",
        ha="center",
        va="center",
        color=MUTED,
    )
    return fig
