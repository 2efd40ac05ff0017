"""The job files for Slurm and Kubernetes fit together, and fit the scripts that they start."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

SCRIPTS = Path(__file__).parents[2] / "examples" / "scaling"
SLURM = sorted((SCRIPTS / "slurm").glob("*.sbatch"))
KUBERNETES = sorted((SCRIPTS / "kubernetes").glob("*.yaml"))


def called_by_slurm(path):
    """Return the words of each call of Python."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    calls = re.findall(r"^\s*(?:exec )?python (.*?)(?: && .*)?$", text, re.M)
    return [shlex.split(call) for call in calls]


def resources(path, kind):
    documents = yaml.safe_load_all(path.read_text(encoding="utf-8"))
    return [document for document in documents if document["kind"] == kind]


def called_by_kubernetes(path):
    calls = []
    for job in resources(path, "Job"):
        for container in job["spec"]["template"]["spec"]["containers"]:
            python, *words = container["command"] + container["args"]
            assert python == "python"
            calls.append(words)
    return calls


CALLS = [
    pytest.param(call, id=f"{path.name}-{number}")
    for paths, calls in ((SLURM, called_by_slurm), (KUBERNETES, called_by_kubernetes))
    for path in paths
    for number, call in enumerate(calls(path))
]


def test_there_are_job_files_for_both_scripts():
    assert [path.stem for path in SLURM] == ["data_parallel", "shared_search"]
    assert [path.stem for path in KUBERNETES] == ["data_parallel", "shared_search"]
    assert len(CALLS) == 6


@pytest.mark.parametrize("call", CALLS)
def test_each_call_fits_the_script(call):
    script, command, *words = call
    path = SCRIPTS / Path(script).name
    result = subprocess.run(
        [sys.executable, path, "--help"], capture_output=True, text=True, timeout=120, check=True
    )
    positional = re.search(r"^\s+\{(.*)\}", result.stdout, re.M)[1].split(",")
    options = re.findall(r"^\s+(--[a-z]+)", result.stdout, re.M)
    assert command in positional
    used = [word for word in words if word.startswith("--")]
    assert "--number" in used or command == "chief"
    assert set(used) <= set(options)


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed here")
@pytest.mark.parametrize("path", SLURM, ids=lambda path: path.name)
def test_a_slurm_job_is_a_script_for_bash(path):
    subprocess.run(["bash", "-n", path], check=True, timeout=30)  # noqa: S607


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed here")
def test_each_task_of_a_slurm_job_gets_an_address_of_its_own(tmp_path):
    for name, text in {
        "scontrol": 'printf "a\\nb\\n"',
        "srun": 'while [ "$1" != - ]; do shift; done; shift; echo "$@"',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/bash\n{text}\n")
        (tmp_path / name).chmod(0o755)
    variables = {"SLURM_JOB_ID": "7", "SLURM_JOB_NODELIST": "[a-b]", "SLURM_NTASKS_PER_NODE": "2"}
    result = subprocess.run(
        [shutil.which("bash"), SLURM[0]],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert result.stdout.splitlines()[-1] == "a:20070 a:20071 b:20072 b:20073"


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_names_in_a_kubernetes_file_fit_together(path):
    (service,) = resources(path, "Service")
    (claim,) = resources(path, "PersistentVolumeClaim")
    pods = set()
    for job in resources(path, "Job"):
        template = job["spec"]["template"]
        pod = template["spec"]
        assert service["spec"]["selector"].items() <= template["metadata"]["labels"].items()
        assert pod["subdomain"] == service["metadata"]["name"]
        assert job["spec"]["completionMode"] == "Indexed"
        assert job["spec"]["parallelism"] == job["spec"]["completions"]
        pods |= {f"{job['metadata']['name']}-{i}" for i in range(job["spec"]["completions"])}
        (container,) = pod["containers"]
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes.keys()
        claimed = volumes["shared"]["persistentVolumeClaim"]["claimName"]
        assert claimed == claim["metadata"]["name"]
    (port,) = service["spec"]["ports"]
    named = {word for call in called_by_kubernetes(path) for word in call if ":" in word}
    assert named
    assert named <= {f"{pod}.{service['metadata']['name']}:{port['port']}" for pod in pods}


@pytest.mark.parametrize("path", KUBERNETES, ids=lambda path: path.name)
def test_a_kubernetes_file_fits_the_schemas(path):
    validator = pytest.importorskip(
        "kubernetes_validate",
        reason="kubernetes-validate is not installed here; the extra scaling brings it",
    )
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        validator.validate(document, validator.latest_version(), strict=True)
