"""What happens at the border of a picture: no padding, padding with zeros, and a stride of two."""

from _pixels import block, frame, pixel_grid
from _style import MUTED, STYLE, arrow, new_figure
from matplotlib import rc_context

SIDE = 0.27


@rc_context(STYLE)
def draw():
    """Draw the three cases, each with the input above and the output below."""
    fig, ax = new_figure(9, 5.4)
    blank = [[""] * 6] * 6
    padded = [["0"] * 8, *[["0", *[""] * 6, "0"]] * 6, ["0"] * 8]
    ring = {
        **block([0, 7], range(8), "orange", 0.3),
        **block(range(8), [0, 7], "orange", 0.3),
    }
    cases = [
        (1.55, "no padding, stride 1", "“valid”", blank, {}, 1, 4),
        (4.5, "padding with zeros, stride 1", "“same”", padded, ring, 1, 6),
        (7.45, "no padding, stride 2", "strides=2", [[""] * 7] * 7, {}, 2, 3),
    ]
    for centre, title, name, values, fills, stride, n_output in cases:
        size = len(values)
        left, top = centre - size * SIDE / 2, 3.35 + size * SIDE / 2
        ax.text(centre, 5.1, title, ha="center", va="center", fontsize=12.5)
        ax.text(centre, 4.8, name, ha="center", va="center", color=MUTED)
        pixel_grid(ax, (left, top), values, SIDE, fills=fills, fontsize=11)
        frame(ax, (left, top), SIDE, 3, 3)
        second = (left + stride * SIDE, top)
        frame(ax, second, SIDE, 3, 3, "blue", linestyle=":")
        arrow(ax, (centre, 2.2), (centre, 1.97))
        bottom_left, bottom_top = centre - n_output * SIDE / 2, 1.08 + n_output * SIDE / 2
        pixel_grid(ax, (bottom_left, bottom_top), [[""] * n_output] * n_output, SIDE)
        frame(ax, (bottom_left, bottom_top), SIDE, 1, 1)
        frame(ax, (bottom_left + SIDE, bottom_top), SIDE, 1, 1, "blue", linestyle=":")
        side = f"{size - 2 if name == '“same”' else size}"
        ax.text(
            centre + n_output * SIDE / 2 + 0.12,
            1.08,
            f"{side} × {side}\n→ {n_output} × {n_output}",
            ha="left",
            va="center",
            fontsize=11,
        )
    return fig
