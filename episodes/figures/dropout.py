"""Dropout: other neurons are silent in each training step, and none when predicting."""

from _style import COLORS, INK, MUTED, STYLE, neuron, new_figure
from matplotlib import rc_context
from matplotlib.patches import Circle

PANELS = [
    ("training, one step", {1, 2}),
    ("training, next step", {0, 3}),
    ("prediction", set()),
]


@rc_context(STYLE)
def draw():
    """Draw the same small network three times."""
    fig, ax = new_figure(9, 3.7)
    for number, (title, silent) in enumerate(PANELS):
        left = 0.55 + 2.95 * number
        ax.text(left + 1.0, 3.35, title, ha="center", va="center", fontsize=13)
        inputs = [(left, y) for y in (2.45, 1.75, 1.05)]
        hidden = [(left + 1.0, y) for y in (2.8, 2.1, 1.4, 0.7)]
        output = (left + 2.0, 1.75)
        for index, middle in enumerate(hidden):
            if index in silent:
                continue
            for start in inputs:
                ax.plot(*zip(start, middle, strict=True), color=INK, linewidth=1, zorder=1)
            ax.plot(*zip(middle, output, strict=True), color=INK, linewidth=1, zorder=1)
        for centre in inputs:
            neuron(ax, centre, color="orange", radius=0.19)
        for index, centre in enumerate(hidden):
            if index in silent:
                ax.plot(*centre, "x", color=COLORS["vermillion"], markersize=17, markeredgewidth=3)
                ax.add_patch(_empty(centre))
            else:
                neuron(ax, centre, color="blue", radius=0.22)
        neuron(ax, output, color="green", radius=0.22)
        text = "all neurons answer" if not silent else "2 of 4 silent, drawn at random"
        ax.text(left + 1.0, 0.27, text, ha="center", va="center", color=MUTED)
    return fig


def _empty(centre):
    """Return the dashed outline of a neuron that is silent."""
    return Circle(centre, 0.22, fill=False, edgecolor=MUTED, linestyle="--", linewidth=1.5)
