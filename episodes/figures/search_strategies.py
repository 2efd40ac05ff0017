"""Grid search, random search, and a search that learns from what it has tried."""

import numpy as np
from _style import COLORS, MUTED, STYLE, new_figure
from matplotlib import rc_context


@rc_context(STYLE)
def draw():
    """Draw nine trials of each strategy in the same space of two hyperparameters."""
    fig, _ = new_figure(9, 3.8)
    generator = np.random.default_rng(8)
    random = generator.permuted(np.tile(np.linspace(0.06, 0.94, 9), (2, 1)), axis=1).T
    random = random + generator.uniform(-0.04, 0.04, random.shape)
    steps = np.array([0.17, 0.5, 0.83])
    grid = np.array([(x, y) for x in steps for y in steps])
    best = np.array([0.68, 0.5])
    steps_from_best = [[-0.2, 0.2], [0.13, -0.22], [0.04, 0.12], [-0.07, -0.05], [0.08, 0.02]]
    adaptive = np.vstack(
        [
            random[:4],
            best + np.array(steps_from_best),
        ]
    )
    panels = [
        ("grid search", grid, "3 values of each"),
        ("random search", random, "9 values of each"),
        ("search that adapts", adaptive, "later trials near good ones"),
    ]
    for number, (title, trials, text) in enumerate(panels):
        ax = fig.add_axes([0.055 + 0.32 * number, 0.27, 0.26, 0.57])
        width = np.exp(-(((np.linspace(0, 1, 200) - best[0]) / 0.16) ** 2))
        ax.imshow(
            np.tile(width, (2, 1)),
            extent=(0, 1, 0, 1),
            cmap="Greys",
            vmin=0,
            vmax=2.2,
            aspect="auto",
        )
        ax.plot(*trials.T, "o", color=COLORS["vermillion"], markersize=8, markeredgecolor="white")
        ax.plot(
            trials[:, 0],
            np.full(len(trials), -0.05),
            "|",
            color=COLORS["blue"],
            markersize=9,
            markeredgewidth=2,
            clip_on=False,
        )
        ax.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[], title=title)
        ax.spines[["top", "right"]].set_visible(True)
        ax.set_xlabel("important hyperparameter", labelpad=14, fontsize=11)
        if number == 0:
            ax.set_ylabel("unimportant one", fontsize=11)
        fig.text(0.185 + 0.32 * number, 0.055, text, ha="center", color=MUTED, fontsize=11)
    return fig
