import importlib
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dl_lesson.data import sources as data
from dl_lesson.data import weather as weather_table

ROOT = Path(__file__).parents[2]
WEATHER = data.DATA_SETS["weather"]
BUNDLED = ROOT / "data" / WEATHER.folder / WEATHER.forms[0][0]


@pytest.fixture(scope="module")
def tool():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "tools")
        yield importlib.import_module("simulate_weather")


@pytest.fixture(scope="module")
def bundled():
    return pd.read_csv(BUNDLED)


@pytest.fixture(scope="module")
def real():
    named = os.environ.get("DL_LESSON_DATA", "")
    for path in (Path(named, WEATHER.folder, BUNDLED.name), Path(named, BUNDLED.name)):
        if named and path.is_file() and WEATHER.versions["real"][path.name] == data.checksum(path):
            return pd.read_csv(path)
    pytest.skip("the folder in DL_LESSON_DATA holds no real weather data")


@pytest.fixture(scope="module")
def observed():
    """Eight years of made-up weather at two places, with the properties a generator must keep."""
    generator = np.random.default_rng(1)
    days = pd.date_range("2000-01-01", "2007-12-31")
    summer = -np.cos(2 * np.pi * days.day_of_year.to_numpy() / 365.25)
    state = np.zeros((len(days), 2))
    for day in range(1, len(days)):
        noise = generator.normal(size=2)
        # The second place has the first one's weather of the same day, and its own.
        noise[1] = 0.8 * noise[0] + 0.6 * noise[1]
        state[day] = 0.7 * state[day - 1] + np.sqrt(1 - 0.7**2) * noise
    table = pd.DataFrame({"DATE": days.strftime("%Y%m%d").astype("int64"), "MONTH": days.month})
    for index, place in enumerate(["A", "B"]):
        clear = state[:, index]
        table[f"{place}_cloud_cover"] = np.clip(np.rint(4 - 2 * clear), 0, 8).astype("int64")
        table[f"{place}_humidity"] = np.round(np.clip(0.75 - 0.08 * clear, 0.3, 1), 2)
        table[f"{place}_precipitation"] = np.round(np.clip(-clear, 0, None), 2)
        table[f"{place}_sunshine"] = np.round(np.clip((5 + 3 * summer) * (1 + clear), 0, 16), 1)
        table[f"{place}_temp_mean"] = np.round(10 + 9 * summer + 3 * clear, 1)
        spread = np.abs(generator.normal(4, 1, size=(2, len(days))))
        table[f"{place}_temp_min"] = np.round(table[f"{place}_temp_mean"] - spread[0], 1)
        table[f"{place}_temp_max"] = np.round(table[f"{place}_temp_mean"] + spread[1], 1)
    return table


@pytest.fixture(scope="module")
def simulated(tool, observed):
    return tool.simulate(observed, seed=3)


def seasonal_anomaly(column, table):
    return column - column.groupby(table["MONTH"]).transform("mean")


def test_same_seed_same_values(tool, observed, simulated):
    pd.testing.assert_frame_equal(tool.simulate(observed, seed=3), simulated)
    assert not tool.simulate(observed, seed=4).equals(simulated)


def test_schema_dates_and_formats_are_kept(observed, simulated):
    pd.testing.assert_frame_equal(simulated[["DATE", "MONTH"]], observed[["DATE", "MONTH"]])
    assert simulated.dtypes.equals(observed.dtypes)
    for column in observed.columns[2:]:
        if "temp_m" in column:
            np.testing.assert_array_equal(simulated[column], simulated[column].round(1))
        else:
            assert set(simulated[column]) <= set(observed[column])


def test_no_day_is_a_copy(observed, simulated):
    columns = observed.columns[2:]
    assert not set(map(tuple, simulated[columns].values)) & set(
        map(tuple, observed[columns].values)
    )


def test_temperatures_stay_in_order(simulated):
    for place in ("A", "B"):
        assert (simulated[f"{place}_temp_min"] <= simulated[f"{place}_temp_mean"]).all()
        assert (simulated[f"{place}_temp_mean"] <= simulated[f"{place}_temp_max"]).all()


def test_distribution_and_season_are_kept(observed, simulated):
    for column in observed.columns[2:]:
        assert simulated[column].mean() == pytest.approx(
            observed[column].mean(), abs=0.1 * observed[column].std()
        )
        assert simulated[column].std() == pytest.approx(observed[column].std(), rel=0.1)
    dry = (observed["A_precipitation"] == 0).mean()
    assert (simulated["A_precipitation"] == 0).mean() == pytest.approx(dry, abs=0.03)
    by_month = [table.groupby("MONTH")["A_temp_mean"].mean() for table in (observed, simulated)]
    assert (by_month[0] - by_month[1]).abs().max() < 1


def test_dependence_between_days_places_and_quantities_is_kept(observed, simulated):
    def dependence(table):
        column = {c: seasonal_anomaly(table[c], table) for c in table.columns[2:]}
        return {
            "next day": column["A_temp_mean"].autocorr(1),
            "two days later": column["A_temp_mean"].autocorr(2),
            "places": column["A_temp_mean"].corr(column["B_temp_mean"]),
            "sun and cloud": column["A_sunshine"].corr(column["A_cloud_cover"]),
            "rain and humidity": column["A_precipitation"].corr(column["A_humidity"]),
        }

    assert dependence(simulated) == pytest.approx(dependence(observed), abs=0.1)
    assert dependence(observed)["next day"] > 0.6


def test_month_borders_are_smooth(observed, simulated):
    first = pd.to_datetime(simulated["DATE"].astype(str)).dt.day == 1
    for column in ("A_temp_mean", "A_sunshine"):
        change = simulated[column].diff().abs()
        assert change[first].mean() < 1.25 * change[~first].mean()


def test_new_year_is_near_the_old_year(tool):
    near = tool.days_near(np.array([1, 16, 180, 352, 366]), 15)
    assert near[1].tolist() == [0, 1, 3, 4]
    assert near[180].tolist() == [2]


def test_equal_values_are_ranked_by_another_quantity(tool):
    values = pd.DataFrame(
        {"A_sunshine": [0.0, 0.0, 0.0, 2.0], "A_global_radiation": [0.3, 0.1, 0.2, 0.05]}
    )
    scores = tool.normal_scores(values, np.array([1, 2, 3, 4]), np.random.default_rng(0))
    assert scores[:, 0].argsort().tolist() == [1, 2, 0, 3]


def test_scores_go_back_to_the_values_they_came_from(tool):
    generator = np.random.default_rng(0)
    # All days are in one season, and many values are equal.
    day_of_year = np.arange(1, 17)
    values = pd.DataFrame(generator.integers(0, 6, size=(16, 3)).astype(float), columns=list("abc"))
    scores = tool.normal_scores(values, day_of_year, generator)
    pd.testing.assert_frame_equal(tool.to_values(scores, values, day_of_year), values)


def test_bundled_table_passes_the_loader(bundled):
    assert weather_table.find_fault(bundled) == ""


def test_bundled_table_holds_the_false_reading_and_the_flood(tool, bundled):
    features = bundled.drop(columns=["DATE", "MONTH"])
    z_scores = ((features - features.mean()) / features.std()).abs().stack()
    assert z_scores.nlargest(2).index.tolist() == [
        (3286, "TOURS_pressure"),
        (954, "DRESDEN_precipitation"),
    ]
    # Smaller than the two, by far.
    assert z_scores.nlargest(3).iloc[2] < 20
    assert bundled.loc[[3286, 954], "DATE"].tolist() == [20081230, 20020812]
    assert bundled.loc[3286, "TOURS_pressure"] == 0.0003
    flood = bundled.loc[953:955].filter(like="DRESDEN_")
    assert flood["DRESDEN_precipitation"].tolist() == [1.1, 15.8, 1.3]
    assert flood["DRESDEN_cloud_cover"].min() >= 7
    assert flood["DRESDEN_humidity"].min() > 0.8
    assert flood["DRESDEN_sunshine"].max() <= 1


def test_bundled_table_has_plausible_days(bundled):
    for station in weather_table.STATIONS:
        assert (bundled[f"{station}_temp_min"] <= bundled[f"{station}_temp_mean"]).all()
        assert (bundled[f"{station}_temp_mean"] <= bundled[f"{station}_temp_max"]).all()
    basel = bundled.filter(like="BASEL_").rename(columns=lambda name: name.removeprefix("BASEL_"))
    assert basel.loc[basel["cloud_cover"] <= 1, "sunshine"].quantile(0.05) > 4
    assert basel.loc[basel["cloud_cover"] == 8, "sunshine"].quantile(0.95) < 4
    assert basel["sunshine"].corr(basel["cloud_cover"]) < -0.75
    assert basel["sunshine"].corr(basel["global_radiation"]) > 0.75
    assert 0.4 < (basel["precipitation"] > 0).mean() < 0.55


@pytest.mark.parametrize("selection", ["3 years", "9 years, Basel", "10 years"])
def test_baselines_on_the_bundled_table_tell_the_story_of_the_real_one(tool, bundled, selection):
    compare = importlib.import_module("compare_weather")
    mended = tool.mend(bundled)
    errors = compare.baseline_errors(mended, *compare.SELECTIONS[selection])
    persistence, _, ridge, ratio = errors
    assert 3.9 <= persistence <= 4.6
    assert ratio == ridge / persistence
    assert ratio <= 0.85


def test_bundled_table_is_what_the_tool_writes(tool, bundled, real):
    again = tool.plant(tool.simulate(tool.mend(real), tool.SEED))
    assert list(again) == list(bundled)
    # Another linear algebra library can move a value to the next rank.
    assert np.isclose(again, bundled, rtol=0, atol=1e-9).mean() > 0.999


def test_bundled_table_repeats_no_real_day(bundled, real):
    columns = real.columns[2:]
    assert not set(map(tuple, bundled[columns].values)) & set(map(tuple, real[columns].values))
    assert (bundled[columns].values == real[columns].values).mean() < 0.1


def test_real_table_is_summed_up_as_in_the_lesson(tool, real):
    compare = importlib.import_module("compare_weather")
    persistence, mean, ridge, _ = compare.baseline_errors(real, *compare.SELECTIONS["3 years"])
    assert persistence == pytest.approx(3.877323350410224)
    assert mean == pytest.approx(4.57, abs=0.005)
    assert ridge == pytest.approx(3.17, abs=0.005)
