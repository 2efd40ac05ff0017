"""Table lamp: a foot with a shade, or a desk lamp with a jointed arm; on or off."""

from dataclasses import replace

import numpy as np

from household.colours import household_colour, pattern
from household.materials import Material, metal, paint
from household.objects.thing import Thing
from household.shapes import (
    Mesh,
    ellipsoid,
    lathe,
    move,
    ring,
    rotate,
    smooth_curve,
    straight,
    transform,
    tube,
)

WARM_WHITE = np.array([1, 0.8, 0.5])


def table_lamp(rng) -> Thing:
    """Draw a lamp about 0.9 high."""
    base = metal(rng) if rng.random() < 0.35 else paint(rng, white=0.2)
    colour, lit = household_colour(rng, 0.4, 0.4), rng.random() < 0.45
    if rng.random() < 0.12:
        return Thing(desk_lamp(rng, base, colour, lit), 35, (0, 25), [])
    height = rng.uniform(0.4, 0.7)
    parts = foot(rng, height, base) + shade(rng, height, base, colour, lit)
    return Thing(parts, 180, (0, 22), [])


def foot(rng, height, material) -> list[Mesh]:
    """Return a slim, a bulging or a stepped foot, or three legs."""
    kind = rng.choice(["slim", "vase", "stepped", "tripod"], p=[0.3, 0.4, 0.2, 0.1])
    if kind == "tripod":
        legs = []
        for angle in (0, 2.1, 4.2):
            start = (0.22 * np.cos(angle), 0.22 * np.sin(angle), 0)
            legs.append(tube(straight(start, (0, 0, height)), 0.02, material))
        return legs
    if kind == "slim":
        profile = [(0.001, 0), (0.17, 0), (0.16, 0.03), (0.03, 0.05), (0.024, height)]
    elif kind == "vase":
        outline = [
            (rng.uniform(0.09, 0.17), 0),
            (rng.uniform(0.12, 0.22), height * 0.25),
            (rng.uniform(0.07, 0.18), height * 0.55),
            (rng.uniform(0.03, 0.08), height * 0.8),
            (0.025, height * 0.9),
            (0.022, height),
        ]
        profile = np.concatenate([[(0.001, 0)], smooth_curve(outline, 26)])
    else:
        profile = [
            (0.001, 0),
            (0.16, 0),
            (0.16, 0.04),
            (0.05, 0.06),
            (0.09, height * 0.4),
            (0.03, height * 0.7),
            (0.022, height),
        ]
    return [lathe(profile, material)]


def shade(rng, height, rim, colour, lit) -> list[Mesh]:
    """Return a cone or a dome above the foot, its rims, and the bulb inside."""
    radius, tall = rng.uniform(0.24, 0.38), rng.uniform(0.26, 0.4)
    top, foot_height = radius * rng.uniform(0.45, 0.95), height - tall * 0.12
    material = Material(pattern(rng, None, colour) if rng.random() < 0.25 else colour)
    profile = np.array([(radius, foot_height), (top, foot_height + tall)])
    if rng.random() < 0.2:
        dome = [(1, 0), (0.95, 0.4), (0.7, 0.8), (0.2, 1)]
        profile = smooth_curve(np.array(dome) * [radius, tall] + [0, foot_height], 12)
    cover = lathe(profile, material)
    bulb = ellipsoid((0, 0, foot_height + tall * 0.45), 0.06, Material(np.full(3, 0.9)))
    if lit:
        cover = replace(cover, emission=colour * WARM_WHITE * rng.uniform(0.25, 0.7))
        bulb = replace(bulb, emission=WARM_WHITE * rng.uniform(3, 7))
    rims = [ring((0, 0, z), r, r, 0.008, rim) for r, z in (profile[0], profile[-1])]
    return [cover, bulb, *rims]


def desk_lamp(rng, base, colour, lit) -> list[Mesh]:
    """Return a foot plate, two arms and a tilted head."""
    side = rng.choice([-1, 1])
    elbow = np.array([-side * rng.uniform(0.1, 0.25), 0, rng.uniform(0.38, 0.5)])
    end = elbow + np.array([side * rng.uniform(0.25, 0.35), 0, rng.uniform(0.15, 0.3)])
    head = lathe(
        smooth_curve([(0.03, 0.1), (0.07, 0.07), (0.14, -0.06), (0.18, -0.14)], 12),
        paint(rng, colour, "glossy"),
    )
    bulb = ellipsoid((0, 0, -0.06), 0.06, Material(np.full(3, 0.9)))
    if lit:
        bulb = replace(bulb, emission=WARM_WHITE * 3)
    return [
        lathe([(0.001, 0), (0.18, 0), (0.17, 0.04), (0.001, 0.05)], base),
        tube(straight((0, 0, 0.04), elbow), 0.022, base),
        tube(straight(elbow, end), 0.022, base),
        ellipsoid(elbow, 0.038, base),
        *transform([head, bulb], move(*end) @ rotate("y", -side * rng.uniform(15, 45))),
    ]
