"""The same chain of layers in three styles: a list, wires, a closed box."""

from _style import COLORS, MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context

LAYERS = [
    "picture 28 x 28",
    "divide by 255",
    "flatten: 784",
    "dense: 300",
    "dense: 100",
    "dense: 10",
]
STYLES = [
    ("Sequential", "a list: a chain, nothing else"),
    ("functional", "wires: any connections"),
    ("subclassing", "a program: Keras sees a box"),
]
TOP, STEP = 4.35, 0.62


def color_of(number):
    """Return the colour of a layer: input, no parameters, dense, output."""
    return ["orange", "sky", "sky", "blue", "blue", "green"][number]


@rc_context(STYLE)
def draw():
    """Draw the chain three times."""
    fig, ax = new_figure(10, 5.6)
    for index, (name, words) in enumerate(STYLES):
        x = 1.75 + 3.25 * index
        ax.text(x, 5.2, name, ha="center", va="center", fontsize=14, weight="bold")
        ax.text(x, 0.4, words, ha="center", va="center", color=MUTED, fontsize=11)
        if index == 0:
            height = 6 * STEP + 0.1
            box(ax, (x, TOP - 2.5 * STEP), 2.6, height, color="black", strength=0.02, zorder=1)
        if index == 2:
            height = 6 * STEP + 0.1
            box(ax, (x, TOP - 2.5 * STEP), 2.6, height, color="black", strength=0.3, zorder=1)
        for number, layer in enumerate(LAYERS):
            y = TOP - STEP * number
            tall = STEP - (0.12 if index != 1 else 0.22)
            dashed = "--" if index == 2 else "-"
            box(ax, (x, y), 2.1, tall, layer, color=color_of(number), linestyle=dashed, fontsize=11)
            if index == 1 and number:
                arrow(ax, (x, y + STEP), (x, y), gap=(0.2, 0.2), linewidth=1.8)
        if index == 1:
            arrow(
                ax,
                (x + 1.05, TOP - STEP),
                (x + 1.05, TOP - 5 * STEP),
                curve=-0.22,
                linestyle="--",
                color=COLORS["vermillion"],
            )
    return fig
