"""The ten steps of the deep learning workflow."""

from _style import INK, arrow, box, new_figure
from matplotlib.figure import Figure

COLUMNS = (
    (
        "Plan",
        "orange",
        ("1. Formulate\nthe problem", "2. Identify inputs\nand outputs", "3. Prepare data"),
    ),
    (
        "Build and train",
        "blue",
        (
            "4. Choose a pre-\ntrained model or\nbuild your own",
            "5. Choose loss\nand optimiser",
            "6. Train",
        ),
    ),
    ("Judge", "green", ("7. Predict", "8. Measure\nperformance", "9. Refine")),
    ("Share", "purple", ("10. Share\nthe model",)),
)
WIDTH, HEIGHT = 1.75, 0.8


def draw() -> Figure:
    """Draw four columns of steps and the way back from step 9."""
    fig, ax = new_figure(9, 4.8)
    places = {}
    for column, (title, color, steps) in enumerate(COLUMNS):
        x = 1.15 + 2.23 * column
        ax.text(x, 4.47, title, fontsize=13, weight="bold", ha="center", va="center")
        for row, step in enumerate(steps):
            places[len(places) + 1] = (x, 3.75 - 1.07 * row)
            box(ax, (x, 3.75 - 1.07 * row), WIDTH, HEIGHT, step, color=color)
    half = HEIGHT / 2
    for step in (1, 2, 4, 5, 7, 8):
        arrow(ax, places[step], places[step + 1], gap=(half, half))
    for step in (3, 6, 9):
        (x, low), (_, high) = places[step], places[step + 1]
        turn = x + 1.115
        ax.plot([x + WIDTH / 2, turn, turn], [low, low, high], color=INK, linewidth=1.5)
        arrow(ax, (turn, high), (x + 2.23 - WIDTH / 2, high))
    ground = 0.78
    (left, low), (middle, _), (right, _) = places[3], places[6], places[9]
    ax.plot([right, right, left], [low - half, ground, ground], color=INK, lw=1.5, ls="--")
    for x in (left, middle):
        arrow(ax, (x, ground), (x, low - half), linestyle="--")
    ax.text(
        (left + right) / 2,
        0.45,
        "not good enough yet: change the data, the network or the training",
        fontsize=12,
        ha="center",
        va="center",
    )
    ax.text(right + 1.25, 2.35, "good enough", fontsize=12, va="center")
    return fig
