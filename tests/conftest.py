import platformdirs
import pytest


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
