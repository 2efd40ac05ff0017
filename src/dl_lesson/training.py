"""Compiling a model, and watching it train."""

import os

import keras
from tqdm.keras import TqdmCallback


def compile_model(model, task):
    """Compile a model with the loss, optimiser and metric that suit its task.

    Parameters
    ----------
    model : keras.Model
        The model to compile, in place.
    task : {"regression", "classification"}
        ``"regression"``: mean squared error, and its root as metric, which has
        the unit of the target. ``"classification"``: cross-entropy between
        integer labels of shape ``(n_samples,)`` and the model's outputs of shape
        ``(n_samples, n_classes)``, read as logits (an output layer without an
        activation function), and accuracy as metric. Both use the Adam
        optimiser [1]_ with its default learning rate of 0.001.

    Raises
    ------
    ValueError
        If `task` is neither of the two.

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
    else:
        raise ValueError(
            f"compile_model does not know the task {task!r}; "
            'choose "regression" or "classification".'
        )
    model.compile(optimizer=keras.optimizers.Adam(), loss=loss, metrics=[metric])


def training_progress():
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
    return TqdmCallback(verbose=0)
