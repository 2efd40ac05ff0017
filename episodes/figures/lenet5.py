"""The layers of LeNet-5, one of the first convolutional networks in daily use."""

from _style import COLORS, INK, MUTED, STYLE, arrow, new_figure, tint
from matplotlib import rc_context
from matplotlib.patches import Rectangle

# Rows and columns, number of maps, colour, name of the layer that makes them (LeCun et al., 1998).
STAGES = [
    (32, 1, "orange", "picture"),
    (28, 6, "blue", "convolution\n5 × 5"),
    (14, 6, "green", "pooling"),
    (10, 16, "blue", "convolution\n5 × 5"),
    (5, 16, "green", "pooling"),
]
VECTORS = [(120, 2.0, "blue", "dense"), (84, 1.4, "blue", "dense"), (10, 0.5, "purple", "output")]


@rc_context(STYLE)
def draw():
    """Draw each layer's maps as a stack of sheets or a bar, with their size."""
    fig, ax = new_figure(9, 3.7)
    middle, x, end = 1.95, 0.3, None
    for pixels, n_maps, color, name in STAGES:
        side, offset = 0.038 * pixels, 0.05
        sheets = min(n_maps, 6)
        stack = (sheets - 1) * offset
        if end:
            arrow(ax, (end, middle), (x - 0.03, middle), linewidth=1.2)
        for sheet in range(sheets - 1, -1, -1):
            corner = (x + sheet * offset, middle - side / 2 + sheet * offset)
            ax.add_patch(
                Rectangle(
                    corner,
                    side,
                    side,
                    facecolor=tint(color, 0.25),
                    edgecolor=COLORS[color],
                    linewidth=1.3,
                    zorder=4 + sheets - sheet,
                )
            )
        _label(ax, x + (side + stack) / 2, name, f"{pixels} × {pixels}\n× {n_maps}")
        end = x + side + stack + 0.05
        x = max(end, x + (side + stack) / 2 + 0.5) + 0.22
    for size, height, color, name in VECTORS:
        arrow(ax, (end, middle), (x + 0.1, middle), linewidth=1.2)
        ax.add_patch(
            Rectangle(
                (x + 0.13, middle - height / 2),
                0.16,
                height,
                facecolor=tint(color, 0.3),
                edgecolor=COLORS[color],
                linewidth=1.5,
                zorder=4,
            )
        )
        _label(ax, x + 0.21, name, str(size))
        end, x = x + 0.34, x + 0.75
    return fig


def _label(ax, x, name, size):
    ax.text(x, 3.3, name, ha="center", va="center", fontsize=11, color=INK)
    ax.text(x, 0.5, size, ha="center", va="center", fontsize=11, color=MUTED)
