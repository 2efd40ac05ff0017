"""Four folds of a cross-validation."""

from _style import INK, STYLE, box, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw four trainings as rows of four boxes, each with another box to validate."""
    fig, ax = new_figure(9, 3.7)
    for row in range(4):
        y = 3.2 - 0.72 * row
        ax.text(0.3, y, f"training {row + 1}", va="center", fontsize=12.5, color=INK)
        for part in range(4):
            chosen = part == row
            box(
                ax,
                (2.5 + 1.45 * part, y),
                1.35,
                0.52,
                "validate" if chosen else "train",
                color="orange" if chosen else "blue",
                strength=0.5 if chosen else 0.12,
                linestyle="-" if chosen else ":",
            )
        ax.text(7.75, y, f"score {row + 1}", va="center", fontsize=12.5, color=INK)
    ax.text(7.75, 0.4, "→ their mean", va="center", fontsize=12.5, color=INK)
    return fig
