import importlib
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("mitsuba", reason="Mitsuba is a dependency of the generator only")
TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture(scope="module")
def household():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOOLS)
        yield lambda name: importlib.import_module(f"household.{name}")


@pytest.fixture(scope="module")
def picture(household):
    return household("dataset").draw_picture(2, 5, 9)


def test_a_picture_is_the_same_when_drawn_again(household, picture):
    again = household("dataset").draw_picture(2, 5, 9)
    # Not exactly the same: the last digits of the renderer's arithmetic may differ.
    difference = np.abs(picture.pixels.astype(int) - again.pixels)
    assert difference.mean() < 4
    assert picture.conditions["place"] == again.conditions["place"]


def test_a_picture_records_its_conditions(household, picture):
    assert picture.pixels.shape == (64, 64, 3)
    assert picture.conditions["place"] in {"room", "open", "table"}
    assert picture.conditions["light"] in {"sun", "lamp", "overcast"}
    assert picture.conditions["picture_share"] >= household("dataset").LEAST_PICTURE_SHARE
    assert picture.conditions["unhidden_share"] >= household("dataset").LEAST_UNHIDDEN_SHARE


@pytest.fixture
def scene(household):
    return household("scene").build_scene(9, np.random.default_rng(0))


def between(camera):
    return camera.origin + 0.3 * (camera.target - camera.origin)


def test_what_stands_before_the_object_hides_it(household, scene):
    renderer = household("renderer")
    alone = renderer.what_is_seen(scene, 32, alone=True) == renderer.SUBJECT
    material = scene.subject[0].material
    obstacle = household("shapes").ellipsoid(between(scene.camera), 0.15, material)
    scene.setting.append(obstacle)
    hidden = renderer.what_is_seen(scene, 32) == renderer.SUBJECT
    assert alone.mean() > 0.1
    assert hidden.sum() < 0.9 * alone.sum()
    assert not (hidden & ~alone).any()


def test_a_lamp_in_view_is_noticed(household, scene):
    renderer = household("renderer")
    scene.light.kind, scene.light.radius = "lamp", 0.1
    scene.light.position = scene.camera.origin + 2 * (scene.camera.origin - scene.camera.target)
    assert not (renderer.what_is_seen(scene, 32) == renderer.LAMP).any()
    scene.light.position = between(scene.camera)
    assert (renderer.what_is_seen(scene, 32) == renderer.LAMP).any()
