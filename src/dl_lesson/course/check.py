"""Check an installation: what ``dl-lesson check`` looks at, one line each."""

import importlib.metadata
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from dl_lesson.course.environment import (
    KERAS,
    answer_of,
    ask_apart,
    foreign_keras_settings,
    hiding_modules,
    without_settings,
)
from dl_lesson.course.files import INSTALL

# Says before each import what comes next, because a broken package can end Python.
IMPORT_ALL = """
import importlib, sys
failed = {}
for name in sys.argv[1:]:
    answer({"failed": failed, "next": name})
    sys.stdout.flush()
    try:
        importlib.import_module(name)
    except Exception as error:
        failed[name] = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
answer({"failed": failed, "next": ""})
"""
MINIMUM_MEMORY = 2e9
MINIMUM_DISK = 1e9


@dataclass(frozen=True)
class Result:
    """Outcome of one check.

    Attributes
    ----------
    name : str
        What was looked at.
    found : str
        What was seen.
    remedy : str
        What to do about it; empty when all is well.
    """

    name: str
    found: str
    remedy: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.remedy


def run_checks() -> Iterator[Result]:
    """Yield the result of each check, in the order in which a reader can mend them."""
    yield check_python(".".join(map(str, sys.version_info[:3])))
    yield from check_packages()
    yield check_imports()
    yield check_memory(psutil.virtual_memory().available)
    yield check_disk(shutil.disk_usage(Path.cwd()).free)
    yield from check_data()
    yield check_keras()
    yield check_folder(Path.cwd())
    yield _apart(check_jupyter, "JupyterLab and kernel")
    yield _apart(check_devices, "TensorFlow devices")
    yield _apart(check_training, "A tiny network")


def check_python(version: str) -> Result:
    """Compare a Python version, such as "3.12.1", with the versions the lesson supports."""
    required = importlib.metadata.metadata("dl-lesson")["Requires-Python"]
    remedy = "" if version in SpecifierSet(required) else f"install a Python {required}"
    return Result("Python", f"{version} (required {required})", remedy)


def check_packages() -> Iterator[Result]:
    """Compare each installed package with what the lesson requires."""
    for line in importlib.metadata.requires("dl-lesson") or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield check_package(requirement)


def check_package(requirement: Requirement) -> Result:
    """Compare one installed package with its requirement."""
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return Result(requirement.name, f"missing (required {requirement.specifier})", INSTALL)
    fits = requirement.specifier.contains(version, prereleases=True)
    return Result(
        requirement.name, f"{version} (required {requirement.specifier})", "" if fits else INSTALL
    )


def check_imports() -> Result:
    """Import each package that the lesson requires; a file that is missing shows only then."""
    process = ask_apart(IMPORT_ALL, *_modules(), environment=without_settings())
    try:
        state = answer_of(process)
    except (IndexError, ValueError):
        # Python ended before it imported the first.
        words = process.stderr.strip().splitlines() or ["no message"]
        return Result("Imports", f"Python does not start: {words[-1]}", INSTALL)
    if state["failed"]:
        what = "; ".join(f"{name} ({problem})" for name, problem in state["failed"].items())
        return Result("Imports", f"cannot be imported: {what}", INSTALL)
    if process.returncode:
        return Result("Imports", f"{state['next']} ends Python", INSTALL)
    return Result("Imports", "each package can be imported")


def _modules() -> list[str]:
    """Return the modules that the required packages provide, one of each."""
    required = [Requirement(line) for line in importlib.metadata.requires("dl-lesson") or []]
    names = {
        canonicalize_name(r.name)
        for r in required
        if r.marker is None or r.marker.evaluate({"extra": ""})
    }
    modules: dict[str, str] = {}
    for module, packages in sorted(importlib.metadata.packages_distributions().items()):
        for package in map(canonicalize_name, packages):
            # What a package keeps for itself begins with an underscore.
            if package in names and module.isidentifier() and not module.startswith("_"):
                modules.setdefault(package, module)
    return list(modules.values())


def check_memory(available: float) -> Result:
    """Check the free memory, in bytes."""
    remedy = "close other programs or notebooks" if available < MINIMUM_MEMORY else ""
    return Result("Free memory", f"{available / 1e9:.1f} GB", remedy)


def check_disk(free: float) -> Result:
    """Check the free disk space of the current folder, in bytes."""
    remedy = "delete files, or move the lesson to another disk" if free < MINIMUM_DISK else ""
    return Result("Free disk space", f"{free / 1e9:.1f} GB", remedy)


def check_data() -> Iterator[Result]:
    """Check the data sets that the loaders would use, and the ImageNet weights."""
    from dl_lesson.data.errors import DataError
    from dl_lesson.data.sources import DATA_SETS, describe, mobilenet_weights

    for name in DATA_SETS:
        try:
            yield Result(f"Data: {name}", describe(name))
        except DataError as error:
            yield Result(f"Data: {name}", str(error).rstrip("."), "run `dl-lesson data verify`")
    try:
        mobilenet_weights()
        yield Result("ImageNet weights", "MobileNetV2 (bundled with the lesson)")
    except DataError as error:
        yield Result("ImageNet weights", str(error).rstrip("."), "run `dl-lesson data verify`")


def check_jupyter() -> Result:
    """Check that JupyterLab is there and that a notebook kernel starts in this Python."""
    from jupyter_client.kernelspec import KernelSpecManager

    version = importlib.metadata.version("jupyterlab")
    spec = KernelSpecManager().get_kernel_spec("python3")
    interpreter = shutil.which(spec.argv[0]) or spec.argv[0]
    # The name "python" alone stands for the interpreter that runs JupyterLab.
    own = spec.argv[0] == "python" or Path(interpreter).resolve() == Path(sys.executable).resolve()
    remedy = "" if own else "run `python -m ipykernel install --sys-prefix`"
    return Result(
        "JupyterLab and kernel", f"JupyterLab {version}, kernel {spec.display_name}", remedy
    )


def check_keras() -> Result:
    """Read the user's settings of Keras, which hold for all programs of this computer."""
    if problems := foreign_keras_settings():
        what, _, remedy = problems[0].partition("; ")
        return Result("Keras settings", what, remedy)
    return Result("Keras settings", ", ".join(KERAS.values()))


def check_folder(folder: Path) -> Result:
    """Look for modules in a folder that hide others of the same name from notebooks there."""
    if hiding := hiding_modules(folder):
        what = f"{hiding[0].name} in {folder} hides the module {hiding[0].stem} from notebooks here"
        return Result("Modules of your own", what, "give it another name")
    return Result("Modules of your own", "none hides another")


def check_devices() -> Result:
    """Name the devices that TensorFlow computes on."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    names = [
        tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name) for gpu in gpus
    ]
    return Result("TensorFlow devices", f"GPU: {', '.join(names)}" if names else "CPU (enough)")


def check_training() -> Result:
    """Train a tiny network for a moment, then save it and load it again."""
    import keras
    import numpy as np

    from dl_lesson import compile_model, create_nn
    from dl_lesson.data.temporary import temporary_folder

    model = create_nn(1, hidden=(4,))
    compile_model(model, "regression")
    x = np.linspace(0, 1, 32, dtype="float32")[:, np.newaxis]
    losses = model.fit(x, 2 * x, epochs=2, verbose=0).history["loss"]
    with temporary_folder("dl-lesson-check-") as folder:
        path = folder / "tiny.keras"
        model.save(path)
        same = np.array_equal(
            keras.models.load_model(path).predict(x, verbose=0), model.predict(x, verbose=0)
        )
    good = np.isfinite(losses).all() and same
    return Result("A tiny network", "trained, saved and loaded", "" if good else INSTALL)


def _apart(check: Callable[[], Result], name: str) -> Result:
    """Run a check in a Python of its own.

    A broken installation can end the interpreter (on a processor too old for TensorFlow, say),
    and TensorFlow writes log lines that nothing inside its process can stop.
    """
    code = (
        "import dataclasses, dl_lesson.course.check as module; "
        f"answer(dataclasses.asdict(module.{check.__name__}()))"
    )
    # Settings and modules of the user's have lines of their own; here the installation counts.
    process = ask_apart(code, environment=without_settings())
    if process.returncode == 0:
        return Result(**answer_of(process))
    lines = process.stderr.strip().splitlines() or ["no message"]
    ending = f" (stopped by signal {-process.returncode})" if process.returncode < 0 else ""
    return Result(name, f"{lines[-1]}{ending}", INSTALL)
