"""Forward and backward pass through a network with one hidden layer."""

from _style import COLORS, arrow, box, new_figure
from matplotlib.figure import Figure


def draw() -> Figure:
    """Draw five boxes in a row, arrows to the right above and to the left below."""
    fig, ax = new_figure(10.6, 3.5)
    steps = (
        (1.0, "inputs\n$X$", "orange"),
        (3.15, "hidden layer\n$H = \\tanh(XW_1 + b_1)$", "blue"),
        (5.95, "output\n$p = \\sigma(HW_2 + b_2)$", "green"),
        (8.1, "loss\n$L$", "purple"),
    )
    widths = (1.1, 2.3, 2.2, 1.0)
    height = 1.75
    for (x, label, color), width in zip(steps, widths, strict=True):
        box(ax, (x + 0.3, height), width, 0.95, label, color=color, fontsize=12)
    for i in range(3):
        start = steps[i][0] + 0.3 + widths[i] / 2
        end = steps[i + 1][0] + 0.3 - widths[i + 1] / 2
        arrow(ax, (start, height + 0.2), (end, height + 0.2), linewidth=2.2)
        if i:
            arrow(
                ax,
                (end, height - 0.2),
                (start, height - 0.2),
                color="vermillion",
                linestyle="--",
                linewidth=2.2,
            )
    box(ax, (9.75, height), 0.9, 0.95, "truth\n$y$", color="orange")
    arrow(ax, (9.3, height), (8.9, height), linewidth=2.2)
    ax.text(5.3, 3.0, "forward pass: what does the network answer?", ha="center", weight="bold")
    ax.text(
        5.3,
        0.2,
        "backward pass: how does the loss change with each number?",
        ha="center",
        weight="bold",
        color=COLORS["vermillion"],
    )
    for x, text in (
        (3.45, "slopes for $W_1$, $b_1$"),
        (6.25, "slopes for $W_2$, $b_2$"),
        (8.4, "$(p - y)\\,/\\,n$"),
    ):
        ax.text(x, 0.8, text, ha="center", va="center", fontsize=12)
    return fig
