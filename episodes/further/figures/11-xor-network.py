"""A network of three threshold units that computes XOR, and what its hidden layer does."""

from _style import COLORS, INK, MUTED, STYLE, arrow, neuron, new_figure
from matplotlib import rc_context
from matplotlib.figure import Figure


@rc_context(STYLE)
def draw() -> Figure:
    """Draw the network on the left, the four pairs before and after the hidden layer beside it."""
    fig, ax = new_figure(11.6, 3.9)
    x1, x2 = (0.75, 2.7), (0.75, 1.0)
    h1, h2, y = (2.75, 2.7), (2.75, 1.0), (4.75, 1.85)
    radius = 0.36
    for start, end, weight, at in (
        (x1, h1, "1", 0.5),
        (x1, h2, "1", 0.28),
        (x2, h1, "1", 0.28),
        (x2, h2, "1", 0.5),
        (h1, y, "1", 0.5),
        (h2, y, "−1", 0.5),
    ):
        arrow(ax, start, end, weight, gap=(radius, radius), label_at=at, linewidth=1.8)
    for xy, label, color in (
        (x1, "$x_1$", "orange"),
        (x2, "$x_2$", "orange"),
        (h1, "OR", "blue"),
        (h2, "AND", "blue"),
        (y, "XOR", "green"),
    ):
        neuron(ax, xy, label, color=color, radius=radius, fontsize=12)
    for (x, height), side, bias in ((h1, 1, "−0.5"), (h2, -1, "−1.5"), (y, 1, "−0.5")):
        ax.text(x, height + side * 0.55, f"bias {bias}", ha="center", va="center")
    ax.text(2.75, 3.6, "the network", fontsize=13, weight="bold", ha="center", va="center")

    for left, title, xlabel, ylabel, points in (
        (
            6.3,
            "the inputs",
            "$x_1$",
            "$x_2$",
            ((0, 0, 0, "(0, 0)"), (0, 1, 1, "(0, 1)"), (1, 0, 1, "(1, 0)"), (1, 1, 0, "(1, 1)")),
        ),
        (
            9.3,
            "after the hidden layer",
            "OR",
            "AND",
            ((0, 0, 0, "(0, 0)"), (1, 0, 1, "(0, 1) and\n(1, 0)"), (1, 1, 0, "(1, 1)")),
        ),
    ):
        plot = fig.add_axes([left / 11.6, 0.19, 1.9 / 11.6, 0.62])
        for x, height, answer, label in points:
            looks = ("s", COLORS["green"]) if answer else ("o", COLORS["orange"])
            plot.plot(x, height, looks[0], color=looks[1], markersize=12, markeredgecolor=INK)
            above = 0.14 if height else -0.14
            plot.text(
                x, height + above, label, ha="center", va="bottom" if height else "top", fontsize=10
            )
        if xlabel == "OR":
            plot.plot([0.02, 1.55], [-0.48, 1.05], color=MUTED, linestyle="--")
        plot.set(xlim=(-0.45, 1.55), ylim=(-0.6, 1.5), xticks=[0, 1], yticks=[0, 1])
        plot.set_xlabel(xlabel, labelpad=0)
        plot.set_ylabel(ylabel, labelpad=0)
        ax.text(left + 0.95, 3.6, title, fontsize=13, weight="bold", ha="center", va="center")
    return fig
