"""The cross-entropy loss of one sample as a function of the probability of its true class."""

import numpy as np
from _style import COLORS, MUTED, STYLE, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw the curve with three predictions on it."""
    fig, _ = new_figure(7.5, 4.3)
    ax = fig.add_axes([0.1, 0.15, 0.86, 0.78])
    probability = np.linspace(0.01, 1, 300)
    ax.plot(probability, -np.log(probability), color=COLORS["blue"])
    points = [
        (0.05, "nearly sure of another species", "s", (0.12, 3.3)),
        (1 / 3, "knows nothing: the same for each species", "o", (0.36, 1.95)),
        (0.9, "nearly sure, and right", "^", (0.72, 0.95)),
    ]
    for x, text, marker, place in points:
        loss = -np.log(x)
        ax.plot(x, loss, marker, color=COLORS["vermillion"], markersize=9, zorder=3)
        label = f"{text}\nprobability {x:.2f}, loss {loss:.2f}"
        ax.annotate(
            label,
            (x, loss),
            place,
            ha="left",
            va="center",
            arrowprops={"arrowstyle": "-", "color": MUTED},
        )
    ax.set(
        xlim=(0, 1.05),
        ylim=(0, 4.7),
        xlabel="probability that the network gives to the true species",
        ylabel="loss of this penguin",
    )
    return fig
