"""A small decision tree, and how many small trees together become a price curve."""

import numpy as np
from _style import COLORS, INK, STYLE, arrow, box, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw a tree with two questions, and the steps of one, two and many trees beside a network."""
    fig, ax = new_figure(11, 4.6)
    ax.text(0.35, 4.2, "one small tree", fontsize=13, va="center")
    box(ax, (2.5, 3.4), 2.6, 0.6, "weight < 1 carat?", color="blue")
    box(ax, (3.75, 2.1), 2.3, 0.6, "clarity VS2\nor better?", color="blue", fontsize=11)
    leaves = [(1.0, 2.1, "\\$1,600"), (2.75, 0.8, "\\$7,300"), (4.75, 0.8, "\\$9,200")]
    for x, y, price in leaves:
        box(ax, (x, y), 1.25, 0.55, price, color="orange")
    arrow(ax, (2.2, 3.1), (1.1, 2.38), "yes")
    arrow(ax, (2.8, 3.1), (3.65, 2.4), "no")
    arrow(ax, (3.5, 1.8), (2.85, 1.08), "no")
    arrow(ax, (4.0, 1.8), (4.65, 1.08), "yes")

    plot = fig.add_axes([0.59, 0.16, 0.38, 0.7])
    carat = np.linspace(0.2, 2.6, 600)
    price = 16 * carat**1.9 / (0.55 * carat**1.9 + 2.1)
    # Boosting on the true curve: each tree is one step that mends a part of what is left.
    mended, kept = np.full_like(price, price.mean()), {}
    for number in range(1, 101):
        rest = price - mended
        splits = range(20, 580, 4)
        errors = [rest[:k].var() * k + rest[k:].var() * (600 - k) for k in splits]
        k = list(splits)[int(np.argmin(errors))]
        step = np.where(np.arange(600) < k, rest[:k].mean(), rest[k:].mean())
        mended = mended + 0.3 * step
        kept[number] = mended
    plot.plot(carat, kept[1], color=COLORS["orange"], linestyle=":", label="1 tree")
    plot.plot(carat, kept[10], color=COLORS["vermillion"], linestyle="--", label="10 trees")
    plot.plot(carat, kept[100], color=COLORS["blue"], label="100 trees")
    plot.plot(carat, price, color=INK, linewidth=1, label="smooth curve of a network")
    plot.set(xlabel="weight (carat)", ylabel="price (1,000 dollars)", ylim=(0, 22))
    plot.legend(loc="upper left", fontsize=10)
    return fig
