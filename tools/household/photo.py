"""From light to a photograph: exposure, white balance, tone curve, blur, grain and JPEG."""

import io

import numpy as np
from PIL import Image


def photograph(light: np.ndarray, rng) -> np.ndarray:
    """Return what a small automatic camera makes of the light.

    Parameters
    ----------
    light : array of shape (size, size, 3)
        Linear radiance.
    rng : numpy.random.Generator
        Source of the camera's settings and of its grain.

    Returns
    -------
    uint8 array of shape (size, size, 3)
    """
    metered = np.percentile(light.mean(axis=-1), rng.uniform(60, 90)) + 1e-4
    exposed = light / metered * rng.uniform(0.35, 0.7) * np.exp(rng.normal(0, 0.07, 3))
    # Reinhard's curve with a white point: highlights are compressed before they clip.
    toned = exposed * (1 + exposed / 16) / (1 + exposed * rng.uniform(0.25, 0.6))
    picture = np.clip(toned, 0, 1) ** (1 / 2.2)
    picture = (picture - 0.5) * rng.uniform(0.9, 1.15) + 0.5 + rng.normal(0, 0.03)
    picture = blur(np.clip(picture, 0, 1), rng.uniform(0.05, 0.6))
    grain = rng.normal(0, 1, (*picture.shape[:2], 1)) + 0.4 * rng.normal(0, 1, picture.shape)
    picture = np.clip(picture + rng.uniform(0.002, 0.018) * grain, 0, 1)
    file = io.BytesIO()
    Image.fromarray((picture * 255).astype(np.uint8)).save(
        file, "JPEG", quality=int(rng.integers(55, 93))
    )
    return np.asarray(Image.open(file))


def blur(picture: np.ndarray, deviation: float) -> np.ndarray:
    """Return the picture under a Gaussian of this standard deviation (pixels), 5 pixels wide."""
    weights = np.exp(-(np.arange(-2, 3) ** 2) / (2 * deviation**2))
    weights /= weights.sum()
    for axis in (0, 1):
        padding = [(2, 2) if axis == padded else (0, 0) for padded in range(3)]
        windows = np.lib.stride_tricks.sliding_window_view(
            np.pad(picture, padding, "edge"), 5, axis
        )
        picture = windows @ weights
    return picture
