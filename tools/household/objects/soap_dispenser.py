"""Soap dispenser: a bottle with a pump, mostly with a label."""

import numpy as np
from PIL import Image

from household.colours import household_colour, letter, pattern, to_bytes
from household.materials import Material, metal, paint
from household.objects.thing import Thing
from household.shapes import (
    Mesh,
    lathe,
    move,
    panel,
    rounded_box,
    smooth_curve,
    straight,
    surface,
    transform,
    tube,
)

WORDS = ("SOAP", "FRESH", "HAND", "ALOE", "mild", "citrus", "wash", "LAVENDER", "pure", "sea")


def soap_dispenser(rng) -> Thing:
    """Draw a bottle about 0.7 high, its spout to a side or to the front."""
    colour = household_colour(rng, 0.3, 0.3) if rng.random() < 0.75 else pattern(rng)
    body = paint(rng, colour, rng.choice(["glossy", "satin", "diffuse"], p=[0.55, 0.25, 0.2]))
    pump = (
        metal(rng)
        if rng.random() < 0.45
        else paint(rng, household_colour(rng, 0.6, 0.25), "glossy")
    )
    height, radius = rng.uniform(0.5, 0.8), rng.uniform(0.18, 0.27)
    label = Material(label_picture(rng), "satin") if rng.random() < 0.65 else None
    if rng.random() < 0.7:
        parts = round_bottle(rng, height, radius, body, label)
    else:
        depth = radius * rng.uniform(1.0, 1.6)
        parts = rounded_box((radius * 2, depth, height), (0, 0, height / 2), body, 0.07, 12)
        if label:
            place = move(0, -depth / 2 - 0.005, height * 0.2)
            parts += transform([panel(radius * 1.4, height * 0.5, label)], place)
    return Thing(parts + pump_head(rng, height, pump), 45, (3, 35), [])


def label_picture(rng) -> np.ndarray:
    """Return a label of one to three words."""
    paper, ink = household_colour(rng, 0.7, 0.5), household_colour(rng, 0, 0.05) * 0.5
    picture = Image.new("RGB", (96, 96), to_bytes(paper))
    lines = int(rng.integers(1, 4))
    for line in range(lines):
        top = 12 + line * 72 // lines
        letter(picture, str(rng.choice(WORDS)), (8, top, 88, top + 66 // lines), ink)
    return np.asarray(picture)[::-1] / 255


def round_bottle(rng, height, radius, body, label) -> list[Mesh]:
    """Return a turned bottle with shoulders, and its label."""
    if rng.random() < 0.6:
        widths = radius * rng.uniform(0.85, 1.05, 3)
        heights = np.array([0, 0.35, 0.75]) * height
        outline = [
            *zip(widths, heights, strict=True),
            (radius * 0.65, height * 0.92),
            (0.08, height),
        ]
        profile = smooth_curve(outline, 30)
    else:
        profile = np.array(
            [(radius, 0), (radius, height * 0.88), (radius * 0.9, height * 0.95), (0.08, height)]
        )
    depth = rng.uniform(0.6, 1)
    parts = [lathe(np.concatenate([[(0.001, 0)], profile]), body, depth=depth)]
    if label:
        angle = np.linspace(-1, 1, 16) - np.pi / 2
        z = np.linspace(height * 0.15, height * 0.65, 8)
        reach = np.interp(z, profile[:, 1], profile[:, 0])[:, None] * 1.015
        x, y = reach * np.cos(angle), reach * np.sin(angle) * depth
        parts.append(surface(np.stack([x, y, z[:, None] + 0 * angle], axis=-1), label))
    return parts


def pump_head(rng, height, material) -> list[Mesh]:
    """Return collar, stem, head and spout on a bottle of this height."""
    collar, stem = rng.uniform(0.08, 0.11), rng.uniform(0.1, 0.18)
    top = height + 0.08 + stem
    cap = [
        (collar, height - 0.01),
        (collar, height + 0.06),
        (collar * 0.8, height + 0.08),
        (0.001, height + 0.08),
    ]
    head = [(0.001, top - 0.03), (0.06, top - 0.03), (0.065, top + 0.03), (0.001, top + 0.045)]
    towards = rng.choice([0, np.pi]) + rng.normal(0, 0.3)
    reach = rng.uniform(0.22, 0.32)
    spout = smooth_curve(
        [(0, top), (reach * 0.6, top + 0.01), (reach * 0.9, top - 0.01), (reach, top - 0.08)], 10
    )
    path = [(r * np.cos(towards), -abs(r * np.sin(towards)), z) for r, z in spout]
    return [
        lathe(cap, material),
        tube(straight((0, 0, height + 0.06), (0, 0, top)), 0.028, material),
        lathe(head, material),
        tube(path, np.linspace(0.042, 0.028, 10), material),
    ]
