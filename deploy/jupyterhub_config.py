"""A hub for one machine, on which ``install_course.sh`` has installed the course.

As root, in the folder where the teacher keeps ``learners.txt``, a name on each line::

    /opt/dl-lesson/bin/jupyterhub --config deploy/jupyterhub_config.py

Each learner is a user of the machine, with a home that no other learner can read. The variables
``DL_LESSON_HUB`` (folder of the hub) and ``DL_LESSON_HUB_PORT`` stand in for what is set below.
"""

import os
import pwd
import re
import shutil
import socket
import sys
from pathlib import Path

import psutil

FOLDER = Path(os.environ.get("DL_LESSON_HUB", "/srv/dl-lesson"))
PORT = int(os.environ.get("DL_LESSON_HUB_PORT", "8000"))
# What one process of a learner may take; a notebook of the course takes less than half.
PROCESS_MEMORY = 4 * 2**30
# What a learner takes who has one notebook open: see the page "In a classroom".
LEARNER_MEMORY = 1.3 * 2**30
HOMES = FOLDER / "homes"
PRIVATE = FOLDER / "hub"
PORTS = {"the hub's pages": PORT, "the proxy's commands": PORT + 1, "the hub's answers": PORT + 2}
SERVER = Path(sys.prefix, "bin", "dl-lesson-server")


def names_in(file: Path) -> set[str]:
    """Return the names that stand in a file, one on each line."""
    if not file.is_file():
        return set()
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    return {line for line in lines if line and not line.startswith("#")}


def problem(names: set[str]) -> str:
    """Say in one sentence what keeps the hub from starting and what to do, or nothing."""
    if os.geteuid() != 0:
        return (
            "The hub starts the server of each learner as that learner, which only root may: "
            "start it with sudo."
        )
    if not SERVER.is_file():
        return f"There is no {SERVER}; install the course and the hub with install_course.sh."
    if not shutil.which("configurable-http-proxy"):
        return (
            "The hub's proxy program is missing; install it with "
            "npm install --global configurable-http-proxy, and have it in the PATH."
        )
    if not names:
        return f"No learner is named; write {FOLDER / 'learners.txt'} with a name on each line."
    for name in sorted(names):
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name):
            return (
                f'The name "{name}" in {FOLDER} cannot be that of a user; take small letters, '
                "digits and hyphens, a letter first."
            )
        # A learner called root would be root.
        try:
            home = pwd.getpwnam(name).pw_dir
        except KeyError:
            continue
        if Path(home) != HOMES / name:
            return (
                f'"{name}" in {FOLDER} is a user of this machine already, who is no learner; take '
                "another name."
            )
    for purpose, port in PORTS.items():
        with socket.socket() as listener:
            # As the hub does; a port whose last connection has just ended is free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError as error:
                return (
                    f"Port {port}, for {purpose}, cannot be used ({error.strerror}); end the "
                    "program that uses it, perhaps an earlier hub, or set DL_LESSON_HUB_PORT to "
                    "a number with two free ports above it."
                )
    return ""


try:
    from firstuseauthenticator import FirstUseAuthenticator
    from jupyterhub.auth import LocalAuthenticator
except ImportError as error:
    sys.exit(
        f"The hub's authenticator is missing ({error}); install the course and the hub with "
        "install_course.sh."
    )


class LearnerAuthenticator(LocalAuthenticator, FirstUseAuthenticator):
    """A learner chooses a password at the first login, and becomes a user of the machine."""


teachers = names_in(FOLDER / "teachers.txt")
learners = names_in(FOLDER / "learners.txt")
if found := problem(learners | teachers):
    sys.exit(found)
HOMES.mkdir(mode=0o711, exist_ok=True)
PRIVATE.mkdir(mode=0o700, exist_ok=True)

c = get_config()  # noqa: F821, JupyterHub defines it

c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PORT + 1}"
c.JupyterHub.hub_port = PORT + 2
c.ConfigurableHTTPProxy.pid_file = str(PRIVATE / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{PRIVATE / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(PRIVATE / "cookie_secret")
# Whoever comes when the machine is full is told to wait; otherwise all would be slow or stopped.
c.JupyterHub.active_server_limit = int(psutil.virtual_memory().total / LEARNER_MEMORY)

c.JupyterHub.authenticator_class = LearnerAuthenticator
c.FirstUseAuthenticator.dbm_path = str(PRIVATE / "passwords")
c.FirstUseAuthenticator.create_users = False
c.Authenticator.allowed_users = learners | teachers
c.Authenticator.admin_users = teachers
c.LocalAuthenticator.create_system_users = True
c.LocalAuthenticator.add_user_cmd = [
    *("useradd", "--create-home", "--base-dir", str(HOMES), "--shell", "/bin/bash"),
    *("--key", "HOME_MODE=0700"),
]

c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
# The system refuses memory to the process that wants too much, so that nobody else is hurt.
c.Spawner.cmd = ["prlimit", f"--data={PROCESS_MEMORY}", str(SERVER)]
# Settings of who starts the hub, a PYTHONPATH say, are none of the learners'.
c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL"]
c.Spawner.default_url = "/lab"
# When a whole class comes at once, a server takes longer to start.
c.Spawner.start_timeout = 180
c.Spawner.http_timeout = 180

# Servers that nobody has used for two hours give their memory back.
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=7200"],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]
