"""A fully connected network with an input, a hidden and an output layer."""

from itertools import pairwise

from _style import arrow, neuron, new_figure
from matplotlib.figure import Figure


def draw() -> Figure:
    """Draw three inputs, four hidden neurons and two output neurons."""
    fig, ax = new_figure(7.2, 4.2)
    layers = [
        (1.3, 3, "orange", "x", "input layer", "3 numbers come in"),
        (3.6, 4, "blue", "h", "hidden layer", "4 neurons"),
        (5.9, 2, "green", "y", "output layer", "2 neurons"),
    ]
    radius = 0.3
    places = [
        [(x, 2.2 + 0.78 * ((size - 1) / 2 - i)) for i in range(size)] for x, size, *_ in layers
    ]
    for left, right in pairwise(places):
        for start in left:
            for end in right:
                arrow(ax, start, end, gap=(radius, radius), linewidth=1)
    for (x, _, color, letter, title, text), layer in zip(layers, places, strict=True):
        for index, xy in enumerate(layer, start=1):
            neuron(ax, xy, f"${letter}_{index}$", color=color, radius=radius, fontsize=14)
        ax.text(x, 3.92, title, fontsize=13, weight="bold", ha="center", va="center")
        ax.text(x, 0.32, text, fontsize=12, ha="center", va="center")
    return fig
