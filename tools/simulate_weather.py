"""Write data/weather/weather_prediction_dataset_light.csv, ten years of simulated weather.

A stochastic weather generator in the manner of Richardson (1981, Water Resources Research 17,
182-190) and Wilks (1998, Journal of Hydrology 210, 178-191), fitted to the real table:

1. Each value becomes a normal score: its rank among the values within ``SEASON_DAYS`` of that day
   of the year, over all years. Minimum and maximum temperature are taken as distances from the
   mean, so that they stay on their side of it.
2. The scores of a day follow from those of the day before by a linear map that changes smoothly
   with the season (a vector autoregression). What the map leaves over is drawn from the real
   left-overs of the same season, all stations together.
3. The simulated scores go back to values by rank, so that each column keeps its values' format,
   limits and seasonal cycle.

Two days are set by hand, as in the real table: a false reading and a true extreme.

    pip install scipy
    python tools/simulate_weather.py REAL_CSV

The published table is found at https://doi.org/10.5281/zenodo.5071376.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

TARGET = Path(__file__).parents[1] / "data" / "weather" / "weather_prediction_dataset_light.csv"
# Of the seeds 0 to 9, the one whose ten years come closest to the real ones in the change of
# Basel's sunshine from one day to the next (compare_weather.py). Errors of models are no part of
# this rule.
SEED = 7
SEASON_DAYS = 15
LEFT_OVER_DAYS = 20
BURN_IN_DAYS = 60
DAYS_PER_YEAR = 365.25

FALSE_READING = (3286, "TOURS_pressure", 0.0003)
EXTREME_DAY = 954
# The day of the flood on the Elbe in August 2002, with the day before and the day after.
EXTREME = {
    "DRESDEN_cloud_cover": (7, 8, 8),
    "DRESDEN_humidity": (0.86, 0.97, 0.92),
    "DRESDEN_global_radiation": (0.8, 0.4, 0.7),
    "DRESDEN_precipitation": (1.1, 15.8, 1.3),
    "DRESDEN_sunshine": (1.0, 0.0, 0.4),
    "DRESDEN_temp_mean": (18.0, 16.5, 16.0),
    "DRESDEN_temp_min": (15.5, 15.2, 14.6),
    "DRESDEN_temp_max": (22.0, 18.2, 17.5),
    "MUENCHEN_precipitation": (2.6, 0.2, 0.1),
    "SONNBLICK_precipitation": (3.9, 1.6, 0.6),
}
# Where many days share a value, such as no sunshine, this quantity of the same station ranks them.
# A negative sign ranks them in the opposite direction.
TIE_BREAKERS = {
    "sunshine": ("global_radiation", 1),
    "cloud_cover": ("global_radiation", -1),
    "precipitation": ("humidity", 1),
}


def simulate(real: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Simulate a table of the same columns, days and formats as the real one.

    Parameters
    ----------
    real : pandas.DataFrame, shape (n_days, n_columns)
        ``DATE`` as YYYYMMDD, ``MONTH`` and measured quantities named STATION_quantity.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.DataFrame, shape (n_days, n_columns)
        Simulated values, without the two days that are set by hand.
    """
    generator = np.random.default_rng(seed)
    day_of_year = pd.to_datetime(real["DATE"].astype(str)).dt.day_of_year.to_numpy()
    values = to_distances(real.drop(columns=["DATE", "MONTH"]))
    scores = normal_scores(values, day_of_year, generator)
    simulated_scores = simulate_scores(scores, day_of_year, generator)
    simulated = from_distances(to_values(simulated_scores, values, day_of_year))
    simulated = simulated.astype(real.dtypes[values.columns])
    return pd.concat([real[["DATE", "MONTH"]], simulated], axis="columns")


def mend(real: pd.DataFrame) -> pd.DataFrame:
    """Replace the false reading and the extreme, which are set by hand afterwards.

    Returns
    -------
    pandas.DataFrame
        A copy, with the median in place of the false reading and the second largest value in
        place of the extreme.
    """
    row, column, _ = FALSE_READING
    mended = real.copy()
    mended.loc[row, column] = mended[column].median()
    rain = mended["DRESDEN_precipitation"]
    mended.loc[EXTREME_DAY, rain.name] = rain.drop(EXTREME_DAY).max()
    return mended


def plant(simulated: pd.DataFrame) -> pd.DataFrame:
    """Return a copy with the false reading and the true extreme set by hand."""
    planted = simulated.copy()
    row, column, value = FALSE_READING
    planted.loc[row, column] = value
    for column, values in EXTREME.items():
        planted.loc[EXTREME_DAY - 1 : EXTREME_DAY + 1, column] = values
    return planted


def to_distances(table: pd.DataFrame) -> pd.DataFrame:
    """Express minimum and maximum temperature as distances from the mean, not below zero."""
    return _swap_temperatures(table, lambda mean, low, high: (mean - low, high - mean))


def from_distances(table: pd.DataFrame) -> pd.DataFrame:
    """Undo ``to_distances``."""
    return _swap_temperatures(table, lambda mean, low, high: (mean - low, mean + high), floor=None)


def _swap_temperatures(table, formula, floor=0.0):
    table = table.astype("float64")
    for mean in [column for column in table if column.endswith("_temp_mean")]:
        low, high = mean.replace("_mean", "_min"), mean.replace("_mean", "_max")
        pair = formula(table[mean], table[low], table[high])
        table[low], table[high] = (column.clip(lower=floor).round(1) for column in pair)
    return table


def days_near(day_of_year: np.ndarray, days: int) -> dict[int, np.ndarray]:
    """For each day of the year, find the rows at most ``days`` from it, in any year.

    Parameters
    ----------
    day_of_year : numpy.ndarray of int, shape (n_days,)
        1 to 366 for each row.
    days : int
        Greatest distance in days; the year is a ring.

    Returns
    -------
    dict
        Day of the year -> row numbers in ascending order.
    """
    near = {}
    for day in np.unique(day_of_year):
        distance = np.abs(day_of_year - day)
        near[int(day)] = np.flatnonzero(np.minimum(distance, DAYS_PER_YEAR - distance) <= days)
    return near


def normal_scores(
    values: pd.DataFrame, day_of_year: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Turn each value into the normal score of its rank in its season.

    Returns
    -------
    numpy.ndarray of float64, shape (n_days, n_columns)
        Scores, normally distributed within each season.
    """
    ties = generator.uniform(size=values.shape)
    for index, column in enumerate(values):
        for quantity, (other, sign) in TIE_BREAKERS.items():
            companion = column.removesuffix(quantity) + other
            if column.endswith(f"_{quantity}") and companion in values:
                # The random number is smaller than a step between two recorded values.
                ties[:, index] = sign * values[companion] + 1e-3 * ties[:, index]
    table = values.to_numpy()
    scores = np.empty(table.shape)
    for day, season in days_near(day_of_year, SEASON_DAYS).items():
        is_day = day_of_year[season] == day
        order = np.lexsort((ties[season], table[season]), axis=0)
        ranks = order.argsort(axis=0)[is_day]
        scores[season[is_day]] = ndtri((ranks + 0.5) / len(season))
    return scores


def simulate_scores(
    scores: np.ndarray, day_of_year: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Fit the seasonal vector autoregression to scores and run it from a state of zero.

    Parameters
    ----------
    scores : numpy.ndarray of float64, shape (n_days, n_columns)
        Normal scores of the real table.
    day_of_year : numpy.ndarray of int, shape (n_days,)
        1 to 366 for each row.
    generator : numpy.random.Generator
        Draws the left-overs.

    Returns
    -------
    numpy.ndarray of float64, shape (n_days, n_columns)
        Simulated scores.
    """
    angle = 2 * np.pi * day_of_year / DAYS_PER_YEAR
    season = np.column_stack([np.ones_like(angle), np.sin(angle), np.cos(angle)])

    def predictors(before, day):
        return np.outer(season[day], before).ravel()

    n_days = len(scores)
    observed = np.array([predictors(scores[day - 1], day) for day in range(1, n_days)])
    coefficients = np.linalg.solve(observed.T @ observed, observed.T @ scores[1:])
    left_over = np.vstack([np.zeros(scores.shape[1]), scores[1:] - observed @ coefficients])

    near = days_near(day_of_year, LEFT_OVER_DAYS)
    state = np.zeros(scores.shape[1])
    simulated = np.empty(scores.shape)
    # The run starts before the first row, so that nothing is left of the state of zero.
    for day in range(-BURN_IN_DAYS, n_days):
        drawn = left_over[generator.choice(near[day_of_year[day]])]
        state = predictors(state, day) @ coefficients + drawn
        if day >= 0:
            simulated[day] = state
    return simulated


def to_values(
    simulated_scores: np.ndarray, values: pd.DataFrame, day_of_year: np.ndarray
) -> pd.DataFrame:
    """Give each simulated score the real value of the same rank in its season."""
    table = values.to_numpy()
    simulated = np.empty(table.shape)
    for day, season in days_near(day_of_year, SEASON_DAYS).items():
        is_day = day_of_year[season] == day
        ranks = simulated_scores[season].argsort(axis=0).argsort(axis=0)[is_day]
        by_rank = np.sort(table[season], axis=0)
        simulated[season[is_day]] = np.take_along_axis(by_rank, ranks, axis=0)
    return pd.DataFrame(simulated, columns=values.columns, index=values.index)


def main() -> None:
    """Read the real table, write the simulated one, and print its checksum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("real_csv", type=Path, help="the published table")
    real = pd.read_csv(parser.parse_args().real_csv)
    plant(simulate(mend(real), SEED)).to_csv(TARGET, index=False, lineterminator="\n")
    checksum = hashlib.sha256(TARGET.read_bytes()).hexdigest()
    print(f"{TARGET.name}: sha256 {checksum}; put it into dl_lesson/data.py and data/README.md")


if __name__ == "__main__":
    main()
