"""Shared style and building blocks of the lesson's drawings.

A drawing's coordinates are inches from its lower left corner, so that sizes of shapes and
of text (points, 1/72 inch) are known before anything is drawn.
"""

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

# The palette of Okabe and Ito (2008), "Color universal design", for edges, lines and fills.
COLORS = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#000000",
}
GROUND = "#fbfaf7"
INK = "#1f1f1f"  # text and arrows; contrast with the ground about 16:1
MUTED = "#595959"  # secondary text; contrast with the ground about 6.7:1

# Settings under which each ``draw`` is called.
STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 12,
    "mathtext.fontset": "dejavusans",
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": 13,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "lines.linewidth": 2,
    "legend.frameon": False,
    "svg.fonttype": "path",
}


def tint(color, strength=0.18):
    """Return a light form of a colour, on which dark text can be read.

    Parameters
    ----------
    color : str
        A name in `COLORS`, or any colour that Matplotlib knows.
    strength : float, default 0.18
        Share of the colour, between 0 (the ground) and 1 (the colour itself).

    Returns
    -------
    tuple of float
        Red, green and blue, between 0 and 1.
    """
    strong, light = to_rgb(COLORS.get(color, color)), to_rgb(GROUND)
    return tuple(strength * a + (1 - strength) * b for a, b in zip(strong, light, strict=True))


def new_figure(width, height):
    """Return a figure with a rounded, opaque ground and an empty axes over all of it.

    Parameters
    ----------
    width, height : float
        Size in inches.

    Returns
    -------
    fig : matplotlib.figure.Figure
        The figure; ``fig.add_axes`` adds axes for a plot with scales.
    ax : matplotlib.axes.Axes
        Axes without frame or ticks, from (0, 0) to (`width`, `height`).
    """
    fig = Figure(figsize=(width, height), facecolor="none")
    ax = fig.add_axes([0, 0, 1, 1])
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_axis_off()
    rounding = 0.15
    ax.add_patch(
        FancyBboxPatch(
            (rounding, rounding),
            width - 2 * rounding,
            height - 2 * rounding,
            boxstyle=f"round,pad={rounding}",
            facecolor=GROUND,
            edgecolor="none",
            zorder=-10,
        )
    )
    return fig, ax


def neuron(ax, xy, label="", *, color="blue", radius=0.3, fontsize=13):
    """Draw a neuron as a circle with a label inside.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes of `new_figure`.
    xy : tuple of float
        Centre, in inches.
    label : str, optional
        Text inside the circle.
    color : str, default "blue"
        A name in `COLORS`, or any colour that Matplotlib knows.
    radius : float, default 0.3
        Radius in inches.
    fontsize : float, default 13
        Size of the label in points.
    """
    edge = COLORS.get(color, color)
    ax.add_patch(Circle(xy, radius, facecolor=tint(edge), edgecolor=edge, linewidth=2, zorder=3))
    ax.text(*xy, label, ha="center", va="center", fontsize=fontsize, zorder=4)


def arrow(
    ax,
    start,
    end,
    label="",
    *,
    color=INK,
    gap=(0, 0),
    label_at=0.5,
    linestyle="-",
    linewidth=1.5,
    curve=0,
    head=True,
    fontsize=12,
):
    """Draw an arrow, with a label on the line if one is given.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes of `new_figure`.
    start, end : tuple of float
        From where to where, in inches.
    label : str, optional
        Text on the line, on a piece of ground that interrupts the line.
    color : str, optional
        A name in `COLORS`, or any colour that Matplotlib knows.
    gap : tuple of float, default (0, 0)
        Inches left free at the start and at the end, the radius of a neuron, say.
    label_at : float, default 0.5
        Place of the label, from 0 (start) to 1 (end).
    linestyle : str, default "-"
        Matplotlib line style.
    linewidth : float, default 1.5
        Width of the line in points.
    curve : float, default 0
        Bend of the line as a share of its length; positive bends to the right.
    head : bool, default True
        Whether the line ends in an arrow head.
    fontsize : float, default 12
        Size of the label in points.
    """
    color = COLORS.get(color, color)
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>" if head else "-",
            mutation_scale=14,
            connectionstyle=f"arc3,rad={curve}",
            shrinkA=72 * gap[0],
            shrinkB=72 * gap[1],
            color=color,
            linestyle=linestyle,
            linewidth=linewidth,
            zorder=2,
        )
    )
    if label:
        x, y = (a + label_at * (b - a) for a, b in zip(start, end, strict=True))
        ground = {"facecolor": GROUND, "edgecolor": "none", "pad": 1.5}
        ax.text(x, y, label, ha="center", va="center", fontsize=fontsize, bbox=ground, zorder=2.5)


def box(
    ax,
    xy,
    width,
    height,
    label="",
    *,
    color="blue",
    fontsize=12,
    strength=0.18,
    linestyle="-",
    zorder=3,
):
    """Draw a rounded box with centred text.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes of `new_figure`.
    xy : tuple of float
        Centre, in inches.
    width, height : float
        Size in inches.
    label : str, optional
        Text in the box; a line break starts a new line.
    color : str, default "blue"
        A name in `COLORS`, or any colour that Matplotlib knows.
    fontsize : float, default 12
        Size of the text in points.
    strength : float, default 0.18
        Strength of the fill, see `tint`.
    linestyle : str, default "-"
        Line style of the edge.
    zorder : float, default 3
        Drawing order; arrows have 2, neurons 3.
    """
    edge = COLORS.get(color, color)
    rounding = min(0.12, width / 4, height / 4)
    ax.add_patch(
        FancyBboxPatch(
            (xy[0] - width / 2 + rounding, xy[1] - height / 2 + rounding),
            width - 2 * rounding,
            height - 2 * rounding,
            boxstyle=f"round,pad={rounding}",
            facecolor=tint(edge, strength),
            edgecolor=edge,
            linewidth=1.8,
            linestyle=linestyle,
            zorder=zorder,
        )
    )
    ax.text(*xy, label, ha="center", va="center", fontsize=fontsize, zorder=zorder + 1)
