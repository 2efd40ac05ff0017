"""One picture's scene: an object in a place drawn independently of its class, light, a camera."""

from dataclasses import dataclass, field

import numpy as np

from household.camera import Camera, place_camera
from household.light import Light, draw_light
from household.objects import OBJECTS
from household.objects.thing import Thing
from household.shapes import Mesh, bounds, move, rotate, scale, transform
from household.surroundings import clutter_beside, surroundings

TURN_SHARE = 0.8


@dataclass
class Scene:
    """All that is rendered, and what is recorded about it.

    ``subject`` is what must be seen; ``setting`` everything else.
    """

    subject: list[Mesh]
    setting: list[Mesh]
    light: Light
    camera: Camera
    conditions: dict[str, object] = field(default_factory=dict)


def build_scene(label: int, rng) -> Scene:
    """Draw the scene of one picture of a class."""
    thing = OBJECTS[label](rng)
    turn = rng.uniform(-1, 1) * thing.largest_turn * TURN_SHARE
    subject, belongings = stand_on_ground(thing, turn)
    elevation = rng.uniform(*thing.elevations)
    camera, view, distance = place_camera(subject, elevation, thing.frame_fill, rng)
    place = str(rng.choice(["room", "open", "table"], p=[0.5, 0.25, 0.25]))
    setting = belongings + surroundings(place, subject + belongings, view, rng)
    clutter, n_clutter, n_other = clutter_beside(label, subject, view, rng)
    light = draw_light(place, bounds(subject), view, rng)
    conditions = {
        "place": place,
        "light": light.kind,
        "turn_degrees": round(abs(turn)),
        "elevation_degrees": round(elevation),
        "distance": round(distance, 2),
        "clutter": n_clutter,
        "other_class_objects": n_other,
    }
    return Scene(subject, setting + clutter, light, camera, conditions)


def stand_on_ground(thing: Thing, turn: float) -> tuple[list[Mesh], list[Mesh]]:
    """Return body and setting, turned, scaled to a diagonal of 1.6, at the origin."""
    low, high = bounds(thing.body + thing.setting)
    size = scale(1.6 / np.linalg.norm(high - low))
    middle = move(-(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2, -low[2])
    matrix = rotate("z", turn) @ size @ middle
    return transform(thing.body, matrix), transform(thing.setting, matrix)
