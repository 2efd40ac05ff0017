#!/bin/sh
# Make .venv from requirements-author.lock: with uv where it is installed, otherwise with venv and pip.
set -eu

usable='import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 14))'

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3 python; do
        if "$candidate" -c "$usable" >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    if command -v uv >/dev/null 2>&1; then
        uv python find '>=3.11,<3.14' 2>/dev/null || true
    fi
}

if ! .venv/bin/python -c "$usable" >/dev/null 2>&1; then
    python=$(find_python)
    if [ -z "$python" ]; then
        echo "dl-lesson needs Python 3.11, 3.12 or 3.13 and found none: install one from https://www.python.org/downloads and run make again." >&2
        exit 1
    fi
    if command -v uv >/dev/null 2>&1; then
        uv venv --clear --quiet --python "$python" .venv
    elif "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        "$python" -m venv --clear .venv
    else
        echo "$python has no venv module: install it (on Debian and Ubuntu: apt install python3-venv) and run make again." >&2
        exit 1
    fi
fi

# An environment holds no packages of a user's, though the settings of pip may ask for that.
export PIP_USER=0
echo "Installing the packages of requirements-author.lock (3 GB on disk; the first time takes some minutes) ..."
if command -v uv >/dev/null 2>&1; then
    uv pip install --python .venv/bin/python --require-hashes --requirements requirements-author.lock
    uv pip install --python .venv/bin/python --quiet --no-deps --no-build-isolation --editable .
else
    .venv/bin/python -m pip install --disable-pip-version-check --require-hashes --requirement requirements-author.lock
    .venv/bin/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
fi
# Not only `dl-lesson lab`, but whatever starts a notebook here keeps the start-up lines of TensorFlow
# out of it.
.venv/bin/python -c 'import sys
from pathlib import Path
from dl_lesson.course.lab import write_quiet_kernel
write_quiet_kernel(Path(sys.prefix, "share", "jupyter", "kernels", "python3"))'
