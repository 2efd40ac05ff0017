"""Three networks: a chain, Wide & Deep, and one with two inputs and two outputs."""

from itertools import pairwise

from _style import STYLE, arrow, box, new_figure
from matplotlib import rc_context

HEIGHT = 0.5
# Heights of the boxes, from the inputs at the bottom to the outputs at the top.
INPUT, SCALE, HIDDEN_1, HIDDEN_2, JOIN, OUTPUT = 0.85, 1.8, 2.75, 3.7, 4.65, 5.6


def layers(ax, x, entries, width=1.7):
    """Draw boxes above each other, with an arrow from each to the next."""
    for y, label, color in entries:
        box(ax, (x, y), width, HEIGHT, label, color=color, fontsize=11)
    for (start, *_), (end, *_) in pairwise(entries):
        arrow(ax, (x, start + HEIGHT / 2), (x, end - HEIGHT / 2))


def way_around(ax, points):
    """Draw a thick line from point to point, with a head at its end."""
    for start, end in pairwise(points[:-1]):
        arrow(ax, start, end, color="vermillion", linewidth=2.5, head=False)
    arrow(ax, points[-2], points[-1], color="vermillion", linewidth=2.5)


@rc_context(STYLE)
def draw():
    """Draw the three networks side by side, data flowing upwards."""
    fig, ax = new_figure(11.4, 6.7)
    hidden = [(HIDDEN_1, "hidden, 30", "blue"), (HIDDEN_2, "hidden, 30", "blue")]
    below = [(INPUT, "district, 8", "orange"), (SCALE, "scale", "green")]
    join = [(JOIN, "concatenate, 8 + 30", "purple")]
    price = [(OUTPUT, "price", "vermillion")]

    layers(ax, 1.4, [*below, *hidden, *price])
    layers(ax, 4.5, [*below, *hidden])
    layers(ax, 4.5, [*join, *price], width=2.1)
    arrow(ax, (4.5, HIDDEN_2 + HEIGHT / 2), (4.5, JOIN - HEIGHT / 2))
    way_around(ax, [(3.65, SCALE), (3.25, SCALE), (3.25, JOIN), (3.45, JOIN)])
    ax.text(3.1, 2.75, "wide", rotation=90, va="center", ha="center", fontsize=11)
    ax.text(5.5, 3.22, "deep", rotation=90, va="center", ha="center", fontsize=11)

    layers(ax, 7.7, [(INPUT, "wide, 5\n(0 to 4)", "orange"), (SCALE, "scale", "green")], 1.5)
    layers(ax, 7.7, [(JOIN, "concatenate, 5 + 30", "purple"), *price], width=2.1)
    deep = [(INPUT, "deep, 6\n(2 to 7)", "orange"), (SCALE, "scale", "green"), *hidden]
    layers(ax, 10.0, [*deep, (OUTPUT, "auxiliary", "vermillion")], width=1.5)
    way_around(ax, [(7.7, SCALE + HEIGHT / 2), (7.7, 3.0), (7.7, JOIN - HEIGHT / 2)])
    arrow(ax, (9.25, HIDDEN_2), (8.5, JOIN - HEIGHT / 2))

    names = {1.4: "A: a chain", 4.5: "B: Wide & Deep", 8.85: "C: two inputs, two outputs"}
    for x, name in names.items():
        ax.text(x, 6.25, name, ha="center", va="center", fontsize=13.5, weight="bold")
    return fig
