"""The network of the exercise "A network by hand", with its weights and biases."""

from _style import arrow, neuron, new_figure
from matplotlib.figure import Figure


def draw() -> Figure:
    """Draw two inputs, two hidden neurons and one output neuron."""
    fig, ax = new_figure(7.4, 3.9)
    x1, x2 = (1.0, 2.65), (1.0, 0.95)
    h1, h2, y = (3.7, 2.65), (3.7, 0.95), (6.2, 1.8)
    radius = 0.36
    for start, end, weight, at in (
        (x1, h1, "1", 0.5),
        (x1, h2, "1", 0.28),
        (x2, h1, "1", 0.28),
        (x2, h2, "1", 0.5),
        (h1, y, "1", 0.5),
        (h2, y, "−2", 0.5),
    ):
        arrow(ax, start, end, weight, gap=(radius, radius), label_at=at, linewidth=1.8, fontsize=14)
    for xy, label, color in (
        (x1, "$x_1$", "orange"),
        (x2, "$x_2$", "orange"),
        (h1, "$h_1$", "blue"),
        (h2, "$h_2$", "blue"),
        (y, "$y$", "green"),
    ):
        neuron(ax, xy, label, color=color, radius=radius, fontsize=16)
    for (x, height), side, bias in ((h1, 1, "0"), (h2, -1, "−1"), (y, 1, "0")):
        ax.text(
            x,
            height + side * (radius + 0.2),
            f"bias {bias}",
            fontsize=13,
            ha="center",
            va="center",
        )
    for x, title in ((1.0, "inputs"), (3.7, "hidden layer, relu"), (6.2, "output, relu")):
        ax.text(x, 3.6, title, fontsize=13, weight="bold", ha="center", va="center")
    return fig
