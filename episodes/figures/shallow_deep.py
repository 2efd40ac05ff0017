"""A shallow and a deep network side by side."""

from itertools import pairwise

from _style import MUTED, arrow, neuron, new_figure
from matplotlib.figure import Figure


def draw() -> Figure:
    """Draw a network with one hidden layer above one with six."""
    fig, ax = new_figure(8.2, 4.8)
    radius = 0.15
    for middle, sizes, title in (
        (3.55, (3, 5, 2), "shallow: one hidden layer"),
        (
            1.25,
            (3, 5, 5, 5, 5, 5, 5, 2),
            "deep: many hidden layers, each works on the results of the one before",
        ),
    ):
        ax.text(0.45, middle + 1.02, title, fontsize=13, weight="bold", va="center")
        places = [
            [
                (0.75 + 0.95 * column, middle - 0.1 + 0.38 * ((size - 1) / 2 - i))
                for i in range(size)
            ]
            for column, size in enumerate(sizes)
        ]
        for left, right in pairwise(places):
            for start in left:
                for end in right:
                    arrow(
                        ax,
                        start,
                        end,
                        gap=(radius, radius),
                        linewidth=0.6,
                        color=MUTED,
                        head=False,
                    )
        for column, layer in enumerate(places):
            color = {0: "orange", len(places) - 1: "green"}.get(column, "blue")
            for xy in layer:
                neuron(ax, xy, color=color, radius=radius)
    for y, color, text in (
        (4.05, "orange", "input"),
        (3.5, "blue", "neuron of a hidden layer"),
        (2.95, "green", "neuron of the output layer"),
    ):
        neuron(ax, (4.7, y), color=color, radius=radius)
        ax.text(5.0, y, text, fontsize=12, va="center")
    return fig
