"""Copies for a learner are never lost, and JupyterLab is started on them."""

import json
import mmap
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from ipykernel.kernelspec import write_kernel_spec
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel
from jupyter_core.paths import jupyter_config_path
from jupyterlab.commands import get_app_dir
from jupyterlab_server.settings_utils import get_settings
from nbclient import NotebookClient
from typer.testing import CliRunner

from dl_lesson.cli import app
from dl_lesson.course import lab
from dl_lesson.course.execution import KERNEL_OPTIONS
from dl_lesson.course.files import AuthoringError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def edition(tmp_path):
    """An edition of two notebooks, with solutions, figures and results."""
    folder = tmp_path / "edition"
    for name in ("01-line.ipynb", "02-curve.ipynb", "solutions/01-line.ipynb"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"first {name}")
    for name in ("figures/line.svg", "results/01-line.csv"):
        (folder / name).parent.mkdir()
        (folder / name).write_text(name)
    return folder


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_copied_and_nothing_half_written_is_left(edition, tmp_path):
    assert lab.copy_course(edition, tmp_path / "work") == []
    assert names(tmp_path / "work") == names(edition) | {lab.RECORD}


def test_work_is_kept_and_what_nobody_touched_is_renewed(edition, tmp_path):
    folder = tmp_path / "work"
    lab.copy_course(edition, folder)
    (folder / "01-line.ipynb").write_text("my work")
    (folder / "figures" / "line.svg").unlink()
    for name in ("01-line.ipynb", "02-curve.ipynb"):
        (edition / name).write_text(f"second {name}")
    assert lab.copy_course(edition, folder) == ["01-line.ipynb"]
    assert (folder / "01-line.ipynb").read_text() == "my work"
    assert (folder / "02-curve.ipynb").read_text() == "second 02-curve.ipynb"
    assert (folder / "figures" / "line.svg").exists()
    # Once more: what was kept is still somebody's work.
    assert lab.copy_course(edition, folder) == ["01-line.ipynb"]


def test_a_notebook_that_was_only_opened_is_renewed(edition, tmp_path):
    def notebook(source, version=""):
        cells = [{"cell_type": "code", "source": [source], "outputs": []}]
        return json.dumps({"cells": cells, "metadata": {"language_info": {"version": version}}})

    folder = tmp_path / "work"
    opened, edited = "01-line.ipynb", "02-curve.ipynb"
    for name in (opened, edited):
        (edition / name).write_text(notebook("first"))
    lab.copy_course(edition, folder)
    (folder / opened).write_text(notebook("first", "3.13"))
    (folder / edited).write_text(notebook("mine", "3.13"))
    for name in (opened, edited):
        (edition / name).write_text(notebook("second"))
    assert lab.copy_course(edition, folder) == [edited]
    assert (folder / opened).read_text() == notebook("second")


def test_a_notebook_is_copied_as_jupyterlab_will_save_it(tmp_path, monkeypatch):
    lab.copy_course(ROOT / "notebooks", tmp_path / "work")
    copy = tmp_path / "work" / "01-introduction.ipynb"
    monkeypatch.setenv("JUPYTER_PATH", str(lab.quiet_kernel(tmp_path)))
    manager, client = start_new_kernel()
    try:
        reply = client.kernel_info(reply=True, timeout=60)["content"]["language_info"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    written = json.loads(copy.read_text(encoding="utf-8"))
    assert written["metadata"]["language_info"] == reply
    assert written["metadata"]["kernelspec"] == {
        "name": "python3",
        "display_name": manager.kernel_spec.display_name,
        "language": manager.kernel_spec.language,
    }
    source = json.loads((ROOT / "notebooks" / copy.name).read_text(encoding="utf-8"))
    assert written["cells"] == source["cells"]


def test_files_of_somebody_else_are_kept(edition, tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "02-curve.ipynb").write_text("not of this lesson")
    assert lab.copy_course(edition, folder) == ["02-curve.ipynb"]
    assert (folder / "02-curve.ipynb").read_text() == "not of this lesson"


@pytest.mark.parametrize("content", [b"", b'{"01-line.ip', b"[]", b"null", b"\xff"])
def test_a_damaged_record_is_written_anew_and_work_is_kept(edition, tmp_path, capsys, content):
    folder = tmp_path / "work"
    lab.copy_course(edition, folder)
    whole = json.loads((folder / lab.RECORD).read_text())
    (folder / lab.RECORD).write_bytes(content)
    (folder / "01-line.ipynb").write_text("my work")
    (edition / "02-curve.ipynb").write_text("second")
    assert lab.copy_course(edition, folder) == ["01-line.ipynb", "02-curve.ipynb"]
    assert capsys.readouterr().err == (
        f"{folder / lab.RECORD}: this record of what was copied is damaged; it is written anew, "
        "and whatever differs from the lesson is kept as if you had changed it.\n"
    )
    kept = {"01-line.ipynb", "02-curve.ipynb"}
    record = json.loads((folder / lab.RECORD).read_text())
    assert record == {name: sign for name, sign in whole.items() if name not in kept}
    assert lab.copy_course(edition, folder) == sorted(kept)
    assert capsys.readouterr().err == ""


def test_a_copy_that_is_cut_off_leaves_the_old_file(edition, tmp_path, monkeypatch):
    folder = tmp_path / "work"
    lab.copy_course(edition, folder)
    (edition / "01-line.ipynb").write_text("second")
    written = type(folder).write_bytes

    def full_disk(path, content):
        written(path, content[:1])
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(type(folder), "write_bytes", full_disk)
    with pytest.raises(OSError, match="No space left"):
        lab.copy_course(edition, folder)
    assert (folder / "01-line.ipynb").read_text() == "first 01-line.ipynb"
    assert names(folder) == names(edition) | {lab.RECORD}


def test_what_was_renewed_before_the_disk_was_full_is_renewed_again(edition, tmp_path, monkeypatch):
    folder = tmp_path / "work"
    lab.copy_course(edition, folder)
    first, *_, last = sorted(path for path in edition.glob("*.ipynb"))
    written = type(folder).write_bytes

    def full_disk(path, content):
        if last.name in path.name:
            raise OSError(28, "No space left on device", str(path))
        written(path, content)

    for path in (first, last):
        path.write_text("second")
    with monkeypatch.context() as context, pytest.raises(OSError, match="No space left"):
        context.setattr(type(folder), "write_bytes", full_disk)
        lab.copy_course(edition, folder)
    assert (folder / first.name).read_text() == "second"
    first.write_text("third")
    assert lab.copy_course(edition, folder) == []
    assert (folder / first.name).read_text() == "third"


def test_a_file_in_the_way(edition, tmp_path):
    (tmp_path / "work").write_text("")
    with pytest.raises(AuthoringError, match="work is a file; name another folder"):
        lab.copy_course(edition, tmp_path / "work")


@pytest.fixture
def started(monkeypatch):
    """What JupyterLab would be started with."""
    calls = []

    class Process:
        def __init__(self, command, cwd, env):
            calls.append((command, cwd, env))

        def wait(self):
            if len(calls) == 1:
                calls.append("interrupted")
                raise KeyboardInterrupt
            return 0

    monkeypatch.setattr(subprocess, "Popen", Process)
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    return calls


def test_jupyterlab_starts_in_the_folder_with_a_quiet_kernel(
    edition, tmp_path, started, monkeypatch, capsys
):
    folder = tmp_path / "work"
    assert lab.open_lab(edition, folder, ["--no-browser"]) == 0
    command, cwd, environment = started[0]
    assert command == [sys.executable, "-m", "jupyterlab", "--no-browser"]
    assert cwd == folder and started[1] == "interrupted"
    # As in the notebooks that are tested, unless the learner wants it otherwise.
    assert environment["TF_ENABLE_ONEDNN_OPTS"] == "1"
    monkeypatch.setenv("JUPYTER_PATH", environment["JUPYTER_PATH"])
    kernel = KernelSpecManager().get_kernel_spec("python3")
    assert kernel.argv[0] == sys.executable and set(KERNEL_OPTIONS) <= set(kernel.argv)
    (folder / "01-line.ipynb").write_text("my work")
    lab.open_lab(edition, folder)
    assert "Kept as you changed them: 01-line.ipynb." in capsys.readouterr().out


def test_jupyterlab_asks_nobody_for_news(edition, tmp_path, started, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "own"))
    lab.open_lab(edition, tmp_path / "work")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", started[0][2]["JUPYTER_CONFIG_PATH"])
    settings, _ = get_settings(
        app_settings_dir=get_app_dir() + "/settings",
        schemas_dir=get_app_dir() + "/schemas",
        settings_dir=str(tmp_path / "none"),
        schema_name="@jupyterlab/apputils-extension:notification",
    )
    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert str(tmp_path / "own") in jupyter_config_path()
    # Where it is installed for many, the environment holds the setting.
    assert str(Path(sys.prefix, "etc", "jupyter")) in jupyter_config_path()
    for script in ("deploy/install_course.sh", ".binder/postBuild"):
        text = (ROOT / script).read_text(encoding="utf-8")
        assert 'write_quiet_settings(Path(sys.prefix, "etc", "jupyter"))' in text


def test_a_hub_gets_the_copies_and_no_jupyterlab(edition, tmp_path, started, monkeypatch):
    (tmp_path / "learner").symlink_to(edition)
    monkeypatch.setattr("dl_lesson.cli._editions", lambda: tmp_path)
    # Also as root, who makes an image.
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    folder = tmp_path / "work"
    result = CliRunner().invoke(app, ["lab", "--copy-only", str(folder)])
    assert (result.exit_code, started) == (0, [])
    assert result.output == f"The notebooks are in {folder}.\n"
    assert names(folder) == names(edition) | {lab.RECORD}
    (folder / "01-line.ipynb").write_text("my work")
    result = CliRunner().invoke(app, ["lab", "--copy-only", str(folder)])
    assert "Kept as you changed them: 01-line.ipynb." in result.output
    result = CliRunner().invoke(app, ["lab", "--copy-only", str(folder), "--", "--no-browser"])
    assert result.exit_code == 1
    assert "no JupyterLab starts that could take --no-browser; leave out" in result.output


def test_root_is_told_what_jupyterlab_needs(edition, tmp_path, started, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    with pytest.raises(AuthoringError, match="dl-lesson lab -- --allow-root"):
        lab.open_lab(edition, tmp_path / "work")
    assert not started and not (tmp_path / "work").exists()
    lab.open_lab(edition, tmp_path / "work", ["--allow-root"])
    assert started


@pytest.mark.parametrize(
    ("arguments", "folder", "edition", "options"),
    [
        ([], "dl-lesson-course", "learner", []),
        (["here"], "here", "learner", []),
        (["--solved"], "dl-lesson-solved", "solved", []),
        (
            ["here", "--", "--no-browser", "--port=9"],
            "here",
            "learner",
            ["--no-browser", "--port=9"],
        ),
        (["--", "--no-browser"], "dl-lesson-course", "learner", ["--no-browser"]),
    ],
)
def test_words_of_the_command(tmp_path, monkeypatch, arguments, folder, edition, options):
    calls = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dl_lesson.course.files.bundled_editions", lambda: tmp_path)
    monkeypatch.setattr(lab, "open_lab", lambda *given: calls.append(given) or 0)
    result = CliRunner().invoke(app, ["lab", *arguments])
    assert result.exit_code == 0, result.output
    ((source, target, further),) = calls
    assert (source.name, str(target), further) == (edition, folder, options)


def test_a_module_that_hides_another_is_named(edition, tmp_path, started, capsys):
    folder = tmp_path / "work"
    lab.open_lab(edition, folder)
    assert "Careful" not in capsys.readouterr().out
    (folder / "random.py").write_text("")
    lab.open_lab(edition, folder)
    line = "Careful: random.py hides the module random from the notebooks here; give it another"
    assert line in capsys.readouterr().out


def test_the_record_says_what_was_copied(edition, tmp_path):
    lab.copy_course(edition, tmp_path / "work")
    record = json.loads((tmp_path / "work" / lab.RECORD).read_text())
    assert set(record) == names(edition)


def test_a_relative_folder_of_data_is_found_from_the_lab(edition, tmp_path, started, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DL_LESSON_DATA", "shared")
    lab.open_lab(edition, tmp_path / "work")
    assert started[0][2]["DL_LESSON_DATA"] == str(tmp_path / "shared")


def test_hidden_files_of_other_systems_are_not_copied(edition, tmp_path):
    (edition / "._01-line.ipynb").write_bytes(b"\0")
    lab.copy_course(edition, tmp_path / "work")
    assert not (tmp_path / "work" / "._01-line.ipynb").exists()


@pytest.mark.slow
def test_lines_that_look_like_errors_are_explained(tmp_path, monkeypatch):
    """Whoever works in a program that takes its kernel from elsewhere sees them."""
    write_kernel_spec(tmp_path / "kernels" / "python3")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    # With the first, TensorFlow writes less; with the second, a kernel shows less.
    left_out = ("TF_CPP_MIN_LOG_LEVEL", "PYTEST_CURRENT_TEST")
    environment = {k: v for k, v in os.environ.items() if k not in left_out}
    code = "import os; os.write(2, b'past Python\\n')\n"
    code += "import keras\nfrom dl_lesson import create_nn\ncreate_nn(4)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3").execute(env=environment)
    (cell,) = notebook.cells
    shown = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    explained, _ = explained_lines()
    assert explained
    lines = shown.splitlines()
    strange = [line for line in lines if not any(part in line for part in explained)]
    # Otherwise the kernel would hide what is looked for; on Windows each does.
    assert strange == ([] if os.name == "nt" else ["past Python"])


def explained_lines():
    """Return the lines that the page on setup explains: without a GPU, and with one."""
    page = (ROOT / "site" / "pages" / "setup.md").read_text(encoding="utf-8")
    section = page.split("### Lines that look like errors")[1].split("\n### ")[0]
    without, with_gpu = section.split("With a GPU")
    return tuple(re.findall(r"^\| `(.+?)` \|", part, re.MULTILINE) for part in (without, with_gpu))


def test_lines_of_machines_with_a_gpu_are_those_of_this_tensorflow():
    import tensorflow

    _, with_gpu = explained_lines()
    assert with_gpu
    if not tensorflow.sysconfig.get_build_info()["is_cuda_build"]:
        pytest.skip("this TensorFlow can take no GPU, and does not know these lines")
    libraries = Path(tensorflow.__file__).parent.glob("libtensorflow_*.so*")
    missing = {line.encode() for line in with_gpu}
    for library in libraries:
        with (
            library.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
        ):
            missing -= {line for line in missing if text.find(line) >= 0}
    assert not missing


@pytest.mark.parametrize("script", ["tools/make_environment.sh", "deploy/install_course.sh"])
def test_other_programs_start_a_quiet_kernel_too(script, tmp_path):
    text = (ROOT / script).read_text(encoding="utf-8")
    (program,) = re.findall(r"^\S*bin/python -c '(import sys\n[^']*)'$", text, re.MULTILINE)
    elsewhere = f"import sys; sys.prefix = {str(tmp_path)!r}\n"
    subprocess.run([sys.executable, "-c", elsewhere + program], check=True)
    installed = KernelSpecManager(kernel_dirs=[str(tmp_path / "share" / "jupyter" / "kernels")])
    argv = installed.get_kernel_spec("python3").argv
    assert argv[-len(KERNEL_OPTIONS) :] == KERNEL_OPTIONS
