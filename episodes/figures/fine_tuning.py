"""What is trained in three settings: from scratch, frozen base, fine-tuning."""

from _style import MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context

# Label, and for lower base, upper block and head whether they are trained, and from which start.
SETTINGS = [
    ("from scratch", [(True, "random"), (True, "random"), (True, "random")]),
    ("frozen base", [(False, "ImageNet"), (False, "ImageNet"), (True, "random")]),
    ("fine-tuning", [(False, "ImageNet"), (True, "ImageNet"), (True, "trained head")]),
]
PARTS = [("lower blocks", 2.9, 2.0), ("top block", 5.1, 1.8), ("head", 7.2, 1.8)]


@rc_context(STYLE)
def draw():
    """Draw one row for each setting; trained parts are filled more strongly, and say so."""
    fig, ax = new_figure(8.6, 4.9)
    for name, x, _ in PARTS:
        ax.text(x, 4.5, name, ha="center", va="center", fontsize=13)
    for row, (setting, parts) in enumerate(SETTINGS):
        y = 3.7 - 1.2 * row
        ax.text(0.3, y, setting, va="center", fontsize=13)
        for (_, x, width), (trained, start) in zip(PARTS, parts, strict=True):
            text = f"{'trained' if trained else 'frozen'}\nstart: {start}"
            box(
                ax,
                (x, y),
                width,
                0.85,
                text,
                color="vermillion" if trained else "blue",
                strength=0.32 if trained else 0.08,
                linestyle="-" if trained else "--",
                fontsize=11,
            )
        arrow(ax, (3.9, y), (4.2, y))
        arrow(ax, (6.0, y), (6.3, y))
    ax.text(
        4.3,
        0.4,
        "solid edge: weights change during training;  dashed edge: they stay",
        ha="center",
        va="center",
        fontsize=11,
        color=MUTED,
    )
    return fig
