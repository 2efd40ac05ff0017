"""Compiling a model, and watching it train."""

import contextlib
import gc
import inspect
import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

import keras
from numpy.typing import ArrayLike
from tqdm.keras import TqdmCallback

# Whoever trains several models gets pages of advice on tracing, which is for authors of libraries.
logging.getLogger("tensorflow").setLevel(logging.ERROR)


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
    task: str,
    x: ArrayLike,
    y: ArrayLike,
    **fit_arguments: Any,
) -> tuple[keras.Model, keras.callbacks.History]:
    """Build, compile and train a model whose random numbers all come from a seed.

    Parameters
    ----------
    seed : int
        Start of the random numbers of Python, numpy and TensorFlow.
    create : callable
        Takes nothing and returns a new keras.Model.
    task : {"regression", "classification", "yes or no"}
        What `compile_model` takes.
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
    Keras 3.15, in this function and after ``keras.utils.set_random_seed`` of your own.
    """
    keras.utils.set_random_seed(seed)
    model = create()
    compile_model(model, task)
    callbacks = [*fit_arguments.pop("callbacks", ()), training_progress()]
    history = model.fit(x, y, verbose=0, callbacks=callbacks, **fit_arguments)
    return model, history


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
