"""Training, validation and test set, and what each is for."""

from _style import MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context

# Name, colour, use, and share of the width. The two small sets are drawn wider than their
# share of the rows, so that their names fit.
SETS = [
    ("training set\n767 rows (70 %)", "green", "The weights are\nfitted to it.", 0.52),
    ("validation set\n164 rows (15 %)", "orange", "We watch it and\nchoose by it.", 0.24),
    ("test set\n165 rows (15 %)", "purple", "Opened once,\nat the very end.", 0.24),
]


@rc_context(STYLE)
def draw():
    """Draw three years of days as a bar that is cut into three sets."""
    fig, ax = new_figure(9, 3.2)
    left, width, gap = 0.3, 8.4, 0.12
    box(ax, (left + width / 2, 2.65), width, 0.6, "1,096 days, shuffled", color="sky")
    boxes_width = width - gap * (len(SETS) - 1)
    for name, color, use, share in SETS:
        part = share * boxes_width
        centre = left + part / 2
        arrow(ax, (centre, 2.33), (centre, 1.92), color=color)
        box(ax, (centre, 1.47), part, 0.85, name, color=color)
        ax.text(centre, 0.58, use, ha="center", va="center", color=MUTED, fontsize=12.5)
        left += part + gap
    return fig
