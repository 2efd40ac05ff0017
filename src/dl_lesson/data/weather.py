"""The weather table as published: its columns, and the values that their units allow."""

import pandas as pd

DAYS = pd.Series(pd.date_range("2000-01-01", "2010-01-01"))
# Lowest and highest value that the unit allows. Values outside come from another unit, such as
# kelvin or hPa. Whether a value is plausible is for the reader to find out.
LIMITS = {
    "cloud_cover": (0, 9, "oktas"),
    "humidity": (0, 2, "a fraction of 1"),
    "pressure": (0, 2, "1000 hPa"),
    "global_radiation": (0, 10, "100 W/m²"),
    "precipitation": (0, 200, "cm"),
    "sunshine": (0, 24, "hours"),
    "temp_mean": (-90, 60, "°C"),
    "temp_min": (-90, 60, "°C"),
    "temp_max": (-90, 60, "°C"),
}
STATIONS = (
    "BASEL",
    "DE_BILT",
    "DRESDEN",
    "DUSSELDORF",
    "HEATHROW",
    "KASSEL",
    "MAASTRICHT",
    "MALMO",
    "MUENCHEN",
    "SONNBLICK",
    "TOURS",
)
NOT_MEASURED = {
    "DRESDEN": {"pressure"},
    "KASSEL": {"cloud_cover"},
    "MALMO": {"cloud_cover", "humidity", "pressure", "global_radiation", "sunshine"},
    "SONNBLICK": {"pressure"},
    "TOURS": {"cloud_cover", "sunshine"},
}
# Column name of each measured quantity -> its name in LIMITS, in the published order.
QUANTITIES = {
    f"{station}_{quantity}": quantity
    for station in STATIONS
    for quantity in LIMITS
    if quantity not in NOT_MEASURED.get(station, ())
}


def find_fault(table: pd.DataFrame) -> str:
    """Look for a missing column, row or value, a wrong date, and values in other units.

    Parameters
    ----------
    table : pandas.DataFrame
        The table as read from a file.

    Returns
    -------
    str
        The first fault found, with its column and its row, counted from 0; empty if there is none.
    """
    expected = ["DATE", "MONTH", *QUANTITIES]
    if missing := [column for column in expected if column not in table]:
        return f"column {missing[0]} is missing"
    if list(table.columns) != expected:
        return "there are columns the lesson does not know, or their order is different"
    if not isinstance(table.index, pd.RangeIndex):
        return "its rows hold more values than there are columns"
    if len(table) != len(DAYS):
        return f"there are {len(table)} rows instead of {len(DAYS)}"
    for column in expected:
        if (holes := table[column].isna()).any():
            return f"column {column} has no value in row {holes.idxmax()}"
        if (words := pd.to_numeric(table[column], errors="coerce").isna()).any():
            return f"column {column} {_cell(table[column], words)}, which is no number"
    calendar = {"DATE": DAYS.dt.strftime("%Y%m%d").astype("int64"), "MONTH": DAYS.dt.month}
    for column, values in calendar.items():
        if (wrong := table[column] != values).any():
            return (
                f"column {column} {_cell(table[column], wrong)} instead of {values[wrong.idxmax()]}"
            )
    for column, quantity in QUANTITIES.items():
        lowest, highest, unit = LIMITS[quantity]
        if (wrong := ~table[column].between(lowest, highest)).any():
            cell = _cell(table[column], wrong)
            return f"column {column} {cell}, which cannot be {unit} ({lowest} to {highest})"
    return ""


def _cell(column: pd.Series, wrong: pd.Series) -> str:
    row = wrong.idxmax()
    return f"holds {column[row]} in row {row}"
