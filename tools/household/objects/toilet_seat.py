"""Toilet seat: a ring with its lid, mostly on a bowl."""

import numpy as np

from household.colours import household_colour, pattern
from household.materials import Material, metal, paint
from household.objects.thing import Thing
from household.shapes import (
    Mesh,
    ellipsoid,
    move,
    prism,
    rotate,
    rounded_box,
    smooth_curve,
    straight,
    superellipse,
    surface,
    transform,
    tube,
)

POINTS = 56
# The bowl from its foot up the outside, over the rim and down inside: share of the seat's outline,
# share of the height.
BOWL = (
    (0.55, 0),
    (0.5, 0.1),
    (0.48, 0.35),
    (0.75, 0.7),
    (0.97, 0.95),
    (0.97, 1),
    (0.7, 1),
    (0.55, 0.8),
    (0.3, 0.55),
    (0.01, 0.5),
)


def toilet_seat(rng) -> Thing:
    """Draw a seat about 0.8 wide, hinged at the back."""
    colour = household_colour(rng, 0.5, 0.3) if rng.random() < 0.8 else pattern(rng, "wood")
    material = paint(rng, colour, rng.choice(["glossy", "satin"], p=[0.8, 0.2]))
    half_x, half_y, thickness = (
        rng.uniform(0.35, 0.41),
        rng.uniform(0.43, 0.5),
        rng.uniform(0.025, 0.045),
    )
    outline = superellipse(POINTS, half_x, half_y, rng.uniform(0, 0.15), rng.uniform(2, 2.4))
    loose = rng.random() < 0.15
    has_lid = loose or rng.random() < 0.85
    seat = seat_and_lid(rng, outline, half_y, thickness, material, has_lid)
    if loose:
        leaning = rng.random() < 0.35
        place = (
            move(0, 0, half_y) @ rotate("x", rng.uniform(65, 80)) if leaning else move(0, 0, 0.05)
        )
        return Thing(transform(seat, place), 35, (5, 30) if leaning else (35, 65), [])
    height, china = rng.uniform(0.55, 0.7), Material(household_colour(rng, 0.8, 0.5), "glossy")
    setting = bowl(rng, outline, half_y, height, china)
    return Thing(transform(seat, move(0, 0, height + thickness)), 35, (25, 55), setting)


def seat_and_lid(rng, outline, half_y, thickness, material, has_lid: bool) -> list[Mesh]:
    """Return the ring, its hinges and, if it has one, its raised lid."""
    hole, turn = rng.uniform(0.54, 0.66), np.linspace(0, 2 * np.pi, 15)
    spread = (1 + hole) / 2 + (1 - hole) / 2 * np.cos(turn)
    xy = outline * spread[:, None, None]
    z = np.broadcast_to(thickness * np.sin(turn)[:, None, None], (*xy.shape[:2], 1))
    parts = [surface(np.concatenate([xy, z], axis=-1), material, closed=True)]
    if has_lid:
        lid = prism(outline * 1.02, 0, 0.03, material)
        raise_lid = rotate("x", -rng.uniform(88, 108))
        parts += transform(lid, move(0, half_y, 0.04) @ raise_lid @ move(0, -half_y))
    hinge = metal(rng) if rng.random() < 0.4 else material
    for x in (-0.14, 0.14):
        path = straight((x - 0.04, half_y * 0.97, 0.03), (x + 0.04, half_y * 0.97, 0.03), 3)
        parts.append(tube(path, 0.03, hinge))
    return parts


def bowl(rng, outline, half_y, height, china) -> list[Mesh]:
    """Return the bowl with its water, and mostly a cistern."""
    rings = []
    for share, level in smooth_curve(BOWL, 36):
        shifted = outline * share + [0, (1 - share) * half_y * 0.4]
        rings.append(np.column_stack([shifted, np.full(POINTS, level * height)]))
    parts = [surface(np.stack(rings), china, closed=True)]
    water = Material(np.array([0.25, 0.35, 0.4]), "glossy")
    parts += prism(outline * 0.48, height * 0.6, height * 0.62, water)
    if rng.random() < 0.75:
        width, tall = rng.uniform(0.7, 0.95), rng.uniform(0.5, 0.75)
        parts += rounded_box((width, 0.26, tall), (0, half_y + 0.24, height + 0.3), china, 0.05, 10)
        parts.append(ellipsoid((-width * 0.3, half_y + 0.1, height + 0.5), 0.04, metal(rng)))
    return parts
