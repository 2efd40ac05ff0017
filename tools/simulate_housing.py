"""Write data/california_housing/california_housing.csv.gz: a stand-in, simulated, not measured.

The real table (20,640 districts of the census of 1990; Pace and Barry 1997, "Sparse spatial
autoregressions", Statistics and Probability Letters 33, 291-297) comes with no package that may be
passed on. The stand-in has its columns, units, limits and size, and follows published summaries of
it: medians and quartiles of each column, the dense places on the map, and a price that rises with
income, falls with the distance from the coast, and depends on both together.

    python tools/simulate_housing.py
"""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd

TARGET = Path(__file__).parents[1] / "data" / "california_housing" / "california_housing.csv.gz"
N_DISTRICTS = 20_640
# Latitude, longitude, spread in degrees, share of districts, level of income and of prices.
PLACES = (
    (34.02, -118.28, 0.20, 0.27, 0.97, 1.12),
    (33.75, -117.90, 0.13, 0.09, 1.15, 1.12),
    (34.05, -117.45, 0.22, 0.08, 0.90, 0.80),
    (32.80, -117.10, 0.13, 0.08, 1.00, 1.00),
    (37.75, -122.25, 0.16, 0.13, 1.08, 1.25),
    (37.33, -121.92, 0.10, 0.06, 1.32, 1.35),
    (38.57, -121.40, 0.18, 0.07, 0.93, 0.74),
    (36.75, -119.75, 0.35, 0.08, 0.78, 0.58),
    (35.37, -119.00, 0.30, 0.04, 0.80, 0.58),
    (38.20, -122.40, 0.35, 0.04, 1.10, 1.10),
    (40.00, -122.20, 0.90, 0.04, 0.72, 0.58),
    (34.60, -119.80, 0.45, 0.02, 1.00, 1.15),
)
# Points of the coast from south to north, latitude and longitude.
COAST = np.array(
    [
        (32.54, -117.12),
        (33.40, -117.60),
        (33.75, -118.30),
        (34.03, -118.75),
        (34.45, -120.45),
        (35.60, -121.10),
        (36.60, -121.90),
        (37.50, -122.50),
        (38.30, -123.05),
        (39.80, -123.85),
        (41.95, -124.20),
    ]
)


def simulate(generator: np.random.Generator) -> pd.DataFrame:
    """Simulate the districts.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of all chance.

    Returns
    -------
    pandas.DataFrame, shape (20640, 9)
        Columns as in scikit-learn; prices in 100,000 dollars.
    """
    places = np.array(PLACES)
    place = places[generator.choice(len(places), N_DISTRICTS, p=places[:, 3] / places[:, 3].sum())]
    spread = place[:, 2, None] * generator.standard_t(4, (N_DISTRICTS, 2))
    latitude, longitude = np.clip(place[:, :2] + spread, (32.54, -124.35), (41.95, -114.31)).T
    # Districts lie on land: what falls into the sea is moved back to the coast.
    shore = np.interp(latitude, COAST[:, 0], COAST[:, 1])
    longitude = np.maximum(longitude, shore + generator.uniform(0, 0.1, N_DISTRICTS))
    inland = (longitude - shore) * np.cos(np.radians(latitude))

    neighbourhood = generator.normal(size=N_DISTRICTS)
    income = 3.55 * place[:, 4] * np.exp(0.40 * neighbourhood)
    income = np.clip(income * generator.gamma(30, 1 / 30, N_DISTRICTS), 0.4999, 15.0001)
    age = np.clip(generator.normal(29, 13, N_DISTRICTS) + 3 * (inland < 0.4), 1, 52).round()
    per_household = np.clip(generator.lognormal(np.log(2.85), 0.24, N_DISTRICTS), 1, 60)
    rooms = 5.2 * (income / 3.5) ** 0.25 * generator.lognormal(0, 0.17, N_DISTRICTS)
    holiday = generator.random(N_DISTRICTS) < 0.01
    rooms[holiday] *= generator.uniform(2, 6, holiday.sum())
    bedrooms = np.clip(generator.lognormal(np.log(1.05), 0.06, N_DISTRICTS) * rooms / 5.2, 0.6, 34)
    bedrooms = bedrooms**0.3 * 1.05**0.7
    population = np.clip(generator.lognormal(np.log(1166), 0.62, N_DISTRICTS), 3, 35_682).round()

    price = (
        1.28
        * place[:, 5] ** 1.3
        * (0.42 + 0.30 * np.power(income, 1.05))
        * (0.80 + 0.42 * np.exp(-inland / 0.25))
        * (1 + 0.06 * np.tanh((age - 35) / 8) * (inland < 0.5))
        * (2.85 / per_household) ** 0.45
        * generator.lognormal(0, 0.20, N_DISTRICTS)
    )
    table = pd.DataFrame(
        {
            "MedInc": income.round(4),
            "HouseAge": age,
            "AveRooms": rooms.round(3),
            "AveBedrms": bedrooms.round(3),
            "Population": population,
            "AveOccup": per_household.round(3),
            "Latitude": latitude.round(2),
            "Longitude": longitude.round(2),
            "MedHouseVal": np.clip(price, 0.14999, None).round(3),
        }
    )
    # The census gave all prices above half a million dollars as one number.
    table.loc[table["MedHouseVal"] > 5, "MedHouseVal"] = 5.00001
    return table


def main() -> None:
    """Write the file."""
    table = simulate(np.random.default_rng(1990))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    text = table.to_csv(index=False, lineterminator="\n")
    TARGET.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{TARGET.name}: {len(table)} rows, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
