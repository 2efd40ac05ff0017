"""Train on 1, 2, 4 or 8 times the data and print what an epoch takes, as JSON.

`times.py` starts this in a process of its own for each size, because memory is measured::

    python benchmarks/growth.py pictures 4
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import keras
import numpy as np
import psutil

from dl_lesson import compile_model, create_cnn, create_nn

BATCH = 32


class PicturesFromFile(keras.utils.PyDataset):
    """Batches of a picture file that is never read as a whole.

    Parameters
    ----------
    path : pathlib.Path
        File of numpy with an array of uint8 of shape ``(n_pictures, rows, columns, channels)``.
    labels : numpy.ndarray
        Integers of shape ``(n_pictures,)``.
    """

    def __init__(self, path: Path, labels: np.ndarray):
        super().__init__()
        self.pictures = np.load(path, mmap_mode="r", allow_pickle=False)
        self.labels = labels

    def __len__(self) -> int:
        """Return the number of batches."""
        return -(-len(self.labels) // BATCH)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the pictures of a batch, from 0 to 1, and their labels."""
        chosen = slice(index * BATCH, (index + 1) * BATCH)
        return self.pictures[chosen].astype("float32") / 255, self.labels[chosen]


def weather(times: int, folder: Path) -> tuple[keras.Model, dict, int]:
    """Return the weather network and what it is trained on."""
    random = np.random.default_rng(0)
    x = random.normal(size=(767 * times, 89)).astype("float32")
    network = create_nn(89)
    compile_model(network, "regression")
    return network, {"x": x, "y": x[:, 0], "batch_size": BATCH}, 5


def pictures(times: int, folder: Path) -> tuple[keras.Model, dict, int]:
    """Return a CNN and the picture file that it is trained on."""
    n_pictures = 400 * times
    path = folder / "pictures.npy"
    file = np.lib.format.open_memmap(path, "w+", np.uint8, (n_pictures, 64, 64, 3))
    random = np.random.default_rng(0)
    for first in range(0, n_pictures, 400):
        file[first : first + 400] = random.integers(0, 256, (400, 64, 64, 3), dtype=np.uint8)
    file.flush()
    del file
    network = create_cnn((64, 64, 3), 10, filters=(16, 32))
    compile_model(network, "classification")
    return network, {"x": PicturesFromFile(path, np.arange(n_pictures) % 10)}, 1


KINDS = {"weather": weather, "pictures": pictures}


def main() -> None:
    """Measure one size of one kind of data."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("times", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        network, data, n_epochs = KINDS[options.kind](options.times, Path(folder))
        # The first epoch builds the steps.
        network.fit(**data, epochs=1, verbose=0)
        process = psutil.Process()
        started, before = time.perf_counter(), process.cpu_times()
        network.fit(**data, epochs=n_epochs, verbose=0)
        seconds, after = time.perf_counter() - started, process.cpu_times()
        # Pages of the file count as resident until the system wants them back; they are no need.
        memory = process.memory_info()
        shared = getattr(memory, "shared", 0)
    used = after.user + after.system - before.user - before.system
    json.dump(
        {
            "seconds": seconds / n_epochs,
            "processor_seconds": used / n_epochs,
            "memory": memory.rss - shared,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
