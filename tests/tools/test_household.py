import csv
import importlib
from pathlib import Path

import numpy as np
import pytest

from dl_lesson.data.pictures import PUBLISHED_NAMES

TOOLS = Path(__file__).parents[2] / "tools"
DRAWS = 4


@pytest.fixture(scope="module")
def household():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOOLS)
        yield lambda name: importlib.import_module(f"household.{name}")


def flat_picture(household, grey):
    conditions = {"place": "room", "light": "sun"}
    return household("dataset").Picture(np.full((64, 64, 3), grey, np.uint8), conditions)


def test_classes_stand_in_the_published_order(household):
    assert household("objects").CLASS_NAMES == PUBLISHED_NAMES


@pytest.mark.parametrize(("split", "n_pictures"), [("train", 878), ("test", 293)])
def test_classes_are_balanced(household, split, n_pictures):
    labels = household("dataset").split_labels(split)
    counts = np.bincount(labels, minlength=10)
    assert (len(labels), labels.dtype) == (n_pictures, np.int64)
    assert np.ptp(counts) <= 1


def test_splits_draw_from_streams_of_their_own(household):
    streams = [stream for stream, _ in household("dataset").SPLITS.values()]
    assert len(set(streams)) == len(streams) == 3


@pytest.mark.parametrize("label", range(10))
def test_objects_are_sound_meshes(household, label):
    objects, shapes = household("objects"), household("shapes")
    for seed in range(DRAWS):
        thing = objects.OBJECTS[label](np.random.default_rng([label, seed]))
        meshes = thing.body + thing.setting
        for mesh in meshes:
            n_vertices = len(mesh.vertices)
            assert np.isfinite(mesh.vertices).all()
            assert mesh.faces.min() >= 0
            assert mesh.faces.max() < n_vertices
            assert mesh.normals.shape == (n_vertices, 3)
            assert mesh.texture_coordinates.shape == (n_vertices, 2)
            assert mesh.material.colour.shape[-1] == 3
        low, high = shapes.bounds(meshes)
        assert (high - low > 0.004).all()


def test_a_scene_depends_only_on_its_random_numbers(household):
    build_scene = household("scene").build_scene

    def drawn(seed):
        return build_scene(3, np.random.default_rng(seed))

    first, again, other = drawn([1, 2]), drawn([1, 2]), drawn([1, 3])
    assert first.conditions == again.conditions
    np.testing.assert_array_equal(first.subject[0].vertices, again.subject[0].vertices)
    np.testing.assert_array_equal(first.camera.origin, again.camera.origin)
    assert not np.array_equal(first.camera.origin, other.camera.origin)


@pytest.mark.parametrize("label", range(10))
def test_the_camera_faces_the_object(household, label):
    for seed in range(DRAWS):
        scene = household("scene").build_scene(label, np.random.default_rng([label, seed]))
        camera, (low, high) = scene.camera, household("shapes").bounds(scene.subject)
        assert (camera.target - camera.origin) @ ((low + high) / 2 - camera.origin) > 0


def test_the_camera_stays_above_the_ground(household):
    thing = household("objects").OBJECTS[2](np.random.default_rng(0))
    camera, _, _ = household("camera").place_camera(
        thing.body, -40.0, thing.frame_fill, np.random.default_rng(0)
    )
    assert camera.origin[2] == 0.05


def test_a_box_has_its_size_and_normals_that_point_outwards(household):
    shapes, materials = household("shapes"), household("materials")
    grey = materials.Material(np.full(3, 0.5))
    sides = shapes.rounded_box((2, 1, 0.5), (0, 0, 3), grey, radius=0.05)
    low, high = shapes.bounds(sides)
    np.testing.assert_allclose(high - low, (2, 1, 0.5))
    for side in sides:
        assert ((side.vertices - [0, 0, 3]) * side.normals).sum() > 0


def test_a_mirrored_mesh_keeps_its_outside(household):
    shapes, materials = household("shapes"), household("materials")
    ball = shapes.ellipsoid((0, 0, 0), 1, materials.Material(np.full(3, 0.5)))

    def outwardness(mesh):
        corners = mesh.vertices[mesh.faces]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        return (normals * corners.mean(axis=1)).sum()

    mirrored = shapes.transform([ball], shapes.scale(-1, 1, 1))[0]
    assert outwardness(mirrored) == pytest.approx(outwardness(ball))


def test_a_rotation_carries_x_to_y(household):
    turned = household("shapes").rotate("z", 90) @ [1, 0, 0, 1]
    np.testing.assert_allclose(turned, [0, 1, 0, 1], atol=1e-12)


@pytest.mark.parametrize("text", ["STOP", "P", "LAVENDER"])
def test_letters_stay_inside_their_box(household, text):
    from PIL import Image

    picture = Image.new("RGB", (128, 128))
    household("colours").letter(picture, text, (30, 50, 98, 80), np.ones(3))
    inked = np.argwhere(np.asarray(picture).max(axis=-1) > 40)
    assert len(inked) > 20
    # The stroke that thickens letters may reach two pixels over the edge.
    assert (inked.min(axis=0) >= (48, 28)).all()
    assert (inked.max(axis=0) <= (82, 100)).all()


def test_exposure_check(household):
    well_exposed = household("dataset").well_exposed
    seen = np.zeros((64, 64), bool)
    seen[16:48, 16:48] = True
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 200
    assert well_exposed(stripes, seen)
    assert not well_exposed((stripes * 0.4).astype(np.uint8), seen)
    assert not well_exposed(np.full_like(stripes, 255), seen)
    flat_subject = stripes.copy()
    flat_subject[seen] = 100
    assert not well_exposed(flat_subject, seen)
    pale_subject = stripes.copy()
    pale_subject[16:32, 16:48] = 255
    assert not well_exposed(pale_subject, seen)


def test_a_photograph_is_the_same_for_the_same_random_numbers(household):
    photograph = household("photo").photograph
    light = np.random.default_rng(0).gamma(2, size=(64, 64, 3))
    first, again = (photograph(light, np.random.default_rng(5)) for _ in range(2))
    assert (first.shape, first.dtype) == ((64, 64, 3), np.uint8)
    np.testing.assert_array_equal(first, again)


def test_exposure_does_not_depend_on_the_strength_of_light(household):
    photograph = household("photo").photograph
    light = np.random.default_rng(0).gamma(2, size=(64, 64, 3))
    dim, bright = (photograph(light * k, np.random.default_rng(5)) for k in (1, 50))
    assert abs(dim.mean() - bright.mean()) < 1


def test_blur_keeps_an_even_picture(household):
    even = np.full((8, 8, 3), 0.3)
    np.testing.assert_allclose(household("photo").blur(even, 0.5), even)


def test_a_written_split_has_the_published_layout(household, tmp_path):
    dataset = household("dataset")
    pictures = [flat_picture(household, index % 256) for index in range(293)]
    dataset.write_split("test", pictures, tmp_path)
    images = np.load(tmp_path / "test_images.npy", allow_pickle=False)
    labels = np.load(tmp_path / "test_labels.npy", allow_pickle=False)
    assert (images.shape, images.dtype) == ((293, 64, 64, 3), np.uint8)
    names = (tmp_path / "class_names.txt").read_text().splitlines()
    with (tmp_path / "test_conditions.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["picture"]) for row in rows] == list(range(293))
    assert [row["class_name"] for row in rows] == [names[label] for label in labels]
    assert {row["place"] for row in rows} == {"room"}


def test_the_training_split_has_no_table_of_conditions(household, tmp_path):
    dataset = household("dataset")
    pictures = [flat_picture(household, 100)] * 878
    dataset.write_split("train", pictures, tmp_path)
    assert not (tmp_path / "test_conditions.csv").exists()


def test_a_class_that_its_background_gives_away_is_noticed(household):
    measure = household("measure")
    rng = np.random.default_rng(0)
    labels = np.arange(200) % 10
    images = rng.integers(100, 150, (200, 64, 64, 3)).astype(np.uint8)
    told = images.copy()
    for picture, label in zip(told, labels, strict=True):
        picture[0, 6 * label : 6 * label + 6] = 255
    halves = slice(0, 100), slice(100, 200)

    def accuracy(pictures):
        train, held_out = ((pictures[half], labels[half]) for half in halves)
        return measure.linear_accuracy(measure.border_pixels, train, held_out, penalty=1000)

    assert accuracy(told) > 0.9
    assert accuracy(images) < 0.3


def test_border_pixels_hold_nothing_of_the_middle(household):
    measure = household("measure")
    images = np.zeros((1, 64, 64, 3), np.uint8)
    images[:, 2:-2, 2:-2] = 255
    assert measure.border_pixels(images).shape == (1, (64 * 64 - 60 * 60) * 3)
    assert measure.border_pixels(images).max() == 0


def test_a_mirrored_copy_is_found(household):
    images = np.random.default_rng(0).integers(0, 256, (20, 64, 64, 3)).astype(np.uint8)
    images[17] = images[4][:, ::-1]
    difference, first, second = household("measure").nearest_pairs(images)[0]
    assert (first, second) == (4, 17)
    assert difference < 0.1


def test_measuring_a_folder_without_pictures_says_how_to_draw_them(household, tmp_path, capsys):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["household", "measure", str(tmp_path)])
        with pytest.raises(SystemExit):
            household("__main__")
    assert "household draw train" in " ".join(capsys.readouterr().err.split())
