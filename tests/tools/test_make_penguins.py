import importlib.util
from pathlib import Path

import pandas as pd

TOOL = Path(__file__).parents[2] / "tools" / "make_penguins.py"


def test_published_rows_get_the_layout_of_seaborn():
    spec = importlib.util.spec_from_file_location("make_penguins", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    published = pd.DataFrame(
        {
            "species": ["Adelie", "Gentoo", "Gentoo", "Chinstrap"],
            "bill_length_mm": ["39.1", "46.1", None, "46.5"],
            "sex": ["male", "female", None, "female"],
            "year": ["2007"] * 4,
        }
    )
    table = tool.to_seaborn_layout(published)
    assert list(table) == ["species", "bill_length_mm", "sex"]
    assert table["species"].tolist() == ["Adelie", "Chinstrap", "Gentoo", "Gentoo"]
    assert table["bill_length_mm"].tolist()[:3] == ["39.1", "46.5", "46.1"]
    assert table["sex"].tolist()[:3] == ["Male", "Female", "Female"]
    assert table.iloc[3, 1:].isna().all()
