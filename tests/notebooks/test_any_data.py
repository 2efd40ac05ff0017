"""The notebooks on pictures run to their end on pictures that nobody here has seen."""

from pathlib import Path

import nbformat
import numpy as np
import pytest

from dl_lesson.course.execution import execute, notebook_environment

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def write_pictures(folder, n_classes, n_each, wrong):
    """Write noisy pictures, each class with its own brightness, and a share of wrong labels."""
    generator = np.random.default_rng(n_classes)
    folder.mkdir()
    for part, n in (("train", n_each), ("test", max(2, n_each // 3))):
        labels = np.repeat(np.arange(n_classes), n)
        level = 40 + 160 * labels[:, np.newaxis, np.newaxis, np.newaxis] / n_classes
        images = generator.normal(level, 60, size=(len(labels), 64, 64, 3)).clip(0, 255)
        mixed = generator.random(len(labels)) < wrong
        labels[mixed] = generator.permutation(labels[mixed])
        np.save(folder / f"{part}_images.npy", images.astype("int32"))
        np.save(folder / f"{part}_labels.npy", labels[:, np.newaxis])
    names = "\n".join(f"thing {number} of ${n_classes}" for number in range(n_classes))
    (folder / "class_names.txt").write_text(names + "\n")


@pytest.mark.parametrize(("n_classes", "n_each", "wrong"), [(2, 10, 0), (13, 12, 0.45)])
@pytest.mark.parametrize("name", ["04-dollar-street-cnn", "05-transfer-learning", "06-outlook"])
def test_a_notebook_runs_on_other_pictures(tmp_path, monkeypatch, name, n_classes, n_each, wrong):
    write_pictures(tmp_path / "dataset_dollarstreet", n_classes, n_each, wrong)
    monkeypatch.setenv("DL_LESSON_DATA", str(tmp_path))
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    work = tmp_path / "work"
    work.mkdir()
    (work / "results").mkdir()
    for table in (NOTEBOOKS / "results").glob("*.csv"):
        (work / "results" / table.name).write_bytes(table.read_bytes())
    execution = execute(notebook, name, work, notebook_environment())
    assert execution.data == {"dollar_street": "own"}
    assert len(execution.claims) == execution.n_checkpoints + len(execution.failed_claims) > 10
