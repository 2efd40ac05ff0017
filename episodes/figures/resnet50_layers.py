"""The layers of a deep network in use, ResNet-50."""

from _style import MUTED, arrow, box, new_figure
from matplotlib.figure import Figure

# Layers in a row that give maps of the same number of rows (He et al., 2016, table 1).
STAGES = ((1, 112), (9, 56), (12, 28), (18, 14), (9, 7))


def draw() -> Figure:
    """Draw each of the 50 layers as a bar, as high as the rows of what leaves it."""
    fig, ax = new_figure(8.6, 3.3)
    middle, width, step = 1.5, 0.085, 0.122
    box(ax, (0.72, middle), 0.9, 1.9, "picture", color="orange")
    arrow(ax, (1.2, middle), (1.5, middle))
    x = 1.6
    for n_layers, n_rows in STAGES:
        height = 0.25 + 1.6 * n_rows / 112
        for number in range(n_layers):
            box(ax, (x + step * number, middle), width, height, color="blue", strength=0.4)
        words = "1 layer" if n_layers == 1 else f"{n_layers} layers"
        centre = x + step * (n_layers - 1) / 2
        ax.text(centre, middle - height / 2 - 0.25, words, fontsize=12, color=MUTED, ha="center")
        x += step * n_layers + 0.1
    box(ax, (x + 0.1, middle), 0.14, 1.0, color="green", strength=0.4, linestyle="--")
    ax.text(x + 0.1, middle - 0.75, "1 layer", fontsize=12, color=MUTED, ha="center")
    ax.text(x + 0.1, middle + 0.65, "output", fontsize=12, ha="center")
    ax.text(0.3, 2.9, "ResNet-50: 50 layers, one after the other", fontsize=13, weight="bold")
    return fig
