"""Callbacks: the moments of a training at which Keras calls them."""

from _style import INK, MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context

ROWS = [
    ("ModelCheckpoint", "save, if best so far"),
    ("EarlyStopping", "stop, if no progress"),
    ("ReduceLROnPlateau", "shorter steps"),
    ("GapWatch (our own)", "note the gap"),
]
EPOCHS = [(2.15, "epoch 1"), (4.1, "epoch 2"), (6.05, "epoch 3")]
WIDTH = 1.65


@rc_context(STYLE)
def draw():
    """Draw a time line with three epochs and what is called after each."""
    fig, ax = new_figure(10, 4.7)
    ax.text(0.35, 4.3, "fit", fontsize=13, va="center", weight="bold")
    arrow(ax, (0.9, 3.75), (9.7, 3.75), color=MUTED)
    ax.text(9.65, 4.0, "time", color=MUTED, ha="right", va="center")
    for left, name in EPOCHS:
        middle = left + WIDTH / 2
        ax.text(middle, 4.3, name, ha="center", va="center")
        for number in range(5):
            box(ax, (left + 0.2 + 0.28 * number, 3.75), 0.2, 0.36, color="orange")
        arrow(ax, (left + WIDTH, 3.55), (left + WIDTH, 2.62))
    ax.text(1.45, 4.3, "batches", ha="center", va="center", color=MUTED)
    arrow(ax, (1.8, 4.2), (2.25, 3.98), color=MUTED)
    for x, name in ((1.05, "on_train_begin"), (9.0, "on_train_end")):
        arrow(ax, (x, 3.65), (x, 3.12))
        ax.text(x, 2.95, name, ha="center", va="center", family="DejaVu Sans Mono", fontsize=10)
    for left, _ in EPOCHS:
        ax.text(
            left + WIDTH,
            2.42,
            "on_epoch_end",
            ha="center",
            va="center",
            family="DejaVu Sans Mono",
            fontsize=10,
        )
    for number, (name, action) in enumerate(ROWS):
        y = 1.98 - 0.45 * number
        ax.text(0.35, y, name, ha="left", va="center", color=INK, fontsize=11)
        for left, _ in EPOCHS:
            color = "green" if number == 3 else "blue"
            box(ax, (left + WIDTH, y), 1.78, 0.36, action, color=color, fontsize=9.5)
    return fig
