"""Light of a scene: sun, lamp or overcast, and the sky."""

from dataclasses import dataclass

import numpy as np

from household.camera import View
from household.colours import blend, from_hsv, household_colour, value_noise


@dataclass
class Light:
    """Light of a scene: a key light ("sun", "lamp" or none: "overcast") and what fills shadows.

    Parameters
    ----------
    kind : str
    colour : array of shape (3,)
        Strength of the key light; zero when overcast.
    position, radius
        Of the lamp, a ball of light.
    direction : array of shape (3,)
        In which the sun shines.
    fill : array of shape (3,)
        Even light from all around, where there is no sky.
    sky : array of shape (height, width, 3), optional
        Radiance all around, as an environment map.
    """

    kind: str
    colour: np.ndarray
    position: np.ndarray
    radius: float
    direction: np.ndarray
    fill: np.ndarray
    sky: np.ndarray | None


def draw_light(place: str, subject_bounds, view: View, rng) -> Light:
    """Draw the light: sun, a lamp or an overcast day; a sky outdoors, and sometimes indoors."""
    kind = str(rng.choice(["sun", "lamp", "overcast"], p=[0.42, 0.43, 0.15]))
    strength = 0 if kind == "overcast" else rng.uniform(0.5, 3.5)
    colour = strength * np.array([1, rng.uniform(0.75, 1.0), rng.uniform(0.5, 1.05)])
    centre = (subject_bounds[0] + subject_bounds[1]) / 2
    away = np.array([rng.uniform(-3, 3), -rng.uniform(1, 4), rng.uniform(2, 5)]) * view.half
    direction = np.array([rng.uniform(-1, 1), rng.uniform(-0.3, 1), -rng.uniform(0.4, 1.5)])
    fill = rng.uniform(0.3, 1.0) * np.array([rng.uniform(0.85, 1), 1, rng.uniform(0.9, 1.15)])
    has_sky = place == "open" or rng.random() < 0.2
    sky = draw_sky(rng) if has_sky else None
    return Light(kind, colour, centre + away, view.half * rng.uniform(0.2, 1), direction, fill, sky)


def draw_sky(rng) -> np.ndarray:
    """Return the radiance of a blue or grey sky, mostly with clouds, shape (32, 64, 3)."""
    height = np.linspace(1, -1, 32)[:, None]
    blue = rng.random() < 0.7
    zenith = from_hsv(rng.uniform(0.53, 0.64), rng.uniform(0.2, 0.7), rng.uniform(0.4, 1))
    zenith = zenith if blue else np.full(3, rng.uniform(0.4, 0.9))
    mask = np.tile(np.clip(height, 0, 1) ** 0.6, (1, 64))
    picture = blend(mask, np.full(3, rng.uniform(0.6, 1)), zenith)
    if rng.random() < 0.7:
        clouds = value_noise(rng, 64, 4, 4)[::2]
        cover = np.clip((clouds - rng.uniform(0.4, 0.6)) * 3, 0, 0.9)
        picture = blend(cover, picture, np.full(3, rng.uniform(0.7, 1.1)))
    picture[height[:, 0] < 0] = household_colour(rng) * 0.4
    return picture**2.2 * rng.uniform(0.8, 1.5)
