"""Compare simulated weather with the real table, for several seeds of the generator.

    pip install scipy
    python tools/compare_weather.py REAL_CSV [SEEDS]

One line for the real table and for each seed, all in hours of Basel's sunshine. First the root
mean squared change from one day to the next over all days, by which the seed in
simulate_weather.py was chosen. Then, for each of the lesson's three selections of rows and
features, the test error of persistence, of the training mean and of ridge, and the ratio of ridge
to persistence.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from simulate_weather import FALSE_READING, mend, plant, simulate
from sklearn.linear_model import RidgeCV
from sklearn.metrics import root_mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

TARGET = "BASEL_sunshine"
# Last row of the selection, and what the names of its features start with.
SELECTIONS = {
    "3 years": (3 * 365, ""),
    "9 years, Basel": (9 * 365, "BASEL_"),
    "10 years": (10 * 365 + 2, ""),
}


def daily_change(weather: pd.DataFrame) -> float:
    """Return the root mean squared change of the target from one day to the next, in hours."""
    return float(np.sqrt((weather[TARGET].diff() ** 2).mean()))


def baseline_errors(weather: pd.DataFrame, last_row: int, station: str) -> tuple[float, ...]:
    """Compute test errors on the lesson's split.

    Parameters
    ----------
    weather : pandas.DataFrame
        Real or simulated table without the false reading.
    last_row : int
        Last row whose next day is predicted.
    station : str
        What the feature names start with; empty for all features.

    Returns
    -------
    tuple of float
        Root mean squared error of persistence, training mean and ridge in hours, and the ratio
        of ridge to persistence.
    """
    features = weather.drop(columns=["DATE", "MONTH"]).loc[:last_row]
    features = features[[column for column in features if column.startswith(station)]]
    next_day = weather[TARGET].loc[1 : last_row + 1].to_numpy()
    x_train, x_held_out, y_train, y_held_out = train_test_split(
        features, next_day, test_size=0.3, random_state=0
    )
    _, x_test, _, y_test = train_test_split(x_held_out, y_held_out, test_size=0.5, random_state=0)
    ridge = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-1, 4, 20))).fit(x_train, y_train)
    predictions = (x_test[TARGET], np.full(len(y_test), y_train.mean()), ridge.predict(x_test))
    errors = [root_mean_squared_error(y_test, prediction) for prediction in predictions]
    return *errors, errors[2] / errors[0]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("real_csv", type=Path, help="the published table")
    parser.add_argument("seeds", type=int, nargs="?", default=10, help="how many seeds to try")
    arguments = parser.parse_args()
    real = pd.read_csv(arguments.real_csv)
    print(f"{'':8}  change  " + "  ".join(f"{name:24}" for name in SELECTIONS))
    print(f"{'':8}          " + "  ".join(["persist. mean  ridge ratio"] * len(SELECTIONS)))
    for seed in [None, *range(arguments.seeds)]:
        weather = real.copy() if seed is None else plant(simulate(mend(real), seed))
        row, column, _ = FALSE_READING
        weather.loc[row, column] = weather[column].median()
        label = "real" if seed is None else f"seed {seed}"
        cells = [baseline_errors(weather, *selection) for selection in SELECTIONS.values()]
        numbers = "  ".join("  ".join(f"{number:5.2f}" for number in cell) for cell in cells)
        print(f"{label:8} {daily_change(weather):7.3f}  {numbers}", flush=True)


if __name__ == "__main__":
    main()
