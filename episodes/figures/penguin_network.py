"""The penguin network: four inputs, ten hidden neurons, three outputs."""

from itertools import pairwise

from _style import MUTED, STYLE, neuron, new_figure
from matplotlib import rc_context

INPUTS = ["bill length", "bill depth", "flipper length", "body mass"]
SPECIES = ["Adelie", "Chinstrap", "Gentoo"]


def column(x, n_neurons, spacing, middle):
    """Return the centres of neurons that stand below each other, top to bottom."""
    top = middle + spacing * (n_neurons - 1) / 2
    return [(x, top - spacing * number) for number in range(n_neurons)]


@rc_context(STYLE)
def draw():
    """Draw each neuron and each weight, and count them."""
    fig, ax = new_figure(8.5, 5.6)
    middle = 2.85
    layers = [
        column(1.95, 4, 0.95, middle),
        column(4.35, 10, 0.44, middle),
        column(6.75, 3, 0.95, middle),
    ]
    for left, right in pairwise(layers):
        for x_left, y_left in left:
            for x_right, y_right in right:
                ax.plot([x_left, x_right], [y_left, y_right], color=MUTED, linewidth=0.7, zorder=1)
    radii = [0.22, 0.17, 0.22]
    for layer, color, radius in zip(layers, ["orange", "blue", "green"], radii, strict=True):
        for centre in layer:
            neuron(ax, centre, color=color, radius=radius)
    for name, (x, y) in zip(INPUTS, layers[0], strict=True):
        ax.text(x - 0.35, y, name, ha="right", va="center")
    for name, (x, y) in zip(SPECIES, layers[2], strict=True):
        ax.text(x + 0.35, y, name, ha="left", va="center")
    headings = ["input layer\n4 features", "hidden layer\n10 neurons, ReLU"]
    headings.append("output layer\n3 neurons, softmax")
    for heading, layer in zip(headings, layers, strict=True):
        ax.text(layer[0][0], 5.3, heading, ha="center", va="center")
    ax.text(3.15, 0.38, "4 × 10 weights\n+ 10 biases = 50", ha="center", va="center")
    ax.text(5.55, 0.38, "10 × 3 weights\n+ 3 biases = 33", ha="center", va="center")
    return fig
