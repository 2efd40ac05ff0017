"""Deep learning inside machine learning inside artificial intelligence."""

from _style import box, new_figure
from matplotlib.figure import Figure

# Left, bottom, width, height in inches; colour; title; text; what else belongs to it.
AREAS = (
    (
        (0.3, 0.3, 7.6, 4.2),
        "orange",
        "Artificial intelligence",
        "a computer does what seems to need intelligence",
        "also rules that\npeople write:\nchess programs,\nroute planning",
    ),
    (
        (2.15, 0.5, 5.55, 2.95),
        "sky",
        "Machine learning",
        "the computer finds the rules in examples",
        "also linear\nregression,\ndecision trees,\nclustering",
    ),
    (
        (4.05, 0.7, 3.45, 1.7),
        "green",
        "Deep learning",
        "neural networks with many\nlayers find useful features\nof the data as well",
        "",
    ),
)


def draw() -> Figure:
    """Draw three nested areas and what belongs to each."""
    fig, ax = new_figure(8.2, 4.8)
    for (left, bottom, width, height), color, title, text, others in AREAS:
        centre = (left + width / 2, bottom + height / 2)
        box(ax, centre, width, height, color=color)
        top = bottom + height
        ax.text(left + 0.2, top - 0.28, title, fontsize=15, weight="bold", va="center", zorder=5)
        ax.text(left + 0.2, top - 0.52, text, fontsize=12, va="top", zorder=5, linespacing=1.3)
        ax.text(
            left + 0.2, bottom + 0.3, others, fontsize=12, va="bottom", zorder=5, linespacing=1.3
        )
    return fig
