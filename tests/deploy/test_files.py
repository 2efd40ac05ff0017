"""The files for classrooms agree with the locks, with the package, and with each other."""

import json
import re
import runpy
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from traitlets.config import Config

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
SCRIPTS = [
    DEPLOY / "install_course.sh",
    DEPLOY / "dl-lesson-server",
    ROOT / ".binder" / "postBuild",
    ROOT / ".binder" / "start",
]


def pinned(lock):
    lines = re.findall(r"^([a-z0-9][^\\\n]*)\\?$", lock.read_text(encoding="utf-8"), re.M)
    return {str(Requirement(line.strip())) for line in lines}


def test_the_hubs_lock_is_the_learners_with_the_packages_of_the_hub():
    hub, learner = (
        pinned(path) for path in (DEPLOY / "requirements-hub.lock", ROOT / "requirements.lock")
    )
    assert learner <= hub
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    added = {Requirement(line).name: Requirement(line) for line in hub - learner}
    for line in project["optional-dependencies"]["hub"]:
        wanted = Requirement(line)
        (pin,) = added[wanted.name].specifier
        assert wanted.specifier.contains(pin.version)
    assert {"sphinx", "docutils", "pytest-xdist"}.isdisjoint(added)


def test_the_hubs_lock_hashes_each_package_and_names_no_host():
    text = (DEPLOY / "requirements-hub.lock").read_text(encoding="utf-8")
    blocks = [
        block for block in re.split(r"\n(?=[a-z0-9])", text.strip()) if not block.startswith("#")
    ]
    assert len(blocks) > 100
    assert all("==" in block and "--hash=sha256:" in block for block in blocks)
    assert re.findall(r"https?:|--index|--find-links|--extra", text) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_each_script_is_read_by_its_shell(path):
    shell = "bash" if path.read_text(encoding="utf-8").startswith("#!/bin/bash") else "sh"
    result = subprocess.run([shell, "-n", str(path)], capture_output=True, text=True)
    assert result.stderr == ""
    assert path.stat().st_mode & 0o111 or path.suffix == ".sh"


def test_what_the_image_copies_is_there_and_reaches_the_build():
    copies = re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.M)
    sources = [word for line in copies for word in line.split()]
    sent = re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.M)
    assert sorted(sources) == sorted(sent)
    (wheel,) = [source for source in sources if not (ROOT / source).is_file()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    # What `make wheel` writes, and there only.
    assert wheel == "_build/dist/dl_lesson-*.whl"
    assert "--wheel-dir _build/dist" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert Path(f"_build/dist/dl_lesson-{project['version']}-py3-none-any.whl").match(wheel)


def test_the_image_is_pinned_and_does_not_run_as_root():
    (base,) = re.findall(r"^FROM (\S+)$", DOCKERFILE, re.M)
    assert re.fullmatch(r"python:3\.1[123]\.\d+-slim-\w+", base)
    instructions = re.findall(r"^([A-Z]+) (.*)", DOCKERFILE, re.M)
    users = [words for name, words in instructions if name == "USER"]
    assert users[-1] not in ("root", "0")
    assert f"/home/{users[-1]}" in dict(instructions)["WORKDIR"]
    # Nothing is copied or installed once the learner is in charge.
    last = [name for name, _ in instructions][instructions.index(("USER", users[-1])) :]
    assert not {"COPY", "RUN"} & set(last)


def settings(path):
    """Return what a configuration of JupyterHub sets, without JupyterHub."""
    found = Config()
    runpy.run_path(str(path), {"get_config": lambda: found})
    return found


def test_the_littlest_jupyterhub_starts_the_learners_server_of_the_installation():
    found = settings(DEPLOY / "tljh" / "dl_lesson.py")
    (command,) = found.Spawner.cmd
    page = (ROOT / "site" / "pages" / "in-a-classroom.md").read_text(encoding="utf-8")
    folder = Path(command).parents[1]
    assert f"whl {folder}\n" in page
    assert found.SystemdSpawner.extra_paths == [f"{folder}/bin"]
    assert f'ENV PATH="{folder}/bin:' in DOCKERFILE


def test_the_page_types_what_the_littlest_jupyterhub_is_to_hold():
    page = (ROOT / "site" / "pages" / "in-a-classroom.md").read_text(encoding="utf-8")
    typed = dict(re.findall(r"tljh-config set (\S+) (\S+)", page))
    held = yaml.safe_load((DEPLOY / "tljh" / "config.yaml").read_text(encoding="utf-8"))

    def flat(values, before=""):
        for key, value in values.items():
            if isinstance(value, dict):
                yield from flat(value, f"{before}{key}.")
            else:
                yield before + key, str(value).lower() if isinstance(value, bool) else str(value)

    assert typed == dict(flat(held))


# What the chart's schema calls the settings that we use; it refuses a name that it does not know.
CHART = {
    "singleuser": {
        *("image", "cmd", "defaultUrl", "startTimeout", "memory", "cpu", "storage"),
        *("allowPrivilegeEscalation", "uid", "fsGid"),
    },
    "hub": {"config"},
    "cull": {"enabled", "timeout", "every"},
    "prePuller": {"hook", "continuous"},
}


def gigabytes(size):
    """Return a size as Kubernetes and systemd write it."""
    number, unit = re.fullmatch(r"([\d.]+)([GM])i?", size).groups()
    return float(number) / {"G": 1, "M": 1000}[unit]


def test_the_charts_values_are_those_that_the_chart_has():
    values = yaml.safe_load((DEPLOY / "zero-to-jupyterhub" / "values.yaml").read_text("utf-8"))
    assert set(values) == set(CHART)
    for name, known in CHART.items():
        assert set(values[name]) <= known
    learner = values["singleuser"]
    assert gigabytes(learner["memory"]["guarantee"]) <= gigabytes(learner["memory"]["limit"])
    assert learner["cpu"]["guarantee"] <= learner["cpu"]["limit"]
    # The user and the command of the image.
    assert f"--uid {learner['uid']} " in DOCKERFILE
    assert (
        f"/home/{re.findall(r'^USER (.+)$', DOCKERFILE, re.M)[-1]}"
        == learner["storage"]["homeMountPath"]
    )
    assert (DEPLOY / learner["cmd"][0]).is_file()
    assert learner["cmd"][0] in (DEPLOY / "install_course.sh").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert learner["image"]["tag"] == project["version"]


def test_the_chart_and_the_image_have_the_same_series_of_jupyterhub():
    text = (DEPLOY / "zero-to-jupyterhub" / "values.yaml").read_text("utf-8")
    series = re.search(r"for version 4\.4 \(JupyterHub ([\d.]+)\)", text)[1]
    (pin,) = [
        line for line in pinned(DEPLOY / "requirements-hub.lock") if line.startswith("jupyterhub=")
    ]
    assert pin.startswith(f"jupyterhub=={series}.")


def test_the_page_says_what_was_measured():
    measured = json.loads((ROOT / "benchmarks" / "classroom.json").read_text("utf-8"))
    page = (ROOT / "site" / "pages" / "in-a-classroom.md").read_text(encoding="utf-8")
    for name in ("memory_learner", "memory_together", "memory_hub"):
        assert f"| {measured[name]} GB |\n" in page
    for name in ("processor_learner", "processor_hub"):
        assert f"| {measured[name]:.0f} s |\n" in page
    assert f"({measured['date']}, a Linux machine" in page
    assert f"We let {measured['learners']} simulated learners" in page
    values = yaml.safe_load((DEPLOY / "zero-to-jupyterhub" / "values.yaml").read_text("utf-8"))
    promised = values["singleuser"]["memory"]
    assert measured["memory_learner"] < gigabytes(promised["guarantee"])
    configuration = (DEPLOY / "jupyterhub_config.py").read_text(encoding="utf-8")
    learner = float(re.search(r"LEARNER_MEMORY = ([\d.]+) \* 2\*\*30", configuration)[1])
    process = float(re.search(r"PROCESS_MEMORY = ([\d.]+) \* 2\*\*30", configuration)[1])
    # JupyterHub counts in powers of two, the page and the table of `dl-lesson run` in those of ten.
    learner *= 2**30 / 1e9
    assert f"40 times {learner:.2f} GB, what episode 5 takes, which needs most," in page
    assert f"the hub are {40 * learner + measured['memory_hub']:.0f} GB" in page
    # The limit is no hindrance for the course.
    assert measured["data_process"] < process * 2**30 / 1e9 / 1.5


def test_binder_finds_each_file_it_is_sent_to():
    folder = ROOT / ".binder"
    (lock,) = re.findall(r"^-r (.+)$", (folder / "requirements.txt").read_text(), re.M)
    assert (folder / lock).resolve() == ROOT / "requirements.lock"
    python = (folder / "runtime.txt").read_text().strip()
    assert python in ("python-3.11", "python-3.12", "python-3.13")


@pytest.mark.parametrize("path", [*SCRIPTS, DEPLOY / "Dockerfile"], ids=lambda path: path.name)
def test_each_command_of_the_lesson_in_a_script_exists(path):
    from test_named_commands import fault

    named = []
    for line in path.read_text(encoding="utf-8").splitlines():
        # The image names its words in a list.
        plain = " ".join(re.sub(r'[",\[\]]', " ", line.partition("||")[0]).split())
        found = re.search(r"(?:^|[\s/])dl-lesson ([a-z]+.*)", plain)
        if found and not line.startswith("#"):
            named.append(shlex.split(found[1]))
    assert named or path.name == "start"
    assert [(words, said) for words in named if (said := fault("dl-lesson", words))] == []
