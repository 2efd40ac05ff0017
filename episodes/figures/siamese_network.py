"""A siamese network: two inputs, one network with one set of weights, one similarity."""

from _style import COLORS, MUTED, STYLE, arrow, box, neuron, new_figure, tint
from matplotlib import rc_context
from matplotlib.patches import Rectangle

# Heights of the peaks of two invented spectra, left to right.
SPECTRA = {
    4.25: [0.1, 0.5, 0, 0.2, 0.9, 0, 0.3, 0, 0.6, 0.1],
    1.35: [0, 0.6, 0.1, 0, 0.8, 0.3, 0, 0.2, 0, 0.4],
}


def spectrum(ax, centre, peaks, name):
    """Draw a spectrum as bars on a line."""
    left, bottom, width = centre[0] - 0.75, centre[1] - 0.4, 1.5
    ax.plot([left, left + width], [bottom, bottom], color=MUTED, linewidth=1)
    step = width / len(peaks)
    for number, height in enumerate(peaks):
        ax.add_patch(
            Rectangle(
                (left + (number + 0.3) * step, bottom),
                0.4 * step,
                0.9 * height,
                color=COLORS["orange"],
            )
        )
    ax.text(centre[0], bottom - 0.22, name, ha="center", va="center")


def vector(ax, centre, name):
    """Draw an embedding as a column of small squares."""
    side = 0.22
    for number in range(5):
        ax.add_patch(
            Rectangle(
                (centre[0] - side / 2, centre[1] + (number - 2.5) * side),
                side,
                side,
                facecolor=tint("green", 0.15 + 0.15 * ((number * 2) % 5)),
                edgecolor=COLORS["green"],
                linewidth=1.2,
            )
        )
    ax.text(centre[0], centre[1] - 0.8, name, ha="center", va="center")


@rc_context(STYLE)
def draw():
    """Draw both ways from an input to the similarity, and the weights that they share."""
    fig, ax = new_figure(9, 5.6)
    for (y, peaks), name in zip(SPECTRA.items(), "AB", strict=True):
        spectrum(ax, (1.15, y), peaks, f"input {name}")
        arrow(ax, (1.98, y), (2.75, y))
        box(ax, (3.7, y), 1.8, 1.15, "base\nnetwork", color="blue", fontsize=13)
        arrow(ax, (4.65, y), (5.45, y))
        vector(ax, (5.75, y), f"embedding {name}")
    arrow(ax, (3.7, 3.6), (3.7, 2.0), color="blue", linestyle="--", head=False)
    ax.text(
        3.85, 2.8, "the same weights", ha="left", va="center", color=COLORS["blue"], fontsize=12.5
    )
    neuron(ax, (7.3, 2.8), "cos", color="purple", radius=0.42)
    arrow(ax, (5.97, 4.15), (7.0, 3.15))
    arrow(ax, (5.97, 1.45), (7.0, 2.45))
    arrow(ax, (7.75, 2.8), (8.3, 2.8))
    ax.text(8.55, 2.8, "0.8", ha="center", va="center", fontsize=14)
    ax.text(7.5, 1.95, "cosine\nsimilarity", ha="left", va="center")
    ax.text(
        7.45,
        4.75,
        "compared with the\ntrue similarity\nby the loss",
        ha="center",
        va="center",
        color=MUTED,
        fontsize=12,
    )
    arrow(ax, (8.45, 4.25), (8.55, 3.1), color=MUTED, linestyle=":", curve=-0.2)
    return fig
