"""Surfaces: what a thing is made of."""

from dataclasses import dataclass

import numpy as np

from household.colours import household_colour, pattern


@dataclass(eq=False)
class Material:
    """A surface.

    Parameters
    ----------
    colour : array of shape (3,) or (n, n, 3)
        One colour, or a picture laid over the surface; sRGB from 0 to 1. The picture's first row
        lies at texture coordinate v = 0.
    kind : str
        "diffuse", "glossy" (smooth plastic), "satin" (rough plastic) or "metal".
    roughness : float
        Of satin and metal surfaces (Mitsuba's ``alpha``).
    """

    colour: np.ndarray
    kind: str = "diffuse"
    roughness: float = 0.2


def paint(rng, colour=None, kind: str | None = None, white: float = 0.15) -> Material:
    """Return a material; colour and kind are drawn when not given."""
    if colour is None:
        colour = pattern(rng) if rng.random() < 0.4 else household_colour(rng, white)
    kinds = ["diffuse", "glossy", "satin", "metal"]
    kind = kind or str(rng.choice(kinds, p=[0.45, 0.25, 0.22, 0.08]))
    return Material(np.asarray(colour, float), kind, rng.uniform(0.08, 0.35))


def metal(rng) -> Material:
    """Return a metal between steel and chrome."""
    return Material(
        np.clip(rng.uniform(0.55, 0.95) + rng.normal(0, 0.04, 3), 0, 1),
        "metal",
        rng.uniform(0.1, 0.3),
    )


def wood(rng) -> Material:
    """Return a satin wood."""
    return paint(rng, pattern(rng, "wood", household_colour(rng, darkest=0.3)), "satin")


def fabric(rng) -> Material:
    """Return a cloth, plain or patterned, not too dark to show its folds."""
    kind = rng.choice(
        ["plain", "stripes", "checks", "noise", "dots"], p=[0.5, 0.2, 0.12, 0.1, 0.08]
    )
    return Material(pattern(rng, kind, household_colour(rng, 0.25, darkest=0.35)))
