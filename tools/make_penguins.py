"""Write data/penguins/penguins.csv from the package palmerpenguins.

The package (PyPI ``palmerpenguins``) carries the table that the R package of the same name
publishes under CC0. The lesson keeps the table in the layout that seaborn's users know: seven
columns without the year, "Male" and "Female", and the species in alphabetical order.

    pip install palmerpenguins
    python tools/make_penguins.py
"""

import hashlib
import importlib.resources
from pathlib import Path

import pandas as pd

TARGET = Path(__file__).parents[1] / "data" / "penguins" / "penguins.csv"


def to_seaborn_layout(table: pd.DataFrame) -> pd.DataFrame:
    """Bring the published table into seaborn's layout.

    Parameters
    ----------
    table : pandas.DataFrame
        The published table: eight columns, one row for each penguin, all values strings, missing
        values empty.

    Returns
    -------
    pandas.DataFrame
        The same rows, grouped by species, with seven columns.
    """
    table = table.drop(columns="year").sort_values("species", kind="stable", ignore_index=True)
    return table.assign(sex=table["sex"].str.capitalize())


def main() -> None:
    """Write the file and print its checksum."""
    published = importlib.resources.files("palmerpenguins") / "data" / "penguins.csv"
    with published.open() as file:
        # Strings keep every number as it was published.
        table = pd.read_csv(file, dtype=str)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    to_seaborn_layout(table).to_csv(TARGET, index=False, lineterminator="\n")
    print(f"{TARGET.name}: {len(table)} rows, sha256 {sha256(TARGET)}")


def sha256(path: Path) -> str:
    """Return the checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
