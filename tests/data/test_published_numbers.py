"""The data that come with the lesson are those of their publishers, whatever their checksums say.

A checksum tells that a file is the one that was checked in. Here each table gives the numbers that
its publishers, or the manuals of libraries that ship it, print; and labels that a program has drawn
are drawn again.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dl_lesson import load_diamonds, load_dollar_street, load_penguins, load_pima_diabetes

ROOT = Path(__file__).parents[2]


def test_penguins_have_the_means_of_palmerpenguins(cache):
    means = (
        load_penguins()
        .groupby("species")[["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]]
        .mean()
    )
    published = {
        "Adelie": [38.79139, 18.34636, 189.9536, 3700.662],
        "Chinstrap": [48.83382, 18.42059, 195.8235, 3733.088],
        "Gentoo": [47.50488, 14.98211, 217.1870, 5076.016],
    }
    for species, row in published.items():
        np.testing.assert_allclose(means.loc[species], row, rtol=2e-6)


def test_penguins_live_on_their_islands(cache):
    counts = load_penguins().groupby(["species", "island"]).size()
    assert counts.to_dict() == {
        ("Adelie", "Biscoe"): 44,
        ("Adelie", "Dream"): 56,
        ("Adelie", "Torgersen"): 52,
        ("Chinstrap", "Dream"): 68,
        ("Gentoo", "Biscoe"): 124,
    }


def test_diamonds_have_the_summary_of_ggplot2(cache):
    diamonds = load_diamonds()
    summary = diamonds.mean(numeric_only=True).round(4).to_dict()
    assert summary == {
        "carat": 0.7979,
        "depth": 61.7494,
        "table": 57.4572,
        "price": 3932.7997,
        "x": 5.7312,
        "y": 5.7345,
        "z": 3.5387,
    }
    assert diamonds["cut"].value_counts().to_dict() == {
        "Ideal": 21551,
        "Premium": 13791,
        "Very Good": 12082,
        "Good": 4906,
        "Fair": 1610,
    }


def test_diabetes_has_its_published_means(cache):
    means = load_pima_diabetes().mean().round(3)
    assert means.tolist() == pytest.approx(
        [3.845, 120.895, 69.105, 20.536, 79.799, 31.993, 0.472, 33.241, 0.349]
    )


def test_labels_of_the_rendered_pictures_are_drawn_again(cache, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools")
    from household.dataset import split_labels

    pictures = load_dollar_street()
    np.testing.assert_array_equal(pictures.test.labels, split_labels("test"))
    folder = ROOT / "data" / "dataset_dollarstreet"
    for split in ("train", "test"):
        stored = np.load(folder / f"{split}_labels.npy").ravel()
        np.testing.assert_array_equal(stored, split_labels(split))


def test_conditions_name_the_class_of_each_picture():
    folder = ROOT / "data" / "dataset_dollarstreet"
    names = (folder / "class_names.txt").read_text(encoding="utf-8").splitlines()
    labels = np.load(folder / "test_labels.npy").ravel()
    conditions = pd.read_csv(folder / "test_conditions.csv")
    assert conditions["class_name"].tolist() == [names[label] for label in labels]
    images = np.load(folder / "test_images.npy")
    brightness = images.mean(axis=(1, 2, 3))
    np.testing.assert_allclose(conditions["brightness"], brightness, atol=0.051)
