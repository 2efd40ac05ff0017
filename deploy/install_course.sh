#!/bin/sh
# Install the course once, for all learners of a machine or of a container image, in the versions of
# requirements-hub.lock:
#   sh deploy/install_course.sh _build/dist/dl_lesson-0.2.0-py3-none-any.whl /opt/dl-lesson
# PYTHON names another Python than python3.
set -eu
# Everybody may read what is installed; only who installs it may write.
umask 022

if [ $# -ne 2 ]; then
    echo "Name the wheel of the lesson and a folder to install to: sh $0 WHEEL FOLDER" >&2
    exit 2
fi
wheel=$1
folder=$2
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}

if [ ! -f "$wheel" ]; then
    echo "There is no file $wheel; make wheel writes the wheel to _build/dist." >&2
    exit 1
fi
if ! "$python" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
    echo "$python is no Python 3.11, 3.12 or 3.13; install one and name it: PYTHON=python3.13 sh $0 $wheel $folder" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python has no venv module; install it (on Debian and Ubuntu: apt install python3-venv) and repeat the command." >&2
    exit 1
fi
if [ -e "$folder" ]; then
    echo "$folder is there already; delete it, or name another folder." >&2
    exit 1
fi

# An installation that stopped half-way would look like a whole one.
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
"$python" -m venv "$folder"
# A learner can do less than who installs: a Python in root's home starts for root only. A shell
# stands between, because setpriv itself gives up what root may do only after it has found the program.
if [ "$(id -u)" = 0 ] && ! setpriv --reuid 65534 --regid 65534 --clear-groups \
    sh -c '"$0" -c ""' "$folder/bin/python" 2>/dev/null; then
    echo "Only root can start $python or what lies in $folder; name a Python that all can read, PYTHON=/usr/bin/python3 say, and a folder that all can enter." >&2
    exit 1
fi
# An environment holds no packages of a user's, though the settings of pip may ask for that.
export PIP_USER=0
"$folder/bin/python" -m pip install --disable-pip-version-check --no-cache-dir --progress-bar off \
    --require-hashes --requirement "$here/requirements-hub.lock"
"$folder/bin/python" -m pip install --disable-pip-version-check --no-cache-dir --no-deps "$wheel"
install -m 755 "$here/dl-lesson-server" "$folder/bin/dl-lesson-server"
# From a folder without a checkout, so that what is looked at is what was installed.
cd "$folder"
# The start-up lines of TensorFlow stay out of everybody's notebooks, and questions about news out of
# everybody's way.
bin/python -c 'import sys
from pathlib import Path
from dl_lesson.course.lab import write_quiet_kernel, write_quiet_settings
write_quiet_kernel(Path(sys.prefix, "share", "jupyter", "kernels", "python3"))
write_quiet_settings(Path(sys.prefix, "etc", "jupyter"))'
bin/dl-lesson check
trap - EXIT
echo "The course is installed in $folder."
