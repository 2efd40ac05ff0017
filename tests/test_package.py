import json
import subprocess
import sys

import pytest

import dl_lesson


def loaded_modules(statement):
    code = f"import sys, json; {statement}; print(json.dumps(sorted(sys.modules)))"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    return set(json.loads(output))


@pytest.mark.parametrize("statement", ["import dl_lesson", "from dl_lesson import load_penguins"])
def test_importing_the_package_does_not_import_tensorflow(statement):
    assert loaded_modules(statement).isdisjoint({"tensorflow", "keras"})


@pytest.mark.parametrize("name", dl_lesson.__all__)
def test_each_public_name_has_a_docstring(name):
    assert getattr(dl_lesson, name).__doc__


def test_gpu_memory_grows_as_needed():
    code = "import os, dl_lesson; print(os.environ['TF_FORCE_GPU_ALLOW_GROWTH'])"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout == "true\n"
