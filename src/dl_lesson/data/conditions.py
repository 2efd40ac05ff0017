"""Under which conditions each test picture came about."""

import numpy as np
import pandas as pd

from dl_lesson.data.errors import DataError
from dl_lesson.data.pictures import read
from dl_lesson.data.sources import REMEDY, locate
from dl_lesson.data.tables import read_csv

FILE = "test_conditions.csv"
NAMES = ("picture", "class_name")


def load_test_conditions() -> pd.DataFrame:
    """Load what is known about how each test picture came about.

    The bundled pictures were rendered, so that everything about them is known. Nobody measured
    the light in front of a photographer's camera: where the table is missing, only what the
    pixels themselves tell is left.

    Returns
    -------
    pandas.DataFrame
        One row for each test picture, in the order of ``load_dollar_street().test``. Always
        ``brightness``, the mean of all pixels and channels (0 to 255). For the bundled pictures
        also place, light, turn and elevation of the camera (degrees), its distance, the number
        of other objects, how many of these belong to another of the ten classes, the share of
        the picture that the object fills, and the share of the object that nothing hides.

    Raises
    ------
    DataError
        If the table does not belong to the pictures beside it, or what `load_dollar_street`
        raises.
    """
    folder, place = locate("dollar_street")
    path = folder / FILE
    brightness = read(folder).test.images.mean(axis=(1, 2, 3)).round(1)
    if not path.is_file():
        print("Conditions of the test pictures: brightness only, measured in their pixels.")
        return pd.DataFrame({"brightness": brightness})
    conditions = read_csv(path)
    missing = sorted({*NAMES, "brightness"} - set(conditions.columns))
    if missing:
        raise DataError(f"{path}: no column is called {', '.join(missing)}; {REMEDY[place]}.")
    if len(conditions) != len(brightness) or not np.allclose(
        conditions["brightness"], brightness, atol=0.11
    ):
        raise DataError(
            f"{path}: its rows are not those of the {len(brightness)} test pictures beside it, "
            f"in their order; {REMEDY[place]}."
        )
    conditions = conditions.drop(columns=list(NAMES))
    print(f"Conditions of the test pictures: {', '.join(conditions.columns)}.")
    return conditions
