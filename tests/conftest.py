import os
from pathlib import Path

import platformdirs
import pytest
from hypothesis import HealthCheck, settings

from dl_lesson.course.environment import without_settings

# A test finds its folder as the input before has left it, and writes the same files anew.
ANY_INPUT = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# The same inputs in each run, so that none fails by chance. To look for new ones:
# `pytest --hypothesis-profile searching`.
settings.register_profile("repeatable", ANY_INPUT, derandomize=True, database=None)
settings.register_profile("searching", ANY_INPUT)
settings.load_profile("repeatable")


def pytest_configure():
    """Test without the settings of IPython, matplotlib and Keras of whoever runs the tests."""
    environment = without_settings()
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """Give a test an empty cache, and no setting of the machine's that decides on the data."""
    monkeypatch.delenv("DL_LESSON_DATA", raising=False)
    monkeypatch.delenv("DL_LESSON_BUNDLED_ONLY", raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def folder(monkeypatch, cache, tmp_path):
    """Give a test an empty folder that DL_LESSON_DATA names."""
    path = tmp_path / "named"
    path.mkdir()
    monkeypatch.setenv("DL_LESSON_DATA", str(path))
    return path


def pytest_collection_modifyitems(items):
    """Send tests to processes: notebooks first, each for itself; others with their module.

    The tests of the website share one that is built for all of them.
    """
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.parent != here / "notebooks")
    for item in items:
        path = item.path.relative_to(here)
        if path.parts[0] == "website":
            group = "website"
        elif item.path.parent == here / "notebooks" and item.get_closest_marker("parametrize"):
            group = item.nodeid
        else:
            group = path.as_posix()
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture
def no_proxy(monkeypatch):
    """Let downloads from a server on this machine go there directly."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
