import importlib.util
import json
import sys
import types
from pathlib import Path

import nbformat
import numpy as np
import psutil
import pytest

from dl_lesson.course.files import named_files

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"


def load(name):
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", BENCHMARKS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


times = load("times")


@pytest.fixture
def measured():
    machine = {"date": "2026-01-02", "cores": 2, "memory": 8e9, "system": "Linux"}
    machine |= {"python": "3.13.1", "busy_before": 0.1, "repeats": 3}
    notebook = {"seconds": 30.0, "processor_seconds": 40.0, "peak_memory": 900_000_000}
    return {
        "notebooks": {
            "01-introduction": notebook | {"cells": [["first", 1.0], ["second", 1.0]]},
            "02-penguins": notebook | {"seconds": 90.0, "cells": [["third", 7.9]]},
        },
        "floors": {
            "weather": {"seconds": 0.3, "from_seed": 0.5, "floor": 0.2},
            "cnn": {"seconds": 0.3, "floor": 0.2},
            "transfer": {"seconds": 0.3, "floor": 0.2},
        },
        "growth": {
            kind: [
                {"seconds": n, "processor_seconds": n + 1.0, "memory": 4e8 + n} for n in times.SIZES
            ]
            for kind in ("weather", "pictures")
        },
        "commands": {"lab": 9.0, "run": 200.0, "site": 60.0},
        "installation": {
            "download_seconds": 50.0,
            "install_seconds": 40.0,
            "download_bytes": 8e8,
            "disk_bytes": 2.8e9,
        },
        "machines": {name: dict(machine) for name in times.MEASURES},
    }


def test_page_says_what_was_measured(measured, tmp_path):
    page = times.page_of(measured)
    assert "took\n2 minutes. The longest is 02-penguins with\n90 seconds." in page
    assert page.count("1.5") == 3
    assert "2.5 times as long in `train_from_seed`" in page
    assert "| `dl-lesson run`, all six notebooks | 200 |" in page
    assert "4.5 times\nthe processor time, and 400 MB of memory where" in page
    project = types.SimpleNamespace(root=tmp_path)
    (tmp_path / "site" / "pages").mkdir(parents=True)
    times.write_page(project, measured)
    written = tmp_path / "site" / "pages"
    assert (written / "how-long-does-it-take.md").read_text(encoding="utf-8") == page
    assert "growth.svg" in page and (written / "growth.svg").read_text().startswith("<?xml")


def test_page_names_slow_cells_slowest_first_and_a_busy_computer(measured):
    page = times.page_of(measured)
    assert "No cell took more than 8 seconds." in page
    assert "other work" not in page.partition("## Where learners wait")[0]
    cells = measured["notebooks"]["01-introduction"]["cells"]
    cells[0][1], cells[1][1] = 9.0, 20.0
    measured["machines"]["notebooks"]["busy_before"] = 0.5
    page = times.page_of(measured)
    rows = [f"| 01-introduction | {cells[n][0]} |" for n in (1, 0)]
    assert "2 cells took more than 8 seconds" in page
    assert page.index(rows[0]) < page.index(rows[1])
    assert "other work" in page.partition("## Where learners wait")[0]


def test_the_committed_page_says_what_was_measured_and_of_all_notebooks():
    committed = json.loads((BENCHMARKS / "times.json").read_text(encoding="utf-8"))
    page = ROOT / "site" / "pages" / "how-long-does-it-take.md"
    assert page.read_text(encoding="utf-8") == times.page_of(committed)
    assert committed["notebooks"].keys() == named_files(ROOT / "notebooks", "*.ipynb").keys()


def test_the_page_waits_until_all_is_measured(measured, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(times, "TIMES", tmp_path / "times.json")
    monkeypatch.setattr(
        times, "MEASURES", {name: lambda *_, n=name: measured[n] for name in times.MEASURES}
    )
    monkeypatch.setattr(times, "write_page", lambda project, times: written.append(times))
    written = []
    for name in times.MEASURES:
        assert not written
        monkeypatch.setattr(sys, "argv", ["times.py", "--only", name])
        times.main()
    assert "Not measured yet: commands, floors, growth, installation." in capsys.readouterr().out
    assert written[0].keys() == {*times.MEASURES, "machines"}


def test_growth_is_drawn_as_measured(measured):
    figure = times.draw_growth(measured["growth"])
    left, right = figure.axes
    for axes, key, scale in ((left, "processor_seconds", None), (right, "memory", 1e6)):
        lines = {line.get_label(): line for line in axes.get_lines()}
        for kind, label in (("weather", "weather, rows"), ("pictures", "pictures")):
            values = [run[key] for run in measured["growth"][kind]]
            expected = np.divide(values, scale or values[0])
            np.testing.assert_allclose(lines[label].get_ydata(), expected)
            np.testing.assert_array_equal(lines[label].get_xdata(), [1, 2, 4, 8])
    times.plt.close(figure)


def test_a_notebook_is_timed_cell_by_cell(tmp_path):
    cells = [
        nbformat.v4.new_code_cell("import time; time.sleep(0.5)", id="slow"),
        nbformat.v4.new_markdown_cell("Words.", id="words"),
        nbformat.v4.new_code_cell("1 + 1", id="fast"),
    ]
    metadata = {"dl_lesson": {"data": {}, "values": {}}}
    path = tmp_path / "timed.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)
    run = times.execute_once(path, "timed")
    seconds = dict(run["cells"])
    assert list(seconds) == ["slow", "fast"]
    # A sleep never ends early, and the kernel takes some time as well.
    assert 0.5 <= seconds["slow"] < run["seconds"]
    assert run["processor_seconds"] > 0
    assert run["peak_memory"] > 10e6


@pytest.mark.slow
def test_the_lab_is_timed_and_nothing_of_it_is_left():
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    assert times.time_lab() > 0
    after = {child.pid for child in psutil.Process().children(recursive=True)}
    assert after <= before


def test_pictures_come_from_the_file_in_batches(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "growth", growth := load("growth"))
    pictures = np.arange(35 * 12, dtype=np.uint8).reshape(35, 2, 2, 3)
    np.save(tmp_path / "pictures.npy", pictures)
    batches = growth.PicturesFromFile(tmp_path / "pictures.npy", np.arange(35))
    assert isinstance(batches.pictures, np.memmap)
    read = [batches[number] for number in range(len(batches))]
    assert [len(labels) for _, labels in read] == [32, 3]
    np.testing.assert_array_equal(np.concatenate([labels for _, labels in read]), np.arange(35))
    scaled = np.concatenate([batch for batch, _ in read])
    np.testing.assert_allclose(scaled, pictures / 255, atol=1e-6)


def test_multiply_adds_are_those_counted_by_hand():
    floors = load("floors")
    network = floors.create_cnn((8, 8, 3), 2, filters=(5,), hidden=(4,))
    counts = {layer.name: floors.multiply_adds(layer) for layer in network.layers}
    # 6 x 6 places with 3 x 3 x 3 products for 5 kernels; then 3 x 3 x 5 numbers for 4 neurons.
    assert counts["convolution_1"] == 36 * 27 * 5
    assert counts["hidden_1"] == 45 * 4
    assert counts["output"] == 4 * 2
    assert counts["flatten"] == counts["pooling_1"] == 0
