import os
from pathlib import Path

import platformdirs
import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

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


HERE = Path(__file__).parent
# Their tests take longest. The last of them would keep one process busy when all else is done.
FIRST = ("notebooks", "website")


def pytest_collection_modifyitems(items):
    """Put the folders with the longest tests first."""

    def place(item):
        folder = item.path.relative_to(HERE).parts[0]
        return FIRST.index(folder) if folder in FIRST else len(FIRST)

    items.sort(key=place)


class Together(LoadScopeScheduling):
    """Sends tests to processes: each execution of a notebook for itself, others with their module.

    The tests of the website share one that is built for all of them. The marks with which
    pytest-xdist 3.8 makes groups have no effect with pytest 9.2.
    """

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        folder = Path(path).parent.name
        if folder == "notebooks" and "[" in nodeid:
            return nodeid
        return folder if folder == "website" else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Let pytest-xdist use the scheduling above."""
    return Together(config, log)


@pytest.fixture
def no_proxy(monkeypatch):
    """Let downloads from a server on this machine go there directly."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
