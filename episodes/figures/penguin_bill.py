"""The two measures of a penguin's bill."""

from _style import COLORS, INK, MUTED, new_figure, tint
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch
from matplotlib.path import Path

# Outlines in inches, as points of smooth curves (cubic Bézier) around head and bill.
HEAD = [
    (1.1, 0.35),
    (1.0, 1.2),
    (0.75, 1.7),
    (0.95, 2.4),
    (1.2, 3.25),
    (2.3, 3.35),
    (2.95, 2.75),
    (3.15, 2.55),
    (3.25, 2.45),
    (3.4, 2.38),
    (3.3, 2.15),
    (3.3, 1.95),
    (3.4, 1.75),
    (3.1, 1.6),
    (2.9, 1.45),
    (2.85, 1.15),
    (2.8, 0.85),
    (2.85, 0.6),
    (2.95, 0.35),
]
# The white patch over the eye of a Gentoo.
PATCH = [
    (2.72, 2.55),
    (2.6, 2.85),
    (2.25, 3.02),
    (1.85, 2.98),
    (1.8, 2.8),
    (1.95, 2.72),
    (2.15, 2.68),
    (2.35, 2.62),
    (2.5, 2.5),
    (2.72, 2.55),
]
UPPER_BILL = [
    (3.4, 2.38),
    (4.0, 2.36),
    (4.9, 2.22),
    (5.55, 1.92),
    (5.66, 1.86),
    (5.68, 1.8),
    (5.62, 1.76),
    (5.2, 1.92),
    (4.2, 2.02),
    (3.32, 2.02),
    (3.32, 2.15),
    (3.35, 2.3),
    (3.4, 2.38),
]
LOWER_BILL = [
    (3.32, 2.02),
    (4.2, 2.02),
    (4.9, 1.97),
    (5.3, 1.88),
    (4.9, 1.8),
    (4.2, 1.74),
    (3.4, 1.72),
    (3.34, 1.85),
    (3.32, 1.95),
    (3.32, 2.02),
]


def draw() -> Figure:
    """Draw a head from the side, with an arrow along the bill and one across it."""
    fig, ax = new_figure(8.2, 3.6)
    _outline(ax, HEAD, COLORS["black"], 0.75)
    _outline(ax, UPPER_BILL, COLORS["orange"], 0.75)
    _outline(ax, LOWER_BILL, COLORS["orange"], 0.45)
    _outline(ax, PATCH, COLORS["black"], 0)
    ax.add_patch(Circle((2.6, 2.42), 0.13, facecolor="white", edgecolor=INK, zorder=5))
    ax.add_patch(Circle((2.62, 2.42), 0.07, facecolor=INK, edgecolor="none", zorder=6))
    _measure(ax, (3.4, 2.85), (5.68, 2.85), COLORS["blue"])
    for x, y in ((3.4, 2.38), (5.68, 1.84)):
        ax.plot([x, x], [y, 2.95], color=MUTED, linewidth=1, linestyle=":", zorder=4)
    ax.text(4.54, 3.05, "bill length", ha="center", fontsize=14, color=COLORS["blue"])
    _measure(ax, (6.2, 1.73), (6.2, 2.38), COLORS["vermillion"])
    for x, y in ((3.45, 2.38), (3.45, 1.73)):
        ax.plot([x, 6.3], [y, y], color=MUTED, linewidth=1, linestyle=":", zorder=4)
    ax.text(6.4, 2.055, "bill depth", va="center", fontsize=14, color=COLORS["vermillion"])
    return fig


def _outline(ax, points, color, strength):
    codes = [Path.MOVETO, *[Path.CURVE4] * (len(points) - 1)]
    ax.add_patch(
        PathPatch(
            Path(points, codes),
            facecolor=tint(color, strength),
            edgecolor=INK,
            linewidth=1.5,
            zorder=3,
        )
    )


def _measure(ax, start, end, color):
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="<|-|>",
            mutation_scale=14,
            color=color,
            linewidth=2,
            shrinkA=0,
            shrinkB=0,
            zorder=5,
        )
    )
