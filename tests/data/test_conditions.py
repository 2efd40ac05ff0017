import numpy as np
import pandas as pd
import pytest

from dl_lesson import load_dollar_street, load_test_conditions
from dl_lesson.data.errors import DataError

FOLDER = "dataset_dollarstreet"

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def pictures(folder):
    """Ten training and two test pictures of each of two classes, in a folder of one's own."""
    generator = np.random.default_rng(0)
    target = folder / FOLDER
    target.mkdir()
    for name, n in (("train", 20), ("test", 4)):
        images = generator.integers(0, 256, (n, 64, 64, 3), dtype="uint8")
        np.save(target / f"{name}_images.npy", images)
        np.save(target / f"{name}_labels.npy", np.arange(n) % 2)
    (target / "class_names.txt").write_text("cat\ndog\n")
    return target


def write(pictures, **columns):
    brightness = np.load(pictures / "test_images.npy").mean(axis=(1, 2, 3)).round(1)
    table = {"picture": range(4), "class_name": "cat", "light": "sun", "brightness": brightness}
    pd.DataFrame(table | columns).to_csv(pictures / "test_conditions.csv", index=False)


def test_bundled_pictures_tell_how_they_came_about(capsys):
    conditions = load_test_conditions()
    assert set(conditions["place"]) == {"room", "open", "table"}
    assert {"light", "distance", "brightness"} <= set(conditions.columns)
    assert not {"picture", "class_name"} & set(conditions.columns)
    assert "place, light" in capsys.readouterr().out
    assert len(conditions) == len(load_dollar_street().test.labels)


def test_photographs_without_a_table_have_their_brightness(pictures, capsys):
    conditions = load_test_conditions()
    assert list(conditions.columns) == ["brightness"]
    np.testing.assert_allclose(
        conditions["brightness"], load_dollar_street().test.images.mean(axis=(1, 2, 3)), atol=0.051
    )
    assert "brightness only" in capsys.readouterr().out


def test_a_table_of_ones_own_is_read(pictures):
    write(pictures, light=["sun", "lamp", "sun", "lamp"])
    assert list(load_test_conditions()["light"]) == ["sun", "lamp", "sun", "lamp"]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.write_text("picture,class_name\n0,cat\n"), "no column is called bright"),
        (lambda path: path.write_text(""), "is empty"),
        (lambda path: path.write_text(path.read_text().rsplit("\n", 2)[0] + "\n"), "4 test pict"),
        (lambda path: pd.read_csv(path)[::-1].to_csv(path, index=False), "in their order"),
    ],
    ids=["column missing", "empty", "row missing", "other order"],
)
def test_a_table_of_other_pictures_is_refused(pictures, damage, words):
    write(pictures)
    damage(pictures / "test_conditions.csv")
    with pytest.raises(DataError, match=words) as error:
        load_test_conditions()
    assert str(pictures / "test_conditions.csv") in str(error.value)
