"""What a picture set gives away without its objects, and how alike its pictures are."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

BORDER = 2
CORNER = 8
LOOK_ALIKE = 16


def mean_colour(images: np.ndarray) -> np.ndarray:
    """Return each picture's mean colour, shape (n, 3)."""
    return images.mean(axis=(1, 2)) / 255


def border_pixels(images: np.ndarray) -> np.ndarray:
    """Return the pixels within `BORDER` of the edge, shape (n, n_values)."""
    edge = np.ones(images.shape[1:3], bool)
    edge[BORDER:-BORDER, BORDER:-BORDER] = False
    return images[:, edge].reshape(len(images), -1) / 255


def corner_colours(images: np.ndarray) -> np.ndarray:
    """Return the mean colour of the four corners, shape (n, 12)."""
    ends = slice(0, CORNER), slice(-CORNER, None)
    corners = [images[:, rows, columns].mean(axis=(1, 2)) for rows in ends for columns in ends]
    return np.concatenate(corners, axis=1) / 255


def linear_accuracy(features, train, held_out, penalty: float = 1.0) -> float:
    """Return the held-out accuracy of logistic regression on standardised features."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=1 / penalty, max_iter=2000))
    model.fit(features(train[0]), train[1])
    return model.score(features(held_out[0]), held_out[1])


def nearest_pairs(images: np.ndarray, n_pairs: int = 5) -> list[tuple[float, int, int]]:
    """Return the most alike pairs of pictures as (difference, first, second).

    Pictures are reduced to 16x16 grey values with mean 0 and standard deviation 1; a flip from
    left to right counts as alike. The difference is a root mean square: 0 for copies, about 1.4 for
    unrelated pictures.
    """
    small = np.stack(
        [
            np.asarray(Image.fromarray(image).convert("L").resize((LOOK_ALIKE, LOOK_ALIKE)), float)
            for image in images
        ]
    )
    small -= small.mean(axis=(1, 2), keepdims=True)
    small /= small.std(axis=(1, 2), keepdims=True) + 1e-9
    flat, flipped = small.reshape(len(small), -1), small[:, :, ::-1].reshape(len(small), -1)
    likeness = np.maximum(flat @ flat.T, flat @ flipped.T) / flat.shape[1]
    difference = np.sqrt(np.clip(2 - 2 * likeness, 0, None))
    first, second = np.triu_indices(len(images), 1)
    order = np.argsort(difference[first, second])[:n_pairs]
    return [(difference[first[i], second[i]], int(first[i]), int(second[i])) for i in order]


def measure(folder: Path, held_out: str) -> Iterator[str]:
    """Yield the lines of a report on the training split and a held-out split of a folder."""
    train, other = (
        (np.load(folder / f"{split}_images.npy"), np.load(folder / f"{split}_labels.npy"))
        for split in ("train", held_out)
    )
    yield f"pictures: {len(train[0])} train {np.bincount(train[1])}, {len(other[0])} {held_out}"
    for name, features, penalty in (
        ("mean colour", mean_colour, 1),
        ("corner colours", corner_colours, 1),
        ("border pixels", border_pixels, 1),
        ("border pixels, strong penalty", border_pixels, 1000),
    ):
        accuracy = linear_accuracy(features, train, other, penalty)
        yield f"linear classifier on {name}: {accuracy:.3f} (chance 0.100)"
    images = np.concatenate([train[0], other[0]])
    grey = images.mean(axis=(1, 2, 3))
    yield f"mean grey value: {grey.min():.0f} to {grey.max():.0f}"
    pale = (images.min(axis=-1) > 250).mean(axis=(1, 2))
    yield f"share of a picture that is white: at most {pale.max():.2f}"
    for difference, first, second in nearest_pairs(images):
        yield f"most alike: {first} and {second}, difference {difference:.2f}"
