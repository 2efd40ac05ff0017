"""Pytest plugin for nbval: compare what depends on the data only where the data allow it."""

from pathlib import Path

import nbformat
import pytest

from dl_lesson.course.execution import is_own_data
from dl_lesson.data.sources import data_source


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave outputs that depend on the data to their checkpoints, on other data.

    On data of the user's own, the checkpoints are not compared either.
    """
    left_out: dict[Path, tuple[str, ...]] = {}
    for item in items:
        cell = getattr(item, "cell", None)
        if cell is None:
            continue
        if item.path not in left_out:
            recorded = nbformat.read(item.path, as_version=4).metadata["dl_lesson"]["data"]
            used = {name: data_source(name) for name in recorded}
            left_out[item.path] = (
                *(("data-output",) if used != dict(recorded) else ()),
                *(("checkpoint",) if is_own_data(recorded, used) else ()),
            )
        if set(left_out[item.path]) & set(cell.metadata.get("tags", ())):
            item.options["check"] = False  # type: ignore[attr-defined]  # An item of nbval's.
