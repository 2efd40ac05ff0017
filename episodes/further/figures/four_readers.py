"""Four ways to read seven days: one long row, step by step, in threes, and all at once."""

from _style import COLORS, STYLE, arrow, box, new_figure
from matplotlib import rc_context

DAYS = range(7)
STEP, SIZE = 0.62, 0.42
# Heights of the days, the boxes in the middle, and the prediction.
DAY, MIDDLE, OUTPUT = 0.75, 2.05, 3.3


def place(left, day):
    """Return the x of a day in a panel."""
    return left + (day + 0.5) * STEP


def days(ax, left, title):
    """Draw the seven days of a panel, its title, and the prediction at the top."""
    for day in DAYS:
        box(ax, (place(left, day), DAY), SIZE, SIZE, str(day + 1), color="orange", fontsize=11)
    middle = place(left, 3)
    box(ax, (middle, OUTPUT), 1.5, SIZE, "tomorrow", color="vermillion", fontsize=11)
    ax.text(middle, 3.95, title, ha="center", va="center", fontsize=12.5, weight="bold")
    return middle


def up(ax, start, end, **options):
    """Draw an arrow from the top of a box to the bottom of another."""
    x, y = start
    arrow(ax, (x, y + SIZE / 2), (end[0], end[1] - SIZE / 2), **options)


@rc_context(STYLE)
def draw():
    """Draw the four panels, two above two, data flowing upwards."""
    fig, _ = new_figure(10.2, 8.6)
    draw_panel = {
        (0.45, 4.2): dense,
        (5.45, 4.2): recurrent,
        (0.45, 0.0): convolution,
        (5.45, 0.0): attention,
    }
    for (left, bottom), panel in draw_panel.items():
        part = fig.add_axes([0, bottom / 8.6, 1, 4.4 / 8.6])
        part.set(xlim=(0, 10.2), ylim=(0, 4.4))
        part.set_axis_off()
        panel(part, left)
    return fig


def dense(ax, left):
    """Draw one row of hidden neurons that gets all days at once."""
    middle = days(ax, left, "dense: one long row")
    box(ax, (middle, MIDDLE), 6.4 * STEP, SIZE, "separate weights for each day", fontsize=11)
    for day in DAYS:
        x = place(left, day)
        up(ax, (x, DAY), (x, MIDDLE))
    up(ax, (middle, MIDDLE), (middle, OUTPUT))


def recurrent(ax, left):
    """Draw a state that goes from day to day."""
    days(ax, left, "recurrent: day after day, with a state")
    for day in DAYS:
        x = place(left, day)
        box(ax, (x, MIDDLE), SIZE, SIZE, "", fontsize=11)
        up(ax, (x, DAY), (x, MIDDLE))
        if day:
            arrow(
                ax,
                (x - STEP + SIZE / 2, MIDDLE),
                (x - SIZE / 2, MIDDLE),
                color="vermillion",
                linewidth=2.2,
            )
    ax.text(left + 1.4, MIDDLE + 0.48, "state", ha="center", fontsize=11)
    up(ax, (place(left, 6), MIDDLE), (place(left, 3) + 0.5, OUTPUT))


def convolution(ax, left):
    """Draw a kernel that sees three days at each of five places."""
    middle = days(ax, left, "convolution: the same three-day kernel")
    for day in range(5):
        x = place(left, day + 1)
        box(ax, (x, MIDDLE), SIZE, SIZE, "", fontsize=11, color="green")
        for seen in (day, day + 1, day + 2):
            chosen = day == 0
            up(
                ax,
                (place(left, seen), DAY),
                (x, MIDDLE),
                color="green" if chosen else COLORS["black"],
                linewidth=2.4 if chosen else 0.7,
                head=chosen,
            )
        up(ax, (x, MIDDLE), (middle + 0.12 * (day - 2), OUTPUT))


def attention(ax, left):
    """Draw that each day looks at all seven, with weights of different size."""
    middle = days(ax, left, "attention: each day looks at all days")
    weights = [0.7, 0.7, 0.7, 2.0, 0.7, 3.6, 5.0]
    for day in DAYS:
        x = place(left, day)
        box(ax, (x, MIDDLE), SIZE, SIZE, "", fontsize=11, color="purple")
        up(ax, (x, MIDDLE), (middle + 0.08 * (day - 3), OUTPUT))
        for seen in DAYS:
            chosen = day == 6
            up(
                ax,
                (place(left, seen), DAY),
                (x, MIDDLE),
                color="purple" if chosen else COLORS["black"],
                linewidth=weights[seen] if chosen else 0.4,
                head=False,
            )
