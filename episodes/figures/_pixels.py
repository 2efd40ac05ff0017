"""Grids of pixels, as the drawings of convolution and pooling need them."""

from _style import COLORS, GROUND, INK, tint
from matplotlib.patches import Rectangle


def pixel_grid(ax, corner, values, side, *, fills=None, fontsize=13):
    """Draw a grid of square pixels with a text in each.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes of `_style.new_figure`.
    corner : tuple of float
        Upper left corner, in inches.
    values : sequence of sequence
        Rows of texts or numbers, top to bottom; an empty text leaves a pixel blank.
    side : float
        Side of a pixel in inches.
    fills : dict of tuple of int to color, optional
        Fill of single pixels, by row and column.
    fontsize : float, default 13
        Size of the texts in points.
    """
    left, top = corner
    for row, texts in enumerate(values):
        for column, text in enumerate(texts):
            x, y = left + column * side, top - (row + 1) * side
            fill = (fills or {}).get((row, column), GROUND)
            ax.add_patch(
                Rectangle((x, y), side, side, facecolor=fill, edgecolor=INK, linewidth=1, zorder=3)
            )
            text = str(text).replace("-", "\N{MINUS SIGN}")
            ax.text(
                x + side / 2,
                y + side / 2,
                text,
                ha="center",
                va="center",
                fontsize=fontsize,
                zorder=4,
            )


def frame(ax, corner, side, rows, columns, color="vermillion", *, linestyle="-"):
    """Draw a thick frame around some pixels.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes of `_style.new_figure`.
    corner : tuple of float
        Upper left corner of the framed pixels, in inches.
    side : float
        Side of a pixel in inches.
    rows, columns : int
        Number of pixels in the frame.
    color : str, default "vermillion"
        A name in `_style.COLORS`.
    linestyle : str, default "-"
        Line style of the frame.
    """
    left, top = corner
    ax.add_patch(
        Rectangle(
            (left, top - rows * side),
            columns * side,
            rows * side,
            fill=False,
            edgecolor=COLORS[color],
            linewidth=3.5,
            linestyle=linestyle,
            zorder=5,
        )
    )


def block(rows, columns, color, strength=0.3):
    """Return fills that give a rectangle of pixels one colour.

    Parameters
    ----------
    rows, columns : range
        Rows and columns of the rectangle.
    color : str
        A name in `_style.COLORS`.
    strength : float, default 0.3
        See `_style.tint`.

    Returns
    -------
    dict of tuple of int to tuple of float
        Fill of each pixel, for `pixel_grid`.
    """
    return {(row, column): tint(color, strength) for row in rows for column in columns}
