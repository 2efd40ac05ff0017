"""Running shoe: sole, upper with an open collar, tongue and laces; one shoe or a pair."""

import numpy as np

from household.colours import household_colour, pattern
from household.materials import Material
from household.objects.thing import Thing
from household.shapes import Mesh, move, rotate, scale, surface, transform, tube

STATIONS = 48
# Along the shoe from heel (0) to toe (1): half the width, the sole's height at the middle of the
# foot, and how far the collar opens at each station (radians from the top of the section).
WIDTH_AT, HALF_WIDTH = (
    [0, 0.06, 0.2, 0.45, 0.72, 0.9, 1],
    [0.02, 0.115, 0.14, 0.13, 0.17, 0.13, 0.01],
)
HEIGHT_AT = [0, 0.05, 0.15, 0.32, 0.42, 0.6, 0.78, 0.92, 1]
OPENING_FROM, OPENING_TO, OPENING = 0.04, 0.42, 0.95


def running_shoe(rng) -> Thing:
    """Draw a shoe of length 1, or two."""
    base, sole = household_colour(rng, 0.25, 0.3), household_colour(rng, 0.6, 0.4)
    accent, laces = household_colour(rng, 0.3, 0.3), household_colour(rng, 0.6, 0.4)
    shoe = transform(one_shoe(rng, base, sole, accent, laces), move(-0.5))
    parts = list(shoe)
    if rng.random() < 0.35:
        place = move(rng.uniform(-0.15, 0.15), rng.uniform(0.38, 0.5))
        parts += transform(shoe, place @ rotate("z", rng.uniform(-20, 20)) @ scale(1, -1, 1))
    if rng.random() < 0.5:
        parts = transform(parts, rotate("z", 180))
    return Thing(parts, 45, (8, 40), [])


def one_shoe(rng, base, sole_colour, accent, lace_colour) -> list[Mesh]:
    """Return a shoe from x = 0 (heel) to x = 1 (toe)."""
    x = (1 - np.cos(np.linspace(0, np.pi, STATIONS))) / 2
    half_width = np.interp(x, WIDTH_AT, HALF_WIDTH) * rng.uniform(0.9, 1.1)
    middle = np.interp(x, [0, 0.3, 0.6, 1], [0, 0, 0.015, -0.02])
    lift = 0.06 * np.clip((x - 0.7) / 0.3, 0, 1) ** 2
    thickness = np.interp(x, [0, 0.3, 0.7, 1], [rng.uniform(0.11, 0.17), 0.11, 0.085, 0.07])
    collar = rng.uniform(0.3, 0.38)
    heights = [0.12, *(collar * np.array([1, 0.98, 0.93, 0.9, 0.64])), 0.19, 0.14, 0.02]
    height = np.interp(x, HEIGHT_AT, heights)
    height = np.convolve(np.pad(height, 2, "edge"), np.ones(5) / 5, "valid")
    height[-1] = 0.02
    floor = lift + thickness * 0.9
    parts = sole(rng, x, half_width, middle, lift, thickness, sole_colour, accent)

    halves, rims = upper(x, half_width, middle, floor, height, upper_picture(rng, base, accent))
    rim_material = Material(accent if rng.random() < 0.4 else base * 0.75)
    parts += halves + [tube(rim, 0.014, rim_material) for rim in rims]

    inside = (x > 0.03) & (x < 0.5)
    edges = [np.stack([x, middle + side * half_width * 0.9, floor + 0.06], 1) for side in (-1, 1)]
    parts.append(surface(np.stack(edges)[:, inside], Material(np.full(3, 0.06))))
    instep = np.interp(0.45, x, floor) + np.interp(0.45, x, height)
    parts.append(tongue(instep, Material(base * 0.8)))
    for lace_x in np.linspace(0.46, 0.68, int(rng.integers(4, 7))):
        z = np.interp(lace_x, x, floor) + np.interp(lace_x, x, height) + 0.008
        y = np.linspace(-0.075, 0.075, 7)
        path = np.stack([0 * y + lace_x - 0.01, y, z - 7 * y**2], axis=1)
        parts.append(tube(path, 0.012, Material(lace_colour)))
    return parts


def upper(x, half_width, middle, floor, height, picture) -> tuple[list[Mesh], list[np.ndarray]]:
    """Return the upper's two halves, which part at the collar, and their rims there."""
    across = np.clip((x - OPENING_FROM) / (OPENING_TO - OPENING_FROM), 0, 1)
    gap = OPENING * np.sin(np.pi * across) ** 0.5
    material, halves, rims = Material(picture), [], []
    for side in (-1, 1):
        angle = np.linspace(0, 1, 16) * (np.pi / 2 - gap)[:, None]
        narrow = np.interp(x, [0, 0.3, 0.6, 1], [1, 1, 0.6, 0])[:, None]
        reach = np.cos(angle) ** 0.75 * (1 - 0.35 * np.sin(angle) ** 2 * narrow) * 0.96
        y = middle[:, None] + side * half_width[:, None] * reach
        z = floor[:, None] + height[:, None] * np.sin(angle) ** 0.8
        points = np.stack([x[:, None] + 0 * y, y, z], axis=-1)
        u = 0.5 + side * (0.5 - angle / np.pi)
        v = np.linspace(0, 1, STATIONS)[:, None] + 0 * u
        halves.append(surface(points, material, texture_coordinates=np.stack([u, v], axis=-1)))
        rims.append(points[gap > 0, -1])
    return halves, rims


def tongue(instep: float, material: Material) -> Mesh:
    """Return a thin curved flap that rises from the laces into the opening."""
    s, y = np.meshgrid(np.linspace(0, 1, 10), np.linspace(-0.065, 0.065, 9), indexing="ij")
    x = 0.47 - 0.15 * s
    z = instep - 0.03 + 0.1 * s - 8 * y**2 * (1 - 0.5 * s)
    return surface(np.stack([x, y * (0.8 + 0.2 * s), z], axis=-1), material)


def sole(rng, x, half_width, middle, lift, thickness, colour, accent) -> list[Mesh]:
    """Return the sole: its wall in four rings and its tread."""
    rings = []
    for spread, level in ((0.93, 0), (1.1, 0.25), (1.06, 0.7), (1.0, 1)):
        z = lift + level * thickness
        left, right = (np.stack([x, middle + side * half_width * spread, z], 1) for side in (1, -1))
        rings.append(np.concatenate([left, right[::-1]]))
    picture = np.tile(colour, (64, 64, 1))
    if rng.random() < 0.5:
        picture[29:45] = accent
    tread = np.stack([rings[0][:STATIONS], rings[0][STATIONS:][::-1]], axis=1)
    return [
        surface(np.stack(rings), Material(picture, "satin"), closed=True),
        surface(tread, Material(colour * 0.4)),
    ]


def upper_picture(rng, base, accent, size: int = 128) -> np.ndarray:
    """Return the upper's colours; u runs over the foot from sole to sole, v from heel to toe."""
    v, u = np.mgrid[:size, :size] / size
    above_sole = np.minimum(u, 1 - u) * 2
    picture = pattern(rng, rng.choice(["plain", "noise", "speckle"]), base, base * 0.8, size)
    kind = rng.choice(["bars", "swoosh", "panels"], p=[0.35, 0.4, 0.25])
    if kind == "bars":
        leaning = ((v - above_sole * 0.25) * 14) % 2 < 0.9
        picture[leaning & (v > 0.33) & (v < 0.62) & (above_sole < 0.75)] = accent
    elif kind == "swoosh":
        curve = 0.15 + 3.3 * (v - 0.72) ** 2
        near = abs(above_sole - curve) < 0.1 * (1 - abs(v - 0.55))
        picture[near & (v > 0.28) & (v < 0.8)] = accent
    else:
        picture[(above_sole < rng.uniform(0.25, 0.4)) & ((v < 0.3) | (v > 0.75))] = accent
    if rng.random() < 0.5:
        picture[v < 0.12] = accent * 0.9
    picture[(above_sole > 0.78) & (v > 0.45) & (v < 0.66)] = base * 0.55
    return picture
