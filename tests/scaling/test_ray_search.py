"""The search under Ray Tune, which is no package of the course."""

import importlib.util
import re
import tempfile

import pytest

pytestmark = pytest.mark.slow
SCRIPT = "ray_search.py"
needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None,
    reason="Ray is not installed here; the extra scaling brings it",
)


@needs_ray
def test_a_search_completes_although_a_process_is_killed(run_script, left_behind):
    # Ray makes sockets in its folder, and their names may have few letters.
    with tempfile.TemporaryDirectory(prefix="r") as folder:
        result = run_script(SCRIPT, "--epochs", 4, TMPDIR=folder)
        assert result.returncode == 0, result.stderr
        assert left_behind(folder) == []
    assert len(re.findall("^The process of trial .* was killed$", result.stdout, re.M)) == 1
    assert "6 trials, the best of them" in result.stdout
    assert "Each trial was trained to its end" in result.stdout


@needs_ray
def test_a_cluster_that_is_not_there_is_one_sentence(run_script):
    result = run_script(SCRIPT, "search", "--address", "auto")
    assert result.returncode == 1
    assert "No Ray runs at auto; start it with: ray start --head" in result.stderr


def test_without_ray_the_remedy_is_one_sentence(run_script, scaling_environment, tmp_path):
    (tmp_path / "ray.py").write_text("raise ImportError")
    paths = f"{tmp_path}:{scaling_environment['PYTHONPATH']}"
    result = run_script(SCRIPT, PYTHONPATH=paths)
    assert result.returncode == 1
    assert result.stderr == 'Ray is not installed; run: pip install "ray[tune]"\n'
