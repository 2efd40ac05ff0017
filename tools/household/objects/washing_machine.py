"""Washing machine: a box with a round door, a knob, a drawer and a display."""

import numpy as np

from household.colours import household_colour
from household.materials import Material, metal, paint
from household.objects.thing import Thing
from household.shapes import (
    Mesh,
    ellipsoid,
    lathe,
    move,
    prism,
    rotate,
    rounded_box,
    smooth_curve,
    superellipse,
    transform,
)

WIDTH = 1.0


def washing_machine(rng) -> Thing:
    """Draw a front loader of width 1."""
    depth, height = rng.uniform(0.8, 1.0), rng.uniform(1.2, 1.45)
    kind = rng.choice(["glossy", "satin", "metal"], p=[0.5, 0.35, 0.15])
    body = paint(rng, household_colour(rng, 0.55, 0.3), kind)
    trim = metal(rng) if rng.random() < 0.5 else paint(rng, household_colour(rng, 0.5), "glossy")
    dark = Material(np.full(3, rng.uniform(0.05, 0.2)), "glossy")
    front = -depth / 2
    parts = rounded_box((WIDTH, depth, height), (0, 0, height / 2), body, 0.03)
    parts += door(rng, front, height * rng.uniform(0.4, 0.47), trim, dark)
    parts += controls(rng, front, height, body, trim, dark)
    if rng.random() < 0.5:
        parts += rounded_box((WIDTH * 0.98, 0.02, 0.012), (0, front, 0.12), dark, 0.003, 4)
    return Thing(parts, 40, (0, 30), [])


def door(rng, front, centre, trim, dark) -> list[Mesh]:
    """Return the porthole; now and then it stands ajar before the dark drum."""
    radius = rng.uniform(0.28, 0.37)
    frame = [(radius * 1.02, 0), (radius, 0.03), (radius * 0.74, 0.05), (radius * 0.7, 0.03)]
    glass = smooth_curve([(radius * 0.75, 0.03), (radius * 0.5, 0.05), (0.001, 0.07)], 8)
    leaf = [lathe(frame, trim, 40), lathe(glass, dark, 40)]
    leaf += rounded_box((0.05, 0.14, 0.04), (radius * 0.87, 0, 0.06), trim)
    parts = transform(leaf, move(0, front, centre) @ rotate("x", 90))
    if rng.random() < 0.1:
        hinge = move(-radius, front, centre) @ rotate("z", -rng.uniform(40, 90))
        parts = transform(parts, hinge @ move(radius, -front, -centre))
        drum = prism(superellipse(32, radius * 0.8, radius * 0.8), 0, 0.012, dark)
        parts += transform(drum, move(0, front, centre) @ rotate("x", 90))
    return parts


def controls(rng, front, height, body, trim, dark) -> list[Mesh]:
    """Return the panel along the top with drawer, knob, display and lights."""
    panel_height = rng.uniform(0.15, 0.2)
    middle = height - panel_height / 2 - 0.03
    board = body if rng.random() < 0.5 else paint(rng, household_colour(rng, 0.4), "glossy")
    size = (WIDTH * 0.98, 0.03, panel_height)
    parts = rounded_box(size, (0, front - 0.005, middle), board, 0.01)
    knob = lathe([(0.06, 0), (0.055, 0.05), (0.001, 0.05)], trim)
    x = rng.uniform(-0.1, 0.35)
    parts += transform([knob], move(x, front - 0.02, middle) @ rotate("x", 90))
    display = (x - 0.2 if x > 0.15 else x + 0.22, front - 0.018, middle)
    parts += rounded_box(
        (rng.uniform(0.14, 0.22), 0.02, panel_height * 0.45), display, dark, 0.005, 4
    )
    drawer = paint(rng, household_colour(rng, 0.7), "glossy")
    size = (0.26, 0.025, panel_height * 0.75)
    parts += rounded_box(size, (-0.34, front - 0.018, middle), drawer, 0.005, 4)
    for number in range(int(rng.integers(0, 4))):
        light = (x + 0.1 + number * 0.05, front - 0.02, middle - 0.05)
        parts.append(ellipsoid(light, 0.014, dark))
    return parts
