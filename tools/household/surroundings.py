"""What stands around an object: ground, walls, greenery and clutter, whatever its class."""

import numpy as np

from household.camera import View
from household.colours import from_hsv, household_colour, pattern
from household.materials import Material, paint
from household.objects import CLASS_NAMES, OBJECTS
from household.objects.thing import Thing
from household.shapes import (
    Mesh,
    bounds,
    ellipsoid,
    lathe,
    move,
    rotate,
    rounded_box,
    scale,
    smooth_curve,
    surface,
    transform,
)

MOST_CLUTTER = 4
OTHER_CLASS_CHANCE = 0.2
HOUSE = CLASS_NAMES.index("tile roof")


def dull_colour(rng) -> np.ndarray:
    """Return a colour of walls and floors: drawn as any other, then greyed."""
    colour = household_colour(rng)
    return colour + (colour.mean() - colour) * rng.uniform(0.2, 0.85)


def square(size: float, material: Material, repeat: float) -> Mesh:
    """Return a level square about the origin with sides of twice the size."""
    corners = np.array([[[-1, -1, 0], [1, -1, 0]], [[-1, 1, 0], [1, 1, 0]]], float)
    return surface(corners * size, material, repeat=(repeat, repeat))


def surroundings(place: str, things, view: View, rng) -> list[Mesh]:
    """Return the ground and, by place, a table, walls, or greenery and houses far off."""
    low, high = bounds(things)
    kinds = ["plain", "noise", "wood", "tiles", "checks", "speckle", "brick"]
    kind = rng.choice(kinds, p=[0.27, 0.2, 0.22, 0.15, 0.05, 0.08, 0.03])
    finish = rng.choice(["diffuse", "satin", "glossy"], p=[0.7, 0.18, 0.12])
    ground = paint(rng, pattern(rng, kind, dull_colour(rng), size=256), finish)
    parts, ground_level = [], -0.002
    if place == "table":
        reach = max(abs(low[:2]).max(), abs(high[:2]).max())
        width, depth = (
            reach + view.half * rng.uniform(0.1, 2),
            reach + view.half * rng.uniform(0.05, 1),
        )
        thick = 0.08 * view.half
        centre = (0, 0, -thick / 2 - 0.002)
        board = rounded_box(
            (2 * width, 2 * depth, thick), centre, ground, 0.01, repeat=rng.uniform(0.7, 2)
        )
        parts += transform(board, rotate("z", rng.uniform(-20, 20)))
        ground_level = -view.half * rng.uniform(0.8, 2.5)
        ground = paint(rng, pattern(rng, first=dull_colour(rng)), "diffuse")
    far = 40 * view.half
    floor = square(far, ground, 40 * rng.uniform(0.3, 1.2))
    parts += transform([floor], move(0, 0, ground_level) @ rotate("z", rng.uniform(0, 90)))
    if place == "open":
        return parts + outdoors(view, rng)
    return parts + walls(high, ground_level, view, rng)


def walls(high, ground_level: float, view: View, rng) -> list[Mesh]:
    """Return a wall behind, sometimes one beside, and sometimes a picture or board on it."""
    behind = max(high[1], 0) + view.half * rng.uniform(0.15, 3)
    kinds = ["plain", "noise", "tiles", "brick", "wood", "stripes", "dots", "checks"]
    kind = rng.choice(kinds, p=[0.4, 0.1, 0.17, 0.1, 0.08, 0.08, 0.04, 0.03])
    picture = pattern(rng, kind, dull_colour(rng), size=256)
    material = paint(rng, picture, "diffuse" if rng.random() < 0.85 else "glossy")
    wall = square(40 * view.half, material, 40 * rng.uniform(0.25, 1))
    back = rotate("z", rng.uniform(-15, 15)) @ move(0, behind, ground_level) @ rotate("x", 90)
    parts = transform([wall], back)
    if rng.random() < 0.3:
        x = rng.choice([-1, 1]) * (high[0] + view.half * rng.uniform(0.6, 2))
        side = rotate("z", rng.uniform(-15, 15)) @ move(x, 0, ground_level) @ rotate("y", 90)
        parts += transform([wall], side)
    if rng.random() < 0.35:
        size = view.half * np.array([rng.uniform(0.5, 2), 0.05, rng.uniform(0.3, 1.2)])
        x, z = rng.uniform(-2, 2) * view.half, rng.uniform(0, 2) * view.half
        parts += rounded_box(size, (x, behind - 0.1, z), paint(rng, pattern(rng)), 0.01)
    return parts


def outdoors(view: View, rng) -> list[Mesh]:
    """Return up to four bushes, blocks or houses some way behind."""
    parts = []
    for _ in range(int(rng.integers(0, 5))):
        away, size = rng.uniform(2, 8) * view.half, rng.uniform(0.5, 3) * view.half
        x = rng.uniform(-1.2, 1.2) * away
        kind = rng.choice(["bush", "block", "house"], p=[0.5, 0.25, 0.25])
        if kind == "bush":
            green = from_hsv(rng.uniform(0.2, 0.38), 0.5, rng.uniform(0.2, 0.5))
            leaves = Material(pattern(rng, "noise", green, green * 0.3))
            parts.append(ellipsoid((x, away, size * 0.4), size * rng.uniform(0.5, 1, 3), leaves))
        elif kind == "block":
            centre = (x, away, size * 0.7)
            parts += rounded_box((size, size, size * 1.5), centre, paint(rng, pattern(rng)), 0.01)
        else:
            parts += placed(OBJECTS[HOUSE](rng), size * 2, (x, away, 0), rng.uniform(-40, 40))
    return parts


def placed(thing: Thing, size: float, position, turn: float) -> list[Mesh]:
    """Return a thing turned and scaled to a diagonal, its foot at a position."""
    parts = thing.body + thing.setting
    low, high = bounds(parts)
    middle = move(-(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2, -low[2])
    factor = scale(size / np.linalg.norm(high - low))
    return transform(parts, move(*position) @ rotate("z", turn) @ factor @ middle)


def plain_thing(rng) -> Thing:
    """Return a box, a cone, an ellipsoid or a vase."""
    material, size = paint(rng), rng.uniform(0.3, 1, 3)
    kind = rng.choice(["box", "cone", "ellipsoid", "vase"])
    if kind == "box":
        radius = rng.uniform(0.005, 0.15)
        parts = rounded_box(size, (0, 0, size[2] / 2), material, radius, repeat=rng.uniform(0.5, 2))
    elif kind == "cone":
        outline = [(0.001, 0), (size[0] / 2, 0), (size[1] / 2, size[2]), (0.001, size[2])]
        parts = [lathe(outline, material)]
    elif kind == "ellipsoid":
        parts = [ellipsoid((0, 0, size[2] / 2), size / 2, material)]
    else:
        widths = [rng.uniform(0.1, 0.3), rng.uniform(0.1, 0.45), rng.uniform(0.05, 0.3), 0.1]
        outline = smooth_curve(np.column_stack([widths, [0, 0.4, 0.8, 1]]), 20)
        parts = [lathe(np.concatenate([[(0.001, 0)], outline]), material)]
    return Thing(parts, 180, (0, 90), [])


def clutter_beside(label: int, subject, view: View, rng) -> tuple[list[Mesh], int, int]:
    """Return one to four things left and right, mostly half out of view.

    A fifth of them are objects of another class. Also returns how many things there are, and how
    many of another class.
    """
    low, high = bounds(subject)
    centre = (low + high) / 2
    level = 0 if centre[2] < 1.2 * view.half else centre[2] - view.half * rng.uniform(0.4, 1.2)
    away = -np.append(view.backward[:2], 0) / (np.linalg.norm(view.backward[:2]) + 1e-9)
    parts, n_things, n_other = [], int(rng.integers(1, MOST_CLUTTER + 1)), 0
    for _ in range(n_things):
        if rng.random() < OTHER_CLASS_CHANCE:
            thing = OBJECTS[int(rng.choice(np.delete(np.arange(len(OBJECTS)), label)))](rng)
            n_other += 1
        else:
            thing = plain_thing(rng)
        aside = rng.choice([-1, 1]) * view.half * rng.uniform(0.8, 1.35)
        position = centre + view.right * aside + away * view.half * rng.uniform(-0.3, 1.5)
        position[2] = level
        size = 2 * view.half * rng.uniform(0.3, 0.85)
        parts += placed(thing, size, position, rng.uniform(0, 360))
    return parts, n_things, n_other
