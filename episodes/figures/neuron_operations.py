"""One neuron and its three operations."""

from _style import arrow, box, neuron, new_figure
from matplotlib.figure import Figure


def draw() -> Figure:
    """Draw inputs, weighted sum, bias, activation function and output."""
    fig, ax = new_figure(8.8, 4.0)
    middle = 1.85
    weighted_sum, bias, activation = (3.3, middle), (4.8, middle), (6.3, middle)
    for index, y in zip("12n", (3.05, 2.15, 0.65), strict=True):
        neuron(ax, (0.85, y), f"$x_{index}$", color="orange", radius=0.32, fontsize=15)
        arrow(
            ax,
            (0.85, y),
            weighted_sum,
            f"$w_{index}$",
            gap=(0.32, 0.42),
            label_at=0.47,
            fontsize=15,
        )
    ax.text(0.85, 1.42, "⋮", fontsize=18, ha="center", va="center")
    neuron(ax, weighted_sum, r"$\Sigma$", radius=0.42, fontsize=20)
    neuron(ax, bias, r"$+\,b$", radius=0.42, fontsize=17)
    neuron(ax, activation, "$f$", radius=0.42, fontsize=19)
    arrow(ax, weighted_sum, bias, gap=(0.42, 0.42))
    arrow(ax, bias, activation, gap=(0.42, 0.42))
    arrow(ax, activation, (7.8, middle), gap=(0.42, 0))
    ax.text(8.05, middle, "$y$", fontsize=17, ha="center", va="center")
    for (x, _), text in (
        (weighted_sum, "1. weighted\nsum"),
        (bias, "2. add\nthe bias"),
        (activation, "3. activation\nfunction"),
    ):
        ax.text(x, middle - 0.55, text, fontsize=12, ha="center", va="top", linespacing=1.3)
    box(ax, (4.8, middle - 0.15), 4.3, 2.2, color="blue", strength=0.05, linestyle="--", zorder=1)
    for x, text in ((0.85, "inputs"), (2.0, "weights"), (4.8, "one neuron"), (8.05, "output")):
        ax.text(x, 3.62, text, fontsize=13, weight="bold", ha="center", va="center")
    return fig
