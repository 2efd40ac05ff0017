"""Dishrag: a cloth that lies, hangs over a rail or hangs from a hook."""

import numpy as np

from household.colours import household_colour, pattern, value_noise
from household.materials import Material, metal, paint
from household.objects.thing import Thing
from household.shapes import rounded_box, smooth_curve, straight, surface, tube

POINTS = 72


def dishrag(rng) -> Thing:
    """Draw a cloth about 0.5 wide."""
    material = Material(cloth_picture(rng))
    width, height = 0.5, 0.5 * rng.uniform(0.9, 1.3)
    hangs = rng.choice(
        ["flat", "folded", "crumpled", "rail", "hook"], p=[0.2, 0.2, 0.1, 0.32, 0.18]
    )
    if hangs == "rail":
        return on_rail(rng, material, width, height)
    if hangs == "hook":
        return on_hook(rng, material, width, height)
    return lying(rng, material, width, height, hangs)


def cloth_picture(rng, size: int = 128) -> np.ndarray:
    """Return a light cloth with checks, stripes or bands along its border, and a few stains."""
    ground, accent = household_colour(rng, 0.55, 0.55), household_colour(rng, 0.05, 0.3)
    kind = rng.choice(["checks", "stripes", "plain"], p=[0.35, 0.3, 0.35])
    picture = pattern(rng, kind, ground, accent, size)
    if kind == "plain" or rng.random() < 0.4:
        y, x = np.mgrid[:size, :size] / size
        edge = np.minimum(y, 1 - y)
        if rng.random() < 0.5:
            edge = np.minimum(edge, np.minimum(x, 1 - x))
        start = rng.uniform(0.04, 0.12)
        for shift in range(int(rng.integers(1, 3))):
            band = (edge > start + 0.07 * shift) & (edge < start + 0.07 * shift + 0.04)
            picture[band] = accent
    picture[value_noise(rng, size, 4, 3) > rng.uniform(0.8, 1.2)] *= rng.uniform(0.65, 0.9)
    return picture


def wrinkle(rng, cells: int) -> np.ndarray:
    """Return noise from -0.5 to 0.5 over the cloth."""
    return value_noise(rng, POINTS, 3, cells) - 0.5


def cloth_grid() -> list[np.ndarray]:
    """Return u (across) and v (along) from 0 to 1 over the cloth."""
    return np.meshgrid(np.linspace(0, 1, POINTS), np.linspace(0, 1, POINTS))


def lying(rng, material, width, height, how: str) -> Thing:
    """Return a cloth that lies flat, folded or crumpled."""
    u, v = cloth_grid()
    amplitude = 0.2 if how == "crumpled" else 0.05
    x = (u - 0.5) * width + amplitude * 0.5 * wrinkle(rng, 2)
    y = (v - 0.5) * height + amplitude * 0.5 * wrinkle(rng, 2)
    angle = rng.uniform(0, np.pi)
    along = (np.cos(angle) * u + np.sin(angle) * v) * rng.uniform(4, 10)
    ridges = abs(np.sin(along + 3 * wrinkle(rng, 2)))
    bumps = value_noise(rng, POINTS, 3, 3) ** 1.5
    z = amplitude * (0.7 * bumps + 0.45 * ridges * value_noise(rng, POINTS, 2, 2))
    if how == "crumpled":
        heap = np.exp(-4 * ((u - 0.5) ** 2 + (v - 0.5) ** 2))
        x, y, z = x * (1 - 0.4 * heap), y * (1 - 0.4 * heap), z * (0.5 + heap)
    parts = [surface(np.stack([x, y, z + 0.004], axis=-1), material)]
    if how == "folded":
        half = rng.uniform(0.45, 0.65)
        folded_y = (y + height / 2) * half - height / 2
        parts.append(surface(np.stack([x * 0.98, folded_y, z + 0.035], axis=-1), material))
    return Thing(parts, 180, (30, 75), [])


def on_rail(rng, material, width, height) -> Thing:
    """Return a cloth over a rail, most of it in front."""
    u, v = cloth_grid()
    rail_radius, rail_height = 0.018, height * 1.25
    beyond_rail = (1.75 * v - rng.uniform(0.6, 0.75)) * height
    drop, near_rail = abs(beyond_rail), np.clip(abs(beyond_rail) / 0.03, 0, 1)
    waves = 0.03 * np.sin(u * rng.uniform(6, 18) + rng.uniform(0, 6)) * np.clip(drop / 0.2, 0, 1)
    side = np.where(beyond_rail > 0, -1, 1)
    x = (u - 0.5) * width * (1 - 0.15 * drop) + 0.03 * wrinkle(rng, 2) * (drop > 0.05)
    y = side * (rail_radius + 0.01) * near_rail + np.where(side < 0, waves - 0.01, abs(waves))
    z = rail_height - drop + rail_radius + 0.01 * wrinkle(rng, 3)
    cloth = surface(np.stack([x, y, z], axis=-1), material)
    bar = metal(rng) if rng.random() < 0.7 else paint(rng)
    half = rng.uniform(0.34, 0.48)
    rail = [tube(straight((-half, 0, rail_height), (half, 0, rail_height)), rail_radius, bar)]
    for x_end in (-half, half):
        arm = straight((x_end, 0, rail_height), (x_end, 0.16, rail_height))
        rail.append(tube(arm, rail_radius, bar))
    if rng.random() < 0.6:
        size, centre = (half * 3, 0.06, rail_height * 1.4), (0, 0.2, rail_height * 0.7)
        rail += rounded_box(size, centre, paint(rng), 0.01, repeat=rng.uniform(0.5, 2))
    return Thing([cloth], 35, (0, 30), rail)


def on_hook(rng, material, width, height) -> Thing:
    """Return a cloth that hangs from a hook, gathered at the top."""
    u, v = cloth_grid()
    top = height * 1.25
    x = (u - 0.5) * width * (0.14 + 0.8 * v**0.7)
    folds = np.sin(u * rng.uniform(12, 22)) * (1 - 0.3 * v) * (1 - 0.3 * abs(2 * u - 1))
    y = 0.05 * folds + 0.02 * wrinkle(rng, 2) - 0.06
    z = top - v * height - 0.12 * height * abs(2 * u - 1) ** 1.5 * v
    cloth = surface(np.stack([x, y, z], axis=-1), material)
    bend = np.array([(0, 0.05, 0.04), (0, -0.04, 0.03), (0, -0.12, -0.01), (0, -0.12, 0.05)])
    setting = [tube(smooth_curve(bend + np.array([0, 0, top]), 12), 0.015, metal(rng))]
    if rng.random() < 0.7:
        size, centre = (1.0, 0.06, top * 1.35), (0, 0.09, top * 0.68)
        setting += rounded_box(size, centre, paint(rng), 0.01)
    return Thing([cloth], 35, (0, 25), setting)
