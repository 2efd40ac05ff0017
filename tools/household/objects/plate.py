"""Plate: round or oval, decorated, empty, with food, or stacked."""

import numpy as np

from household.colours import household_colour, pattern, value_noise
from household.materials import Material, metal, paint
from household.objects.thing import Thing
from household.shapes import ellipsoid, lathe, move, rotate, smooth_curve, straight, transform, tube

RADIUS = 0.5


def plate(rng) -> Thing:
    """Draw a plate of diameter 1."""
    depth, well = rng.uniform(0.06, 0.11), rng.uniform(0.6, 0.72)
    base = household_colour(rng, 0.5, 0.35)
    squeeze = rng.uniform(0.7, 0.85) if rng.random() < 0.1 else 1.0
    inside = smooth_curve(
        [
            (0.001, depth * 0.15),
            (well * 0.3, depth * 0.13),
            (well * 0.5, depth * 0.2),
            (well * 0.58, depth * 0.45),
            (RADIUS * 0.8, depth * 0.8),
            (RADIUS, depth),
        ],
        40,
    )
    outside = [
        (RADIUS, depth),
        (RADIUS * 0.97, depth - 0.025),
        (well * 0.55, 0.01),
        (well * 0.45, 0),
        (0.001, 0),
    ]
    top = lathe(inside, Material(decoration(rng, base), "glossy"), 56, squeeze)
    parts = [top, lathe(outside, Material(base, "glossy"), 56, squeeze)]
    if rng.random() < 0.15:
        parts = transform(parts, move(0, 0, RADIUS * 0.98) @ rotate("x", rng.uniform(65, 80)))
        return Thing(parts, 35, (0, 30), [])
    if rng.random() < 0.2:
        for storey in range(1, int(rng.integers(2, 5))):
            parts += transform(parts[:2], move(rng.uniform(-0.01, 0.01), 0, storey * 0.04))
    elif rng.random() < 0.3:
        parts += food(rng, depth)
    if rng.random() < 0.3:
        parts += cutlery(rng)
    return Thing(parts, 180, (22, 75), [])


def decoration(rng, base, size: int = 128) -> np.ndarray:
    """Return the picture on the inside; u runs round, v from the middle to the rim."""
    v, u = np.mgrid[:size, :size] / size
    picture, accent = np.tile(base, (size, size, 1)), household_colour(rng, 0.1)
    kind = rng.choice(
        ["rim", "segments", "flowers", "middle", "none"], p=[0.35, 0.2, 0.15, 0.1, 0.2]
    )
    if kind == "rim":
        picture[(v > rng.uniform(0.8, 0.93)) & (v < 0.985)] = accent
    elif kind == "segments":
        picture[(v > 0.72) & (v < 0.95) & ((u * int(rng.integers(8, 24))) % 1 < 0.5)] = accent
    elif kind == "flowers":
        picture[(value_noise(rng, size, 3, 6) > 0.55) & (v > 0.65)] = accent
    elif kind == "middle":
        picture[v < 0.5] = accent
    return picture


def food(rng, depth) -> list:
    """Return a few lumps of food in the middle."""
    lumps = []
    for _ in range(int(rng.integers(2, 7))):
        angle, distance, size = (
            rng.uniform(0, 2 * np.pi),
            rng.uniform(0, 0.2),
            rng.uniform(0.04, 0.11),
        )
        centre = (distance * np.cos(angle), distance * np.sin(angle), depth * 0.2 + size * 0.3)
        radii = size * np.array([1, rng.uniform(0.5, 1.2), rng.uniform(0.3, 0.8)])
        colour = pattern(rng, "noise") if rng.random() < 0.5 else household_colour(rng)
        lumps.append(ellipsoid(centre, radii, paint(rng, colour)))
    return lumps


def cutlery(rng) -> list:
    """Return a spoon on one side or on both."""
    steel, parts = metal(rng), []
    for side in rng.choice([-1, 1], int(rng.integers(1, 3)), replace=False):
        parts.append(
            tube(straight((side * 0.62, -0.4, 0.02), (side * 0.62, 0.15, 0.02)), 0.018, steel)
        )
        parts.append(ellipsoid((side * 0.62, 0.28, 0.02), np.array([0.06, 0.13, 0.02]), steel))
    return parts
