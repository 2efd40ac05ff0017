"""Contact sheets: many pictures side by side, to look at."""

from pathlib import Path

import numpy as np
from PIL import Image

COLUMNS = 10


def save_sheet(images, path: Path, zoom: int = 3) -> None:
    """Save pictures, each of shape (size, size, 3), enlarged, in rows of ten with gaps."""
    images = [np.pad(image, ((0, 2), (0, 2), (0, 0)), constant_values=255) for image in images]
    images += [np.full_like(images[0], 255)] * (-len(images) % COLUMNS)
    rows = [np.concatenate(images[i : i + COLUMNS], 1) for i in range(0, len(images), COLUMNS)]
    sheet = Image.fromarray(np.concatenate(rows))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.resize((sheet.width * zoom, sheet.height * zoom), Image.Resampling.BICUBIC).save(path)
