"""The picture set: which pictures there are, and when a picture is good enough."""

import csv
import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from household.objects import CLASS_NAMES
from household.photo import photograph
from household.scene import build_scene

SEED = 20
SIZE = 64
# Each split has a stream of random numbers of its own, and its number of pictures.
SPLITS = {"train": (0, 878), "test": (1, 293), "tuning": (2, 300)}
MOST_ATTEMPTS = 30

LEAST_PICTURE_SHARE = 0.12
LEAST_UNHIDDEN_SHARE = 0.8
GREY_RANGE = (80, 200)
LEAST_SPREAD = 22
MOST_CLIPPED_SHARE = 0.12
LEAST_CONTRAST = 14


@dataclass
class Picture:
    """A picture, shape (64, 64, 3), and the conditions under which it was taken."""

    pixels: np.ndarray
    conditions: dict[str, object]


def split_labels(split: str) -> np.ndarray:
    """Return the labels of a split: each class as often as any other, give or take one."""
    stream, n_pictures = SPLITS[split]
    labels = np.arange(n_pictures) % len(CLASS_NAMES)
    np.random.default_rng([SEED, stream]).shuffle(labels)
    return labels.astype(np.int64)


def draw_picture(stream: int, index: int, label: int) -> Picture:
    """Draw scenes until one shows its object, and photograph it.

    The scene depends on nothing but the arguments and `SEED`. So does the picture, but for the
    last digits of the renderer's arithmetic: about one picture in a hundred differs slightly
    when it is drawn again.

    Raises
    ------
    RuntimeError
        When none of the attempts was good enough.
    """
    # Mitsuba is loaded here, so that the labels and the checks need no renderer.
    from household.renderer import LAMP, SUBJECT, render, what_is_seen

    for attempt in range(MOST_ATTEMPTS):
        rng = np.random.default_rng([SEED, stream, index, attempt])
        scene = build_scene(label, rng)
        view = what_is_seen(scene, SIZE)
        seen = view == SUBJECT
        if seen.mean() < LEAST_PICTURE_SHARE or (view == LAMP).any():
            continue
        unhidden = seen.sum() / (what_is_seen(scene, SIZE, alone=True) == SUBJECT).sum()
        if unhidden < LEAST_UNHIDDEN_SHARE:
            continue
        pixels = photograph(render(scene, SIZE, int(rng.integers(1 << 30))), rng)
        if well_exposed(pixels, seen):
            shares = {
                "picture_share": round(float(seen.mean()), 3),
                "unhidden_share": round(float(unhidden), 3),
                "brightness": round(float(pixels.mean()), 1),
            }
            return Picture(pixels, scene.conditions | shares)
    raise RuntimeError(
        f"Picture {index} of stream {stream} ({CLASS_NAMES[label]}) was not good enough in "
        f"{MOST_ATTEMPTS} attempts. Look at its scenes, or relax the limits in dataset.py."
    )


def well_exposed(pixels: np.ndarray, seen: np.ndarray) -> bool:
    """Return whether a picture is neither dark nor pale, and its subject is not one flat tone.

    Parameters
    ----------
    pixels : uint8 array of shape (size, size, 3)
    seen : bool array of shape (size, size)
        Where the subject is.
    """
    grey = pixels.mean(axis=-1)
    return bool(
        GREY_RANGE[0] <= grey.mean() <= GREY_RANGE[1]
        and grey.std() >= LEAST_SPREAD
        and (pixels.min(axis=-1) > 250).mean() <= MOST_CLIPPED_SHARE
        and (pixels.min(axis=-1) > 250)[seen].mean() <= MOST_CLIPPED_SHARE
        and grey[seen].std() >= LEAST_CONTRAST
    )


def draw_split(split: str, processes: int) -> Iterator[Picture]:
    """Yield the pictures of a split in order."""
    labels = split_labels(split)
    yield from draw_many(
        [(SPLITS[split][0], index, int(label)) for index, label in enumerate(labels)], processes
    )


def draw_many(jobs: list[tuple[int, int, int]], processes: int) -> Iterator[Picture]:
    """Yield the picture of each job (stream, index, label), in order."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(_draw, jobs, chunksize=2)


def _draw(job: tuple[int, int, int]) -> Picture:
    return draw_picture(*job)


def write_split(split: str, pictures: list[Picture], folder: Path) -> None:
    """Write images, labels, class names and, for the test split, the table of conditions."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = split_labels(split)
    images = np.stack([picture.pixels for picture in pictures])
    np.save(folder / f"{split}_images.npy", images)
    np.save(folder / f"{split}_labels.npy", labels)
    (folder / "class_names.txt").write_text("\n".join(CLASS_NAMES) + "\n", encoding="utf-8")
    if split == "test":
        with (folder / "test_conditions.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ["picture", "class_name", *pictures[0].conditions])
            writer.writeheader()
            for index, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
                row = {"picture": index, "class_name": CLASS_NAMES[label]}
                writer.writerow(row | picture.conditions)
