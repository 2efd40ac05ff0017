"""Training and validation loss of a network that overfits, and where to stop."""

import numpy as np
from _style import COLORS, MUTED, STYLE, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw both curves with the best epoch, the waiting time and the stop."""
    epochs = np.arange(1, 61)
    wobble = 0.12 * np.sin(epochs * 1.7) * np.exp(-epochs / 200)
    training = 2.0 + 8 * np.exp(-epochs / 9) - 0.022 * epochs
    validation = 3.6 + 7 * np.exp(-epochs / 7) + 0.034 * np.maximum(epochs - 12, 0) + wobble
    best = int(epochs[np.argmin(validation)])
    stop = best + 10

    fig, _ = new_figure(8.5, 4.4)
    ax = fig.add_axes([0.08, 0.14, 0.89, 0.8])
    ax.axvspan(best, stop, color=COLORS["yellow"], alpha=0.35, linewidth=0)
    ax.plot(epochs, training, color=COLORS["blue"])
    ax.plot(epochs, validation, color=COLORS["vermillion"], linestyle="--")
    lowest = validation.min()
    ax.plot(best, lowest, "o", color=COLORS["black"], markersize=8)
    ax.axvline(stop, color=COLORS["black"], linewidth=1.5, linestyle=":")
    ax.annotate(
        "best epoch: these weights\nare brought back",
        (best, lowest),
        (16.5, 7.3),
        ha="center",
        arrowprops={"arrowstyle": "->", "color": MUTED},
    )
    ax.text((best + stop) / 2, 2.65, "patience", ha="center", va="center")
    ax.text(stop + 0.8, 9.2, "training stops here", va="center")
    ax.text(47, 1.75, "training", color=COLORS["blue"], ha="center")
    ax.text(47, 5.3, "validation", color=COLORS["vermillion"], ha="center")
    ax.annotate(
        "",
        (56, validation[55] - 0.1),
        (56, training[55] + 0.1),
        arrowprops={"arrowstyle": "<->", "color": MUTED},
    )
    ax.text(55.2, 3.0, "overfitting", ha="right", va="center", color=MUTED)
    ax.set(xlabel="epoch", ylabel="loss", xticks=[], yticks=[], xlim=(0, 60), ylim=(0, 10.4))
    return fig
