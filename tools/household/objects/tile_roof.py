"""Tile roof: a slope of barrel, pan or flat tiles, mostly on a house."""

import numpy as np

from household.colours import blend, from_hsv, household_colour, pattern, value_noise
from household.materials import Material, paint
from household.objects.thing import Thing
from household.shapes import (
    Mesh,
    move,
    panel,
    rotate,
    rounded_box,
    straight,
    surface,
    transform,
    tube,
)

STEPS_ACROSS, STEPS_ALONG = 8, 5


def tile_roof(rng) -> Thing:
    """Draw a roof about 2 wide; the camera looks at its front slope."""
    rows, columns = int(rng.integers(6, 11)), int(rng.integers(7, 14))
    width, slope_length, pitch = rng.uniform(1.7, 2.5), rng.uniform(0.9, 1.4), rng.uniform(25, 48)
    earthy = from_hsv(rng.uniform(0, 0.08), rng.uniform(0.4, 0.75), rng.uniform(0.45, 0.85))
    colour = earthy if rng.random() < 0.4 else household_colour(rng, 0.1, 0.3)
    eaves = rng.uniform(0.3, 0.9)
    depth = slope_length * np.cos(np.radians(pitch))
    ridge = eaves + slope_length * np.sin(np.radians(pitch))
    bare = tiles(rng, rows, columns, width, slope_length, colour)
    slope = transform([bare], move(0, -depth, eaves) @ rotate("x", pitch))
    ridge_radius = width / columns * 0.3
    ridge_path = straight((-width / 2, 0, ridge), (width / 2, 0, ridge), 12)
    slope.append(tube(ridge_path, ridge_radius, Material(colour * 0.9)))
    setting = house(rng, width, depth, eaves, ridge) if rng.random() < 0.85 else []
    setting += transform(slope[:1], rotate("z", 180))
    if rng.random() < 0.35:
        brick = paint(rng, pattern(rng, "brick"), "diffuse")
        x, y = rng.uniform(-0.35, 0.35) * width, -depth * rng.uniform(0.2, 0.5)
        setting += rounded_box((0.22, 0.22, 0.5), (x, y, ridge), brick, 0.005)
    return Thing(slope, 40, (5, 38), setting, frame_fill=(0.72, 1.45))


def tiles(rng, rows, columns, width, length, colour) -> Mesh:
    """Return a flat field of overlapping tiles in the plane z = 0, eaves at y = 0."""
    kind = rng.choice(["barrel", "pan", "flat"], p=[0.4, 0.35, 0.25])
    staggered = kind == "flat"
    u, v = np.meshgrid(
        np.linspace(0, columns, columns * STEPS_ACROSS + 1),
        np.linspace(0, rows, rows * STEPS_ALONG + 1),
    )
    row = np.minimum(np.floor(v + 1e-6), rows - 1)
    across = (u + (row % 2) * 0.5 * staggered) % 1
    profile = {
        "barrel": 1.2 * abs(np.sin(across * np.pi)) ** 0.8,
        "pan": 0.5 + 0.5 * np.sin(across * 2 * np.pi),
        "flat": 0.35 * (np.minimum(across, 1 - across) > 0.08),
    }[str(kind)]
    overlap = (1 - (v - row)) * 0.6 * length / rows * rng.uniform(0.6, 1.1)
    z = profile * width / columns * rng.uniform(0.3, 0.45) + overlap
    x, y = (u / columns - 0.5) * width, v / rows * length
    picture = tile_picture(rng, rows, columns, colour, staggered)
    material = paint(rng, picture, rng.choice(["diffuse", "satin"], p=[0.75, 0.25]))
    return surface(np.stack([x, y, z + 0.004 * rng.normal(size=z.shape)], axis=-1), material)


def tile_picture(rng, rows, columns, colour, staggered, size: int = 256) -> np.ndarray:
    """Return the tiles' colours: each its own shade, a dark line under each course, some moss."""
    y, x = np.mgrid[:size, :size] / size
    row = np.minimum((y * rows).astype(int), rows - 1)
    column = np.floor(x * columns + (row % 2) * 0.5 * staggered).astype(int)
    shade = rng.uniform(1 - rng.uniform(0.15, 0.45), 1.15, (64, 64))[row, column]
    picture = np.clip(colour * shade[..., None], 0, 1)
    picture[(y * rows) % 1 < 0.12] *= 0.5
    if rng.random() < 0.35:
        moss = np.clip(value_noise(rng, size, 5, 3) - 0.55, 0, 0.4)
        picture = blend(moss, picture, from_hsv(rng.uniform(0.15, 0.35), 0.4, 0.4))
    return picture


def house(rng, width, depth, eaves, ridge) -> list[Mesh]:
    """Return walls with windows and gables under the roof."""
    wall = paint(rng, pattern(rng, rng.choice(["plain", "brick", "noise"])), "diffuse")
    size = (width * 0.92, depth * 1.8, eaves + 0.02)
    parts = rounded_box(size, (0, 0, eaves / 2), wall, 0.005, repeat=2)
    for x in (-width * 0.46, width * 0.46):
        foot = [[x, -depth * 0.9, eaves], [x, depth * 0.9, eaves]]
        parts.append(surface([foot, [[x, 0, ridge]] * 2], wall))
    glass = Material(np.full(3, 0.1), "glossy")
    for x in np.linspace(-0.3, 0.3, int(rng.integers(1, 4))):
        window = panel(width * 0.13, eaves * 0.5, glass)
        parts += transform([window], move(x * width, -depth * 0.9 - 0.01, eaves * 0.25))
    return parts
