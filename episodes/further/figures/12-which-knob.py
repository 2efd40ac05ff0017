"""Two questions about the curves of a training, and the knobs that belong to them."""

from _style import STYLE, arrow, box, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw two questions side by side, a list of knobs below each."""
    fig, ax = new_figure(10.4, 4.6)
    first, second, done = (2.2, 3.9), (6.2, 3.9), (9.3, 3.9)
    box(ax, first, 3.3, 0.85, "Does the training loss\nfall far enough?", color="blue")
    box(ax, second, 3.1, 0.85, "Does the validation\nscore follow?", color="blue")
    box(ax, done, 1.7, 0.85, "Stop turning:\ntest set, once", color="green")
    left = (
        "1. learning rate, by a range test\n2. optimiser, smaller batches,\n    more epochs\n"
        "3. more neurons"
    )
    right = "1. a leak, or wrong labels?\n2. L2, early stopping\n3. dropout, a smaller network"
    for top, text, width in ((first, left, 3.7), (second, right, 3.7)):
        x = top[0]
        box(ax, (x, 1.35), width, 1.95, color="orange")
        left_edge = x - width / 2 + 0.15
        ax.text(left_edge, 1.35, text, va="center", fontsize=12.5, zorder=5, linespacing=1.5)
        arrow(ax, (x, 3.45), (x, 2.37), "no")
    arrow(ax, (first[0] + 1.67, 3.9), (second[0] - 1.57, 3.9), "yes", fontsize=11)
    arrow(ax, (second[0] + 1.57, 3.9), (done[0] - 0.87, 3.9), "yes", fontsize=11)
    return fig
