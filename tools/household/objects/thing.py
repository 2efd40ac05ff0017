"""What a drawn object is to the scene."""

from dataclasses import dataclass

from household.shapes import Mesh


@dataclass
class Thing:
    """An object on the ground plane z = 0 with its front to -y.

    Parameters
    ----------
    body : list of Mesh
        What its class is recognised by; the camera looks at it.
    largest_turn : float
        How far it may be turned from facing the camera (degrees).
    elevations : tuple of float
        Least and greatest height of the camera above it (degrees).
    setting : list of Mesh
        What belongs to it, but need not be seen (a pole, the wall behind a hook).
    frame_fill : tuple of float
        Least and greatest size of the body as a share of the picture's width or height, whichever
        it fills more.
    """

    body: list[Mesh]
    largest_turn: float
    elevations: tuple[float, float]
    setting: list[Mesh]
    frame_fill: tuple[float, float] = (0.72, 1.08)
