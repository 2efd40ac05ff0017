"""Where the camera stands and what it sees."""

from dataclasses import dataclass

import numpy as np

from household.shapes import bounds

OFF_CENTRE_SHARE = 0.6


@dataclass
class Camera:
    """Where the camera stands, what it looks at, and which way is up.

    ``field_of_view`` is in degrees; nothing nearer than ``nearest`` is seen.
    """

    origin: np.ndarray
    target: np.ndarray
    up: np.ndarray
    field_of_view: float
    nearest: float


@dataclass
class View:
    """The camera's axes and the half-width of what it sees at the object's distance."""

    backward: np.ndarray
    right: np.ndarray
    up: np.ndarray
    half: float


def place_camera(subject, elevation: float, frame_fill, rng) -> tuple[Camera, View, float]:
    """Aim at the subject, off centre and rolled a little.

    Returns the camera, its view, and its distance in multiples of the subject's diagonal.
    """
    low, high = bounds(subject)
    centre = (low + high) / 2
    field_of_view, azimuth = rng.uniform(25, 50), np.radians(rng.normal(0, 8))
    height = np.radians(elevation)
    level = np.array([np.sin(azimuth), -np.cos(azimuth), 0])
    backward = level * np.cos(height) + np.array([0, 0, np.sin(height)])
    right = np.cross(-backward, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    up = np.cross(right, -backward)
    offsets = np.concatenate([mesh.vertices for mesh in subject]) - centre
    extent = max(np.ptp(offsets @ right), np.ptp(offsets @ up)) / 2
    half = extent / rng.uniform(*frame_fill)
    distance = half / np.tan(np.radians(field_of_view) / 2) + 0.3 * extent
    slack = max(half - extent, 0.2 * half) * OFF_CENTRE_SHARE
    target = centre + right * rng.uniform(-slack, slack) + up * rng.uniform(-slack, slack)
    origin = target + backward * distance
    origin[2] = max(origin[2], 0.05)
    roll = np.radians(rng.normal(0, 4))
    rolled_up = up * np.cos(roll) + right * np.sin(roll)
    camera = Camera(origin, target, rolled_up, field_of_view, 0.01 * half)
    return camera, View(backward, right, up, half), distance / np.linalg.norm(high - low)
