"""What `.github/SECURITY.md` promises; some of it is tested beside what it is about."""

import ast
import contextlib
import gzip
import io
import json
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import keras
import nbformat
import numpy as np
import psutil
import pytest

from dl_lesson.course.files import named_files
from dl_lesson.data.errors import DataError
from dl_lesson.data.small_pictures import CIFAR_FILES
from dl_lesson.data.sources import DATA_SETS, load
from dl_lesson.data.tables import CENSUS_FILE

ROOT = Path(__file__).parents[1]
OWN_FILES = [
    pytest.param(name, form, id=f"{name}-{form[0]}")
    for name, data_set in DATA_SETS.items()
    if list(data_set.versions) != ["real"]
    for form in data_set.published_forms
]


class Trap:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


def archive(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return file.getvalue()


def hidden_in(name: str, trap: Trap) -> bytes:
    """Return a file whose form is that of its name, but which holds a pickled object."""
    pickled = pickle.dumps(trap)
    if name.endswith(".npy"):
        file = io.BytesIO()
        np.save(file, np.array([trap, 1], dtype=object))
        return file.getvalue()
    if name.endswith(".npz"):
        file = io.BytesIO()
        arrays = ("train_images", "train_labels", "test_images", "test_labels")
        published = ("x_train", "y_train", "x_test", "y_test")
        np.savez(file, **dict.fromkeys((*arrays, *published), np.array([trap], dtype=object)))
        return file.getvalue()
    if name.endswith((".tgz", ".tar.gz")):
        return archive(dict.fromkeys((CENSUS_FILE, *CIFAR_FILES), pickled))
    return gzip.compress(pickled) if name.endswith(".gz") else pickled


@pytest.mark.parametrize("bare", [True, False], ids=["bare", "hidden"])
@pytest.mark.parametrize(("name", "form"), OWN_FILES)
def test_a_pickled_object_in_a_file_of_data_is_never_run(folder, tmp_path, name, form, bare):
    trap = Trap(tmp_path / "it was run")
    for file in form:
        (folder / file).write_bytes(pickle.dumps(trap) if bare else hidden_in(file, trap))
    with pytest.raises(DataError, match=re.escape(str(folder))):
        load(name)
    assert not trap.mark.exists()
    # The trap does spring where somebody steps on it.
    pickle.loads(pickle.dumps(trap))  # noqa: S301, an object of this test's
    assert trap.mark.exists()


def test_a_model_with_code_of_its_own_is_refused(tmp_path):
    inputs = keras.Input((1,))
    keras.Model(inputs, keras.layers.Lambda(lambda x: x + 1)(inputs)).save(tmp_path / "own.keras")
    with pytest.raises(ValueError, match="lambda"):
        keras.models.load_model(tmp_path / "own.keras")
    # The only fault of the file is its code.
    assert keras.models.load_model(tmp_path / "own.keras", safe_mode=False)


def code_of_the_lesson():
    """Yield name and code of each module and notebook."""
    for folder in ("src", "tools", "examples", "benchmarks", "episodes"):
        for path in (ROOT / folder).rglob("*.py"):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for name, path in named_files(ROOT / "notebooks", "*.ipynb").items():
        cells = nbformat.read(path, as_version=4).cells
        yield name, "\n".join(cell.source for cell in cells if cell.cell_type == "code")


UNSAFE_OPTIONS = {
    ("allow_pickle", True),
    ("safe_mode", False),
    ("shell", True),
    ("verify", False),
}
UNSAFE_CALLS = {"eval", "exec", "system", "popen", "enable_unsafe_deserialization", "read_pickle"}
UNSAFE_MODULES = {"pickle", "dill", "joblib", "shelve", "marshal"}


def unsafe(code: str) -> set[str]:
    """Return what switches off a safeguard, or runs text as code."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
            if (node.arg, node.value.value) in UNSAFE_OPTIONS:
                found.add(node.arg)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            # A model of PyTorch's is put into the state for predictions by a method eval.
            if name in UNSAFE_CALLS and (node.args or name == "enable_unsafe_deserialization"):
                found.add(name)
        elif isinstance(node, ast.Import):
            found |= UNSAFE_MODULES & {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= UNSAFE_MODULES & {node.module}
    return found


def test_no_safeguard_is_switched_off():
    assert {name: found for name, code in code_of_the_lesson() if (found := unsafe(code))} == {}


@pytest.mark.parametrize(
    "code",
    [
        "np.load(path, allow_pickle=True)",
        "keras.models.load_model(path, safe_mode=False)",
        "keras.config.enable_unsafe_deserialization()",
        "subprocess.run(line, shell=True)",
        "eval(cell)",
        "import pickle",
        "from joblib import load",
    ],
)
def test_what_switches_off_a_safeguard_is_found(code):
    assert len(unsafe(code)) == 1


NETWORK_MODULES = {"requests", "urllib", "urllib3", "http", "httpx", "ftplib", "socket", "pooch"}
# Of Keras, scikit-learn, Seaborn and pooch.
NETWORK_CALLS = {
    *("urlopen", "urlretrieve", "get_file", "retrieve", "load_data", "load_dataset"),
    *("fetch_openml", "fetch_california_housing", "system", "Popen"),
}


def downloads(code: str) -> set[str]:
    """Return what in the code of a notebook fetches something from elsewhere."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= NETWORK_MODULES & {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= NETWORK_MODULES & {node.module.split(".")[0]}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set(re.findall(r"\b(?:https?|ftp|s3)://", node.value))
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            found |= NETWORK_CALLS & {name}
            # Where no file is named, Keras fetches the weights of a network.
            weights = [ast.unparse(w.value) for w in node.keywords if w.arg == "weights"]
            network = name[:1].isupper() and "applications" in ast.unparse(node.func)
            if "'imagenet'" in weights or (network and not weights):
                found.add("weights")
    return found


def test_no_notebook_fetches_anything():
    notebooks = {name: code for name, code in code_of_the_lesson() if not name.endswith(".py")}
    assert len(notebooks) > 8
    found = {name: what for name, code in notebooks.items() if (what := downloads(code))}
    # It prints where a reader may download weights; there is no other address in its code.
    assert found == {"05-transfer-learning": {"https://"}}
    printed = "https://storage.googleapis.com/tensorflow/keras-applications/densenet/"
    assert re.findall(r"https?://[^\s\"']*", notebooks["05-transfer-learning"]) == [printed]


@pytest.mark.parametrize(
    "code",
    [
        "import requests",
        "from urllib.request import Request",
        "urlopen(address)",
        "keras.utils.get_file('a.zip')",
        "keras.datasets.mnist.load_data()",
        "pd.read_csv('https://example.org/a.csv')",
        "sns.load_dataset('penguins')",
        "os.system('wget a')",
        "MobileNetV2(weights='imagenet')",
        "keras.applications.MobileNetV2(include_top=False)",
    ],
)
def test_what_fetches_something_is_found(code):
    assert len(downloads(code)) == 1


@pytest.mark.parametrize("name", DATA_SETS)
def test_loading_data_opens_no_connection(monkeypatch, cache, name):
    def connect(*_):
        pytest.fail("a connection was opened")

    for method in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, method, connect)
    load(name)


@pytest.fixture
def server(tmp_path):
    """Address, token and process of a JupyterLab that was started as `dl-lesson lab` does."""
    edition = tmp_path / "edition"
    edition.mkdir()
    nbformat.write(nbformat.v4.new_notebook(), edition / "01-line.ipynb")
    code = (
        "import sys; from pathlib import Path; from dl_lesson.course.lab import open_lab; "
        "open_lab(Path(sys.argv[1]), Path(sys.argv[2]), ['--no-browser', '--allow-root'])"
    )
    folders = {
        f"JUPYTER_{name}": str(tmp_path / name.lower()) for name in ("CONFIG_DIR", "RUNTIME_DIR")
    }
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")} | folders
    starter = subprocess.Popen(
        [sys.executable, "-c", code, str(edition), str(tmp_path / "work")],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while True:
            assert starter.poll() is None
            # The file may not be written to its end yet.
            with contextlib.suppress(ValueError, StopIteration):
                file = next((tmp_path / "runtime_dir").glob("jpserver-*.json"))
                found = json.loads(file.read_text())
                break
            time.sleep(0.2)
        yield found["url"], found["token"], psutil.Process(found["pid"])
    finally:
        os.killpg(starter.pid, signal.SIGKILL)
        starter.wait()


def status(url: str) -> int:
    request = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(100):
        try:
            return request.open(url, timeout=10).status
        except urllib.error.HTTPError as error:
            return error.code
        except urllib.error.URLError:
            # Its file is written a moment before it answers.
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no process groups to end there")
def test_the_lab_answers_this_computer_only_and_asks_for_a_token(server):
    url, token, process = server
    assert len(token) >= 32
    assert status(f"{url}api/contents") == 403
    assert status(f"{url}api/contents?token={token}") == 200
    listening = {c.laddr.ip for c in process.net_connections("inet") if c.status == "LISTEN"}
    assert listening and listening <= {"127.0.0.1", "::1"}


def test_each_promise_names_a_test_that_exists():
    page = (ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8")
    promises = re.findall(r"^\| [A-Z`].* \| (.*) \|$", page, re.M)
    assert len(promises) >= 8
    for promise in promises:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", promise)
        assert named
        for path, test in named:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            assert test in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
