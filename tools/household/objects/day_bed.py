"""Day bed: a long seat with mattress, arms, mostly a back, and cushions."""

import numpy as np

from household.materials import fabric, paint, wood
from household.objects.thing import Thing
from household.shapes import (
    Mesh,
    move,
    rotate,
    rounded_box,
    smooth_curve,
    straight,
    surface,
    transform,
    tube,
)


def day_bed(rng) -> Thing:
    """Draw a day bed, about 2 long."""
    length, depth, seat = rng.uniform(1.8, 2.2), rng.uniform(0.75, 0.95), rng.uniform(0.28, 0.42)
    cloth = fabric(rng)
    frame = wood(rng) if rng.random() < 0.65 else paint(rng, kind="satin")
    mattress, arm = rng.uniform(0.14, 0.22), rng.uniform(0.28, 0.45)
    top = seat + mattress
    parts = rounded_box((length, depth, 0.1), (0, 0, seat - 0.05), frame)
    parts += rounded_box(
        (length - 0.06, depth - 0.04, mattress),
        (0, 0, seat + mattress / 2),
        cloth,
        0.06,
        10,
        repeat=rng.uniform(1, 3),
    )
    for x in (-length / 2 + 0.06, length / 2 - 0.06):
        for y in (-depth / 2 + 0.06, depth / 2 - 0.06):
            parts += rounded_box((0.06, 0.06, seat), (x, y, seat / 2), frame, 0.01, 4)
    style = rng.choice(["panels", "slats", "chaise"], p=[0.5, 0.3, 0.2])
    if style == "panels":
        panel_material = cloth if rng.random() < 0.4 else frame
        width, height = rng.uniform(0.08, 0.16), top + arm
        for x in (-length / 2, length / 2):
            size, centre = (width, depth, height - 0.1), (x, 0, height / 2 + 0.05)
            parts += rounded_box(size, centre, panel_material, 0.04)
        if rng.random() < 0.8:
            size, centre = (length, 0.1, height - 0.15), (0, depth / 2, height / 2 + 0.1)
            parts += rounded_box(size, centre, panel_material, 0.04)
    elif style == "slats":
        parts += slatted_sides(length, depth, seat, top + arm, frame)
    else:
        parts += scrolled_head(length, depth, top, arm, cloth)
    for _ in range(int(rng.integers(1, 5))):
        width = rng.uniform(0.32, 0.5)
        cushion = rounded_box(
            (width, 0.11, width * 0.85),
            (0, 0, width * 0.42),
            fabric(rng),
            0.05,
            10,
            puff=0.9,
            repeat=rng.uniform(0.4, 0.9),
        )
        place = move(length * rng.uniform(-0.36, 0.36), depth * rng.uniform(0.2, 0.32), top)
        lean = rotate("z", rng.uniform(-20, 20)) @ rotate("x", -rng.uniform(10, 30))
        parts += transform(cushion, place @ lean)
    if rng.random() < 0.3:
        x = length * rng.uniform(-0.3, 0.3)
        size = (rng.uniform(0.35, 0.6), depth + 0.03, 0.05)
        parts += rounded_box(size, (x, 0, top + 0.01), fabric(rng))
    return Thing(parts, 40, (8, 32), [])


def slatted_sides(length, depth, seat, height, frame) -> list[Mesh]:
    """Return bars with a rail on both ends and along the back."""
    bar, middle = (0.035, 0.035, height - seat), (height + seat) / 2
    parts = rounded_box((length, 0.05, 0.06), (0, depth / 2, height), frame)
    for x in np.linspace(-length / 2, length / 2, 13):
        parts += rounded_box(bar, (x, depth / 2, middle), frame, 0.01, 4)
    for x in (-length / 2, length / 2):
        parts += rounded_box((0.05, depth, 0.06), (x, 0, height), frame)
        for y in np.linspace(-depth / 2 + 0.04, depth / 2, 7):
            parts += rounded_box(bar, (x, y, middle), frame, 0.01, 4)
    return parts


def scrolled_head(length, depth, top, arm, cloth) -> list[Mesh]:
    """Return the raised, rolled head end of a chaise longue, on the left."""
    x, z = -length / 2, top
    profile = smooth_curve(
        [(x + 0.45, z - 0.06), (x + 0.2, z + 0.08), (x, z + arm), (x - 0.12, z + arm + 0.12)], 14
    )
    near, far = (np.insert(profile, 1, y, axis=1) for y in (-depth / 2 + 0.02, depth / 2 - 0.02))
    behind = np.array([-0.13, 0, -0.06])
    parts = [
        surface([near, far], cloth),
        surface([near + behind, far + behind], cloth),
        surface([near, near + behind], cloth),
        surface([far, far + behind], cloth),
    ]
    roll = np.array([x - 0.18, 0, z + arm + 0.08])
    reach = np.array([0, depth / 2 + 0.01, 0])
    return [*parts, tube(straight(roll - reach, roll + reach), 0.1, cloth)]
