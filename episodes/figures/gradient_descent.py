"""Gradient descent on the loss of a model with one weight."""

import numpy as np
from _style import COLORS, MUTED, STYLE, new_figure
from matplotlib import rc_context


def loss(weight):
    """Return an example of a loss that is a parabola in the weight."""
    return 0.9 + 2.0 * (weight - 1.5) ** 2


def gradient(weight):
    """Return the derivative of `loss`."""
    return 4.0 * (weight - 1.5)


@rc_context(STYLE)
def draw():
    """Draw the loss as a function of the weight, with six steps down the slope."""
    learning_rate = 0.08
    weights = [0.0]
    for _ in range(6):
        weights.append(weights[-1] - learning_rate * gradient(weights[-1]))
    weights = np.array(weights)

    fig, _ = new_figure(7.5, 4.5)
    ax = fig.add_axes([0.08, 0.12, 0.89, 0.84])
    curve = np.linspace(-0.1, 2.95, 200)
    ax.plot(curve, loss(curve), color=COLORS["blue"])

    tangent = np.array([0, 0.62])
    ax.plot(tangent, loss(0) + gradient(0) * tangent, color=COLORS["black"], linestyle="-.")
    ax.plot(weights, loss(weights), "o", color=COLORS["vermillion"], markersize=8)
    for weight in weights[:2]:
        ax.plot([weight, weight], [0.55, loss(weight)], color=MUTED, linewidth=1, linestyle=":")
    ax.annotate(
        "",
        (weights[1], 0.62),
        (weights[0], 0.62),
        arrowprops={"arrowstyle": "-|>", "color": COLORS["vermillion"], "linewidth": 2},
    )
    ax.text(0.0, 0.3, "first step: learning rate times slope, downhill", va="center")
    pointer = {"arrowstyle": "->", "color": MUTED}
    ax.annotate("start: some value", (0.02, loss(0)), (0.4, 5.4), va="center", arrowprops=pointer)
    ax.annotate(
        "gradient: the slope\nof the loss here",
        (0.2, loss(0) + gradient(0) * 0.2),
        (0.62, 4.35),
        va="center",
        arrowprops=pointer,
    )
    ax.annotate(
        "minimum: the gradient is 0",
        (1.5, loss(1.5)),
        (1.5, 1.75),
        ha="center",
        arrowprops=pointer,
    )
    ax.text(2.42, 3.5, "loss", color=COLORS["blue"], ha="center", va="center")
    ax.set(xlabel="weight", ylabel="loss", xticks=[], yticks=[], xlim=(-0.2, 3), ylim=(0, 6))
    return fig
