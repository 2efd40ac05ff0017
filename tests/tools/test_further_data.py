import gzip
import importlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dl_lesson.data.sources import checksum
from dl_lesson.data.tables import COLUMNS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tool(monkeypatch, request):
    monkeypatch.syspath_prepend(ROOT / "tools")
    return importlib.import_module(request.param)


@pytest.mark.parametrize("tool", ["simulate_housing"], indirect=True)
def test_the_bundled_housing_table_is_what_the_script_writes(tool, monkeypatch, tmp_path):
    written = tmp_path / tool.TARGET.name
    monkeypatch.setattr(tool, "TARGET", written)
    tool.main()
    bundled = ROOT / "data" / "california_housing" / written.name
    tables = [pd.read_csv(io.BytesIO(gzip.decompress(p.read_bytes()))) for p in (written, bundled)]
    # Another NumPy may differ in a last digit.
    pd.testing.assert_frame_equal(*tables, rtol=1e-6, atol=0.0011)


@pytest.mark.parametrize("tool", ["simulate_housing"], indirect=True)
def test_simulated_districts_have_the_limits_of_the_census(tool):
    table = tool.simulate(np.random.default_rng(0))
    assert tuple(table.columns) == COLUMNS["california_housing"]
    assert table["MedHouseVal"].between(0.14999, 5.00001).all()
    assert table["HouseAge"].between(1, 52).all()
    assert table["MedInc"].between(0.4999, 15.0001).all()
    assert 0.6 < table["MedHouseVal"].corr(table["MedInc"]) < 0.8


@pytest.mark.parametrize("tool", ["make_further_data"], indirect=True)
def test_the_first_of_each_class_are_taken_in_the_order_of_the_file(tool):
    labels = np.tile(np.arange(10), 3)[::-1]
    kept = tool.first_of_each_class(labels, 2)
    assert kept.tolist() == list(range(20))


@pytest.mark.parametrize("tool", ["make_further_data"], indirect=True)
def test_a_table_is_written_in_the_same_bytes_each_time(tool, monkeypatch, tmp_path):
    monkeypatch.setattr(tool, "DATA", tmp_path)
    path = tmp_path / "small" / "small.csv.gz"
    tool.write_table("small", pd.DataFrame({"a": ["1.50"]}))
    first = path.read_bytes()
    tool.write_table("small", pd.DataFrame({"a": ["1.50"]}))
    assert path.read_bytes() == first
    assert gzip.decompress(first) == b"a\n1.50\n"
    assert len(checksum(path)) == 64
