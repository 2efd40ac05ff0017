import importlib.metadata
import subprocess
import sys
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from packaging.requirements import Requirement
from typer.testing import CliRunner

from dl_lesson import create_nn
from dl_lesson.cli import app
from dl_lesson.course import check
from dl_lesson.course.environment import execution_environment
from dl_lesson.course.execution import data_sources
from dl_lesson.data import sources as data
from dl_lesson.data.errors import DataError


@pytest.mark.parametrize(
    ("result", "remedy"),
    [
        (check.check_python("3.12.1"), ""),
        (check.check_python("3.10.9"), "install a Python"),
        (check.check_python("3.14.0"), "install a Python"),
        (check.check_memory(8e9), ""),
        (check.check_memory(0.5e9), "close other programs"),
        (check.check_disk(50e9), ""),
        (check.check_disk(0.2e9), "delete files"),
        (check.check_package(Requirement("numpy>=2")), ""),
        (check.check_package(Requirement("numpy>=99")), "make course"),
        (check.check_package(Requirement("no-such-package>=1")), "make course"),
    ],
)
def test_each_check_passes_and_fails(result, remedy):
    assert result.ok is (remedy == "")
    assert remedy in result.remedy


def test_package_line_shows_installed_and_required():
    line = check.check_package(Requirement("numpy>=99")).found
    assert line == f"{importlib.metadata.version('numpy')} (required >=99)"
    assert check.check_package(Requirement("no-such-package")).found.startswith("missing")


def test_every_required_package_has_a_line():
    names = [result.name for result in check.check_packages()]
    assert {"tensorflow", "keras", "keras-tuner", "pandas", "jupyter"} <= set(names)
    assert "ruff" not in names


def test_each_data_set_and_the_weights_have_a_line(monkeypatch, cache, tmp_path):
    lines = {result.name: result for result in check.check_data()}
    assert all(result.ok for result in lines.values())
    assert list(lines) == [*(f"Data: {name}" for name in data.DATA_SETS), "ImageNet weights"]
    monkeypatch.setattr(data, "bundled_folder", lambda: tmp_path)
    assert not any(result.ok for result in check.check_data())


def test_a_damaged_cache_does_not_keep_make_course_from_fetching_again(cache):
    path = cache / "weather" / "weather_prediction_dataset_light.csv"
    path.parent.mkdir(parents=True)
    path.write_text("cut off")
    lines = {result.name: result for result in check.check_data()}
    assert lines["Data: weather"].ok and "simulated" in lines["Data: weather"].found


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("raise ImportError('libcuda is broken')", "ImportError: libcuda is broken"),
        ("os.kill(os.getpid(), 4)", "no message (stopped by signal 4)"),
    ],
)
def test_broken_package_becomes_a_line_not_a_traceback(monkeypatch, tmp_path, statement, found):
    (tmp_path / "tensorflow.py").write_text(f"import os\n{statement}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    result = check._apart(check.check_devices, "TensorFlow devices")
    assert result.found == found
    assert not result.ok


@pytest.mark.parametrize(
    ("details", "found"),
    [({"device_name": "NVIDIA H100"}, "GPU: NVIDIA H100"), ({}, "GPU: /physical_device:GPU:0")],
)
def test_a_gpu_is_named(monkeypatch, details, found):
    import tensorflow as tf

    gpu = tf.config.PhysicalDevice("/physical_device:GPU:0", "GPU")
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [gpu])
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda device: details)
    result = check.check_devices()
    assert result.ok and result.found == found


def test_settings_of_keras_have_a_line_and_a_remedy(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    assert check.check_keras().ok
    (tmp_path / "keras.json").write_text('{"image_data_format": "channels_first"}')
    result = check.check_keras()
    assert str(tmp_path) in result.found and "delete the file" in result.remedy
    assert any(line == result for line in check.run_checks())


@pytest.mark.parametrize(
    "at", ["", "import atexit; atexit.register(lambda: print('bye', end=''));"]
)
def test_a_start_up_script_that_prints_is_no_obstacle(monkeypatch, tmp_path, at):
    (tmp_path / "sitecustomize.py").write_text(f"print('{{hello'); {at}")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert check._apart(check.check_jupyter, "JupyterLab and kernel").ok
    assert data_sources(["penguins"], execution_environment()) == {"penguins": "real"}


@pytest.mark.parametrize("name", ["random.py", "keras.py", "numpy/__init__.py"])
def test_a_module_that_hides_another_is_named(monkeypatch, tmp_path, name):
    for harmless in ("mine.py", "site/page.py", "test.py"):
        (tmp_path / harmless).parent.mkdir(exist_ok=True)
        (tmp_path / harmless).write_text("")
    monkeypatch.chdir(tmp_path)
    assert check.check_folder(tmp_path).ok
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("raise ImportError('mine')")
    result = check.check_folder(tmp_path)
    hidden = name.split("/")[0].removesuffix(".py")
    assert f"hides the module {hidden} from notebooks" in result.found and not result.ok
    # What else is checked is the installation.
    assert check._apart(check.check_jupyter, "JupyterLab and kernel").ok


def test_a_kernel_of_another_python_is_no_kernel_of_the_lesson(monkeypatch):
    assert check.check_jupyter().ok
    elsewhere = KernelSpec(argv=["/elsewhere/bin/python3", "-m", "ipykernel"], display_name="Other")
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda *_: elsewhere)
    result = check.check_jupyter()
    assert not result.ok and "kernel Other" in result.found
    assert "ipykernel install" in result.remedy


@pytest.mark.parametrize("fault", ["fit", "predict"])
def test_a_network_that_does_not_train_or_load_is_noticed(monkeypatch, fault):
    assert check.check_training().ok
    if fault == "fit":
        history = SimpleNamespace(history={"loss": [1.0, float("nan")]})
        monkeypatch.setattr(keras.Model, "fit", lambda *_, **__: history)
    else:
        random = np.random.default_rng(0)
        monkeypatch.setattr(keras.Model, "predict", lambda *_, **__: random.random(3))
    result = check.check_training()
    assert not result.ok and result.remedy == check.INSTALL


def test_each_line_of_the_check_can_fail(monkeypatch, tmp_path):
    """A line that is always OK checks nothing."""
    nothing = SimpleNamespace(available=1e6, free=1e6)
    monkeypatch.setattr(check.psutil, "virtual_memory", lambda: nothing)
    monkeypatch.setattr(check.shutil, "disk_usage", lambda _: nothing)
    monkeypatch.setattr(check.sys, "version_info", (3, 5, 0))
    monkeypatch.setattr(check.importlib.metadata, "version", lambda _: "0.0.1")
    monkeypatch.setattr(data, "bundled_folder", lambda: tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "keras.json").write_text('{"image_data_format": "channels_first"}')
    (tmp_path / "random.py").write_text("")
    monkeypatch.chdir(tmp_path)
    broken = SimpleNamespace(returncode=1, stdout="", stderr="it is broken")
    monkeypatch.setattr(check, "ask_apart", lambda *_, **__: broken)
    lines = {result.name: result for result in check.run_checks()}
    assert [name for name, result in lines.items() if result.ok] == []
    own = {"JupyterLab and kernel", "TensorFlow devices", "A tiny network"}
    assert own < set(lines) and all(lines[name].found == "it is broken" for name in own)


@pytest.mark.parametrize(
    ("details", "found"),
    [([], "CPU (enough)"), ([{"device_name": "A card"}, {}], "GPU: A card, /GPU:1")],
)
def test_each_device_has_a_name(monkeypatch, details, found):
    gpus = [SimpleNamespace(name=f"/GPU:{number}") for number in range(len(details))]
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: gpus)
    detail_of = dict(zip([gpu.name for gpu in gpus], details, strict=True))
    monkeypatch.setattr(
        tf.config.experimental, "get_device_details", lambda gpu: detail_of[gpu.name]
    )
    assert check.check_devices() == check.Result("TensorFlow devices", found)


def test_a_network_that_comes_back_another_has_a_remedy(monkeypatch):
    assert check.check_training().ok
    # As a saved file that was read wrongly would.
    monkeypatch.setattr(keras.models, "load_model", lambda _: create_nn(1, hidden=(4,)))
    assert check.check_training().remedy == check.INSTALL


def test_weights_that_are_damaged_have_a_line(monkeypatch, cache):
    def damaged():
        raise DataError("a.h5: this is not the file the lesson put there.")

    monkeypatch.setattr(data, "mobilenet_weights", damaged)
    *sets, weights = check.check_data()
    assert all(result.ok for result in sets)
    assert weights == check.Result(
        "ImageNet weights",
        "a.h5: this is not the file the lesson put there",
        "run `dl-lesson data verify`",
    )


@pytest.mark.slow
def test_command_ends_in_ok_on_this_installation():
    result = subprocess.run(
        [sys.executable, "-m", "dl_lesson", "check"], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    lines = result.stdout.splitlines()
    assert sum("FAIL" in line for line in lines) == 0
    assert any("A tiny network" in line and "OK" in line for line in lines)
    assert any("TensorFlow devices" in line and ("CPU" in line or "GPU" in line) for line in lines)
    assert result.stderr == ""


def test_command_fails_and_names_the_remedy(monkeypatch):
    results = [check.Result("Python", "3.12.1"), check.Result("keras", "missing", "install keras")]
    monkeypatch.setattr(check, "run_checks", lambda: iter(results))
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == 1
    ok, fail, *_ = result.output.splitlines()
    assert ok.startswith("OK") and "Python" in ok
    assert fail.startswith("FAIL") and "install keras" in fail
