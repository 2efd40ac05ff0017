"""Colours and patterns of household things. All colours are sRGB values from 0 to 1."""

import colorsys

import numpy as np
from PIL import Image, ImageDraw, ImageFont

PATTERNS = ("plain", "noise", "stripes", "checks", "wood", "brick", "tiles", "speckle", "dots")


def from_hsv(hue: float, saturation: float, value: float) -> np.ndarray:
    """Return the colour, shape (3,), of a hue, saturation and value from 0 to 1."""
    return np.array(colorsys.hsv_to_rgb(hue % 1, saturation, value))


def to_bytes(colour: np.ndarray) -> tuple[int, ...]:
    """Return a colour as the integers 0 to 255 that Pillow takes."""
    return tuple(int(255 * channel) for channel in np.clip(colour, 0, 1))


def household_colour(rng: np.random.Generator, white: float = 0.15, darkest: float = 0.2):
    """Draw a colour: white with chance ``white``, else grey, earthy or any hue, often muted.

    ``darkest`` is the least value (of hue, saturation, value) of a colour that is not white.
    """
    if rng.random() < white:
        return np.clip(rng.uniform(0.75, 0.95) + rng.normal(0, 0.02, 3), 0, 1)
    kind = rng.choice(["grey", "earthy", "any"], p=[0.15, 0.3, 0.55])
    if kind == "grey":
        return np.clip(rng.uniform(darkest, 0.65) + rng.normal(0, 0.02, 3), 0, 1)
    if kind == "earthy":
        return from_hsv(rng.uniform(0.02, 0.13), rng.uniform(0.15, 0.75), rng.uniform(darkest, 0.9))
    return from_hsv(rng.random(), 0.05 + 0.9 * rng.beta(1.4, 2.2), rng.uniform(darkest, 0.9))


def blend(mask: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Mix two colours: ``first`` where the mask, shape (n, n), is 0, ``second`` where it is 1."""
    return (1 - mask[..., None]) * np.asarray(first) + mask[..., None] * np.asarray(second)


def value_noise(rng: np.random.Generator, size: int, octaves: int = 5, cells: int = 2, stretch=1):
    """Return fractal value noise from 0 to 1, shape (size, size).

    Random grids, each with twice the cells and 0.55 of the height of the one before, are
    interpolated and summed. ``stretch`` multiplies the cells along the rows' axis.
    """
    total = np.zeros((size, size))
    for octave in range(octaves):
        n_cells = cells * 2**octave
        if n_cells > size:
            break
        heights = rng.random((max(2, int(n_cells * stretch)), n_cells)).astype(np.float32)
        smooth = Image.fromarray(heights).resize((size, size), Image.Resampling.BICUBIC)
        total += 0.55**octave * np.asarray(smooth)
    total -= total.min()
    return total / max(total.max(), 1e-6)


def masonry(rng, size: int, rows: int, staggered: bool, stone: np.ndarray, joint: np.ndarray):
    """Return bricks (staggered) or tiles with joints, shape (size, size, 3)."""
    y, x = np.mgrid[:size, :size] / size
    columns = rows // 2 if staggered else rows
    row = np.floor(y * rows)
    shifted = x * columns + (row % 2) * 0.5 * staggered
    tone = rng.uniform(0.75, 1.1, (64, 64))[row.astype(int), np.floor(shifted).astype(int) % 64]
    picture = stone * (tone if staggered else np.ones_like(tone))[..., None]
    in_joint = ((y * rows) % 1 < 0.1) | (shifted % 1 < 0.1 * columns / rows)
    return np.where(in_joint[..., None], joint, picture)


def pattern(rng, kind: str | None = None, first=None, second=None, size: int = 128) -> np.ndarray:
    """Return a pattern of two colours.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of all random choices.
    kind : str, optional
        One of `PATTERNS`; drawn when not given.
    first, second : array of shape (3,), optional
        Its colours; drawn when not given.
    size : int
        Width and height in pixels.

    Returns
    -------
    array of shape (size, size, 3)
    """
    kind = kind or rng.choice(PATTERNS)
    first = household_colour(rng) if first is None else np.asarray(first)
    if second is None:
        shade = np.clip(first * rng.uniform(0.45, 1.5), 0, 1)
        second = household_colour(rng) if rng.random() < 0.6 else shade
    y, x = np.mgrid[:size, :size] / size
    count, duty = int(rng.integers(2, 9)), rng.uniform(0.25, 0.65)
    if kind in ("brick", "tiles"):
        picture = masonry(rng, size, count + 2, kind == "brick", first, second)
        return np.clip(picture * (0.9 + 0.1 * value_noise(rng, size))[..., None], 0, 1)
    if kind == "plain":
        mask, second = value_noise(rng, size) * rng.uniform(0.05, 0.3), first * 0.5
    elif kind == "noise":
        mask = value_noise(rng, size, 5, int(rng.integers(2, 8)))
    elif kind == "stripes":
        mask = ((x * count) % 1 < duty) * 1.0
    elif kind == "checks":
        mask = ((x * count) % 1 < duty) * 0.5 + ((y * count) % 1 < duty) * 0.5
    elif kind == "wood":
        grain = value_noise(rng, size, 5, 2, 4) * rng.uniform(1, 4)
        board_edge = (x * 4) % 1 < 0.04
        waves = 0.5 + 0.5 * np.sin((x * count * 2 + grain) * 1.2 * np.pi)
        mask, second = np.where(board_edge, 1.3, waves * 0.6), first * rng.uniform(0.5, 0.8)
    elif kind == "speckle":
        mask = (rng.random((size, size)) < duty * 0.5) * rng.random((size, size))
    else:
        mask = (((x * count) % 1 - 0.5) ** 2 + ((y * count) % 1 - 0.5) ** 2 < duty**2 / 4) * 1.0
    shading = 0.85 + 0.15 * value_noise(rng, size)
    return np.clip(blend(mask, first, second) * shading[..., None], 0, 1)


def letter(picture: Image.Image, text: str, box: tuple[int, int, int, int], colour) -> None:
    """Write one line of text as large as the box (left, top, right, bottom) allows."""
    left, top, right, bottom = box
    draw = ImageDraw.Draw(picture)
    for height in range(bottom - top, 4, -1):
        font = ImageFont.load_default(height)
        x0, y0, x1, y1 = draw.textbbox((0, 0), text, font=font)
        if x1 - x0 <= right - left and y1 - y0 <= bottom - top:
            break
    position = ((left + right - x0 - x1) / 2, (top + bottom - y0 - y1) / 2)
    draw.text(
        position,
        text,
        fill=to_bytes(colour),
        font=font,
        stroke_width=max(1, height // 24),
        stroke_fill=to_bytes(colour),
    )
