"""Three tasks on one picture: classification, localisation, detection."""

from _style import COLORS, INK, MUTED, STYLE, box, new_figure, tint
from matplotlib import rc_context
from matplotlib.patches import Ellipse, Polygon, Rectangle

SIDE = 2.6
BOTTOM = 2.05
LAMP = (0.3, 0.72, 1.0, 1.6)  # left, bottom, width, height inside the picture
PLATE = (1.45, 0.62, 0.95, 0.5)


def scene(ax, left):
    """Draw a lamp and a plate on a table, in a square picture."""
    ax.add_patch(
        Rectangle((left, BOTTOM), SIDE, SIDE, facecolor=tint("sky", 0.15), edgecolor=INK, zorder=1)
    )
    ax.add_patch(
        Rectangle((left, BOTTOM), SIDE, 0.72, facecolor=tint("black", 0.15), zorder=1.5, lw=0)
    )
    x, y, width, height = LAMP
    x, y = left + x, BOTTOM + y
    shade = [(x + 0.22, y + height - 0.07), (x + width - 0.22, y + height - 0.07)]
    shade += [(x + width - 0.07, y + 0.85), (x + 0.07, y + 0.85)]
    style = {"edgecolor": INK, "linewidth": 1.2, "zorder": 2}
    ax.add_patch(Polygon(shade, facecolor=tint("orange", 0.6), **style))
    ax.add_patch(Rectangle((x + width / 2 - 0.05, y + 0.15), 0.1, 0.7, facecolor=INK, zorder=2))
    ax.add_patch(
        Ellipse((x + width / 2, y + 0.13), 0.62, 0.2, facecolor=tint("black", 0.6), **style)
    )
    x, y, width, height = PLATE
    middle = (left + x + width / 2, BOTTOM + y + height / 2)
    ax.add_patch(Ellipse(middle, width - 0.12, height - 0.12, facecolor="white", **style))
    ax.add_patch(Ellipse(middle, width - 0.4, height - 0.28, facecolor="white", **style))


def around(ax, left, place, name, color, linestyle):
    """Draw a frame around a thing, with its name above."""
    x, y, width, height = place
    ax.add_patch(
        Rectangle(
            (left + x, BOTTOM + y),
            width,
            height,
            fill=False,
            edgecolor=COLORS[color],
            linewidth=3,
            linestyle=linestyle,
            zorder=4,
        )
    )
    ax.text(left + x, BOTTOM + y + height + 0.05, name, fontsize=12, weight="bold", va="bottom")


@rc_context(STYLE)
def draw():
    """Draw the picture three times, with what a network says about it."""
    fig, ax = new_figure(10.2, 5.5)
    lefts = {"classification": 0.5, "localisation": 3.8, "detection": 7.1}
    questions = ["What is it?", "What is it, and where?", "Which things, and where?"]
    answers = ["10 scores", "10 scores\nand 4 numbers", "for each thing:\n10 scores and 4 numbers"]
    for (name, left), question, answer in zip(lefts.items(), questions, answers, strict=True):
        scene(ax, left)
        middle = left + SIDE / 2
        ax.text(middle, 5.13, name, ha="center", va="center", fontsize=14, weight="bold")
        ax.text(middle, 4.85, question, ha="center", va="center", fontsize=12, color=MUTED)
        box(ax, (middle, 1.05), SIDE, 0.95, answer, color="blue")
        ax.annotate("", (middle, 1.55), (middle, 2.0), arrowprops={"arrowstyle": "-|>", "lw": 1.5})
    left = lefts["classification"]
    ax.text(left + LAMP[0], BOTTOM + 2.4, "lamp", fontsize=12, weight="bold", va="bottom")
    around(ax, lefts["localisation"], LAMP, "lamp", "vermillion", "-")
    around(ax, lefts["detection"], LAMP, "lamp", "vermillion", "-")
    around(ax, lefts["detection"], PLATE, "plate", "blue", "--")
    ax.text(
        5.1,
        0.33,
        "the 4 numbers: left, top, width, height of the frame",
        ha="center",
        va="center",
        fontsize=12,
        color=MUTED,
    )
    return fig
