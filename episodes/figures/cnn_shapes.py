"""The shapes of what flows through the convolutional network, layer by layer."""

from _style import COLORS, INK, MUTED, STYLE, arrow, new_figure, tint
from matplotlib import rc_context
from matplotlib.patches import Rectangle

# Rows and columns, channels, colour, name of the layer that makes it, its parameters.
STAGES = [
    (64, "3", "orange", "picture", ""),
    (62, "50", "blue", "convolution", "1,400"),
    (31, "50", "green", "pooling", "0"),
    (29, "50", "blue", "convolution", "22,550"),
    (14, "50", "green", "pooling", "0"),
]
VECTORS = [
    ("9,800", 2.3, "sky", "flatten", "0"),
    ("50", 1.0, "blue", "dense", "490,050"),
    ("10", 0.55, "purple", "dense", "510"),
]


@rc_context(STYLE)
def draw():
    """Draw each shape as a stack of sheets or a bar, with its size and its parameters."""
    fig, ax = new_figure(9, 4.3)
    middle, x = 2.55, 0.25
    end = None
    for pixels, channels, color, name, parameters in STAGES:
        side = 0.0165 * pixels
        sheets = 3 if channels == "3" else 5
        offset = 0.055
        if end:
            arrow(ax, (end, middle), (x - 0.02, middle), linewidth=1.2)
        for sheet in range(sheets - 1, -1, -1):
            ax.add_patch(
                Rectangle(
                    (x + sheet * offset, middle - side / 2 + sheet * offset),
                    side,
                    side,
                    facecolor=tint(color, 0.25),
                    edgecolor=COLORS[color],
                    linewidth=1.3,
                    zorder=4 + sheets - sheet,
                )
            )
        centre = x + (side + (sheets - 1) * offset) / 2
        _label(ax, centre, name, f"{pixels} × {pixels}\n× {channels}", parameters)
        end = x + side + (sheets - 1) * offset + 0.05
        x = max(end, centre + 0.42) + 0.2
    for size, height, color, name, parameters in VECTORS:
        arrow(ax, (end, middle), (x + 0.12, middle), linewidth=1.2)
        ax.add_patch(
            Rectangle(
                (x + 0.15, middle - height / 2),
                0.16,
                height,
                facecolor=tint(color, 0.3),
                edgecolor=COLORS[color],
                linewidth=1.5,
                zorder=4,
            )
        )
        _label(ax, x + 0.23, name, size, parameters)
        end, x = x + 0.36, x + 0.8
    ax.text(0.15, 0.28, "parameters:", color=MUTED, fontsize=11, va="center")
    return fig


def _label(ax, x, name, size, parameters):
    ax.text(x, 4.0, name, ha="center", va="center", fontsize=11, color=INK)
    ax.text(x, 0.85, size, ha="center", va="center", fontsize=11)
    if parameters:
        ax.text(x, 0.28, parameters, ha="center", va="center", fontsize=11, color=MUTED)
