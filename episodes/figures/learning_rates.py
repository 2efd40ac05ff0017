"""Gradient descent with a learning rate that is too small, right, and too large."""

import numpy as np
from _style import COLORS, STYLE, new_figure
from matplotlib import rc_context

CURVATURE = 2.0


def descend(learning_rate, n_steps, start=-1.5):
    """Return the weights of a descent on the loss ``weight ** 2``."""
    weights = [start]
    for _ in range(n_steps):
        weights.append(weights[-1] - learning_rate * CURVATURE * weights[-1])
    return np.array(weights)


@rc_context(STYLE)
def draw():
    """Draw three descents from the same start, with three learning rates."""
    fig, _ = new_figure(9, 3.6)
    panels = [
        ("too small", descend(0.02, 8), "after 8 steps\nstill far away"),
        ("right", descend(0.2, 8), "near the minimum\nafter 8 steps"),
        ("too large", descend(1.06, 5), "each step overshoots:\nthe loss grows"),
    ]
    curve = np.linspace(-3, 3, 200)
    for number, (title, weights, note) in enumerate(panels):
        ax = fig.add_axes([0.055 + 0.318 * number, 0.14, 0.28, 0.72])
        ax.plot(curve, curve**2, color=COLORS["blue"])
        ax.plot(weights, weights**2, "o--", color=COLORS["vermillion"], linewidth=1.3, markersize=6)
        ax.text(0, 7.6, note, ha="center", va="center", fontsize=12)
        ax.set(title=title, xlabel="weight", xticks=[], yticks=[], ylim=(-0.5, 9))
        if number == 0:
            ax.set_ylabel("loss")
    return fig
