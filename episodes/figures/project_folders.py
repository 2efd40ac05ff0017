"""Folders of a deep learning project, and what uses what."""

from _style import MUTED, STYLE, arrow, box, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw the parts of a project from the data to the table of results."""
    fig, ax = new_figure(9, 4.3)
    parts = {
        "data": ((1.28, 2.15), "data\nnever edited by hand;\na note on origin", "orange"),
        "notebooks": (
            (4.5, 2.15),
            "notebooks\none experiment each:\nwhy, what, conclusion",
            "blue",
        ),
        "results": ((7.7, 2.15), "results\none table: model,\nmetric, test set, commit", "purple"),
        "modules": ((4.5, 3.6), "modules\ncode used more than once", "green"),
        "versions": ((4.5, 0.7), "package versions, seeds", "sky"),
    }
    sizes = {"data": (2.2, 1.2), "modules": (2.6, 0.8), "versions": (2.6, 0.6)}
    for name, (centre, label, color) in parts.items():
        box(ax, centre, *sizes.get(name, (2.3, 1.2)), label, color=color, fontsize=11.5)
    arrow(ax, (2.38, 2.15), (3.3, 2.15), color=MUTED)
    arrow(ax, (5.68, 2.15), (6.52, 2.15), color=MUTED)
    arrow(ax, (4.5, 3.17), (4.5, 2.8), color=MUTED)
    arrow(ax, (4.5, 1.03), (4.5, 1.5), color=MUTED)
    ax.text(7.7, 3.6, "all of it under\nversion control", ha="center", va="center", color=MUTED)
    return fig
