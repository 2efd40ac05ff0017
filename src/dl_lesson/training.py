"""Compiling a model, and watching it train."""

import contextlib
import gc
import inspect
import logging
import math
import os
from collections.abc import Callable, Iterator, Mapping
from numbers import Integral
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike
from tqdm.keras import TqdmCallback

# Whoever trains several models gets pages of advice on tracing, which is for authors of libraries.
logging.getLogger("tensorflow").setLevel(logging.ERROR)
# Arguments of ``fit`` with which `train_from_seed` can open the data once.
WITH_DATA_OPENED_ONCE = {"batch_size", "class_weight", "epochs", "initial_epoch", "validation_data"}


def compile_model(model: keras.Model, task: str) -> None:
    """Compile a model with the loss, optimiser and metric that suit its task.

    Before that, the memory of trained models that are no longer in use is freed.

    Parameters
    ----------
    model : keras.Model
        The model to compile, in place.
    task : {"regression", "classification", "yes or no"}
        ``"regression"``: mean squared error, and its root as metric, which has
        the unit of the target. ``"classification"``: cross-entropy between
        integer labels of shape ``(n_samples,)`` and the model's outputs of shape
        ``(n_samples, n_classes)``, read as logits (an output layer without an
        activation function), and accuracy as metric. ``"yes or no"``: binary cross-entropy
        between targets 0 or 1 and one output, read as the probability of 1 (an output layer with
        one neuron and the sigmoid function), and accuracy as metric. All use the Adam
        optimiser [1]_ with its default learning rate of 0.001.

    Raises
    ------
    ValueError
        If `task` is none of these.

    References
    ----------
    .. [1] D. P. Kingma and J. Ba (2015), Adam: a method for stochastic
       optimization, ICLR.
    """
    if task == "regression":
        loss = keras.losses.MeanSquaredError()
        metric = keras.metrics.RootMeanSquaredError(name="root_mean_squared_error")
    elif task == "classification":
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        metric = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    elif task == "yes or no":
        loss = keras.losses.BinaryCrossentropy()
        metric = keras.metrics.BinaryAccuracy(name="accuracy")
    else:
        raise ValueError(
            f"compile_model does not know the task {task!r}; "
            'choose "regression", "classification" or "yes or no".'
        )
    _forget_unused_models()
    # Compiled just in time, a training step of a small network on a CPU takes twice as long.
    model.compile(optimizer=keras.optimizers.Adam(), loss=loss, metrics=[metric], jit_compile=False)


def _forget_unused_models() -> None:
    """Free the memory of trained models that nothing refers to any more.

    TensorFlow enters how to differentiate each training step into a list that it never shortens,
    and with the step it keeps all its graph [1]_. `keras.utils.clear_session` does not help. A step
    ends in the sum of the gradients over devices, through which nobody differentiates, so these
    entries are not needed. All others are: a traced function, or a model that was loaded, looks
    up the gradient of an activation such as silu there.

    References
    ----------
    .. [1] https://github.com/tensorflow/tensorflow/issues/80895
    """
    # The list is TensorFlow's own affair. Where it lies elsewhere one day, memory is not freed, and
    # all else goes on.
    with contextlib.suppress(ImportError, AttributeError):
        from tensorflow.python.framework import ops

        entries = ops.gradient_registry._registry
        for name in [name for name, entry in entries.items() if _sums_over_devices(entry)]:
            del entries[name]
    gc.collect()


def _sums_over_devices(entry: Mapping[str, Any]) -> bool:
    """Tell whether an entry of TensorFlow's list of gradients is the end of a training step."""
    with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):
        differentiate = inspect.getclosurevars(entry["type"]).nonlocals["tape_grad_fn"]
        gradient = inspect.getclosurevars(differentiate).nonlocals["grad_fn"]
        return gradient.__qualname__.startswith("ReplicaContextBase.all_reduce.")
    return False


def train_from_seed(
    seed: int,
    create: Callable[[], keras.Model],
    task: str | None,
    x: ArrayLike,
    y: ArrayLike,
    **fit_arguments: Any,
) -> tuple[keras.Model, keras.callbacks.History]:
    """Build, compile and train a model whose random numbers all come from a seed.

    The model ends up with the same weights as after the same steps by hand, to the last bit, but
    a small network is trained in less than a third of the time.

    Parameters
    ----------
    seed : int
        Start of the random numbers of Python, numpy and TensorFlow.
    create : callable
        Takes nothing and returns a new keras.Model.
    task : {"regression", "classification", "yes or no"} or None
        What `compile_model` takes; None if `create` compiles the model.
    x, y : array_like
        Training samples of shape ``(n_samples, ...)``, and their targets.
    **fit_arguments
        Further arguments of ``keras.Model.fit``, ``epochs`` and ``validation_data``, say. A line
        of progress is shown in addition to ``callbacks``.

    Returns
    -------
    model : keras.Model
        The trained model.
    history : keras.callbacks.History
        What ``fit`` returned.

    Raises
    ------
    ValueError
        If `task` is none of these.

    Notes
    -----
    After a seed, ``fit`` hands out the samples in the same random order in each epoch: Keras opens
    the data anew for each, and TensorFlow then begins its random numbers again. That is so with
    Keras 3.15, in this function and after ``keras.utils.set_random_seed`` of your own. Opening
    them takes longer than an epoch of a small network; this function does it once. It also lets
    TensorFlow run an epoch in one call [1]_, unless a callback looks at single steps.

    References
    ----------
    .. [1] ``steps_per_execution`` of ``keras.Model.compile``
    """
    # Keras does not take whole numbers of numpy.
    keras.utils.set_random_seed(int(seed) if isinstance(seed, Integral) else seed)
    model = create()
    if task is not None:
        compile_model(model, task)
    callbacks = list(fit_arguments.pop("callbacks", ()))
    steps_in_one_call: contextlib.AbstractContextManager[None] = contextlib.nullcontext()
    if _can_be_opened_once(x, y, **fit_arguments):
        fit_arguments = _with_data_opened_once(x, y, **fit_arguments)
        if _can_run_epochs_in_one_call(model, callbacks):
            steps_in_one_call = _steps_in_one_call(model, fit_arguments["steps_per_epoch"])
    else:
        fit_arguments |= {"x": x, "y": y}
    callbacks.append(training_progress())
    with steps_in_one_call:
        history = model.fit(verbose=0, callbacks=callbacks, **fit_arguments)
    return model, history


def _can_be_opened_once(x: Any, y: Any, **fit_arguments: Any) -> bool:
    """Tell whether these are arrays that belong together; ``fit`` says best what is wrong."""
    parts = [(x, y)]
    if fit_arguments.get("validation_data") is not None:
        parts.append(fit_arguments["validation_data"])
    return (
        fit_arguments.keys() <= WITH_DATA_OPENED_ONCE
        and bool(fit_arguments.get("batch_size", 32))
        and all(isinstance(part, tuple) and len(part) == 2 for part in parts)
        and all(hasattr(data, "shape") for part in parts for data in part)
        and all(len(inputs) == len(targets) > 0 for inputs, targets in parts)
    )


def _with_data_opened_once(
    x: ArrayLike,
    y: ArrayLike,
    *,
    batch_size: int = 32,
    validation_data: tuple[ArrayLike, ArrayLike] | None = None,
    **others: Any,
) -> dict[str, Any]:
    """Return arguments for ``fit`` that hand out the same batches.

    The training samples come from data without an end, which Keras does not open for each epoch.
    """
    inputs, targets = _as_in_keras(x), _as_in_keras(y)
    order = _order_of_fit(len(inputs))
    arguments = {
        "x": _in_batches(inputs[order], targets[order], batch_size).repeat(),
        "steps_per_epoch": math.ceil(len(inputs) / batch_size),
        "shuffle": False,
        **others,
    }
    if validation_data is not None:
        inputs, targets = map(_as_in_keras, validation_data)
        arguments["validation_data"] = _in_batches(inputs, targets, batch_size)
    return arguments


def _can_run_epochs_in_one_call(
    model: keras.Model, callbacks: list[keras.callbacks.Callback]
) -> bool:
    """Tell whether nobody looks at the steps of an epoch, or has chosen how many to run at once."""
    return (
        not model.run_eagerly
        and model.steps_per_execution == 1
        and not any(_acts_in_steps(callback) for callback in callbacks)
    )


def _acts_in_steps(callback: keras.callbacks.Callback) -> bool:
    """Tell whether a callback does something before or after a step, not only an epoch."""
    return any(
        getattr(getattr(callback, name), "__func__", None)
        is not getattr(keras.callbacks.Callback, name)
        for name in dir(keras.callbacks.Callback)
        if name.startswith("on_") and "batch" in name
    )


@contextlib.contextmanager
def _steps_in_one_call(model: keras.Model, n_steps: int) -> Iterator[None]:
    """Let TensorFlow run so many steps of training before it returns to Python.

    A step of a small network is over sooner than the way there and back.
    """
    model.steps_per_execution = n_steps
    try:
        yield
    finally:
        model.steps_per_execution = 1
        # Keras would go on with the functions that it made for as many steps.
        model.train_function = model.test_function = None


def _as_in_keras(data: ArrayLike) -> np.ndarray:
    array = np.asarray(data)
    return array.astype(keras.config.floatx()) if array.dtype == np.float64 else array


def _in_batches(inputs: np.ndarray, targets: np.ndarray, batch_size: int) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensor_slices((inputs, targets)).batch(batch_size)


def _order_of_fit(n_samples: int) -> np.ndarray:
    """Return the order in which ``fit`` would hand out the samples after the seed that was set.

    The random numbers of TensorFlow depend on the seed and on how many operations stand before
    them in their function, so this is the function of Keras [1]_ once more.

    References
    ----------
    .. [1] ArrayDataAdapter.get_tf_dataset, keras/src/trainers/data_adapters of Keras 3.15
    """

    def permutation(_: tf.Tensor) -> tf.Tensor:
        return tf.random.shuffle(tf.range(n_samples, dtype=tf.int64))

    return next(iter(tf.data.Dataset.range(1).map(permutation))).numpy()


def training_progress() -> keras.callbacks.Callback:
    """Return a callback that shows the progress of ``fit`` in one live line.

    Pass it as ``model.fit(..., verbose=0, callbacks=[training_progress()])``.

    Returns
    -------
    keras.callbacks.Callback
        A progress bar that counts epochs and shows the latest losses and metrics.
        It shows nothing when the environment variable ``DL_LESSON_PROGRESS`` is
        ``off``, because output that changes while it is written cannot be compared
        when the notebooks are tested.
    """
    if os.environ.get("DL_LESSON_PROGRESS") == "off":
        return keras.callbacks.Callback()
    return _Progress(verbose=0)


class _Progress(TqdmCallback):
    """Ends at the epoch that was reached, so that a training that stops early is no failure."""

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        self.epoch_bar.total = self.epoch_bar.n
        super().on_train_end(logs)
