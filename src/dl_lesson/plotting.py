"""Plots that several episodes draw."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from itertools import cycle
from numbers import Integral
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike
from sklearn.metrics import confusion_matrix

if TYPE_CHECKING:
    # Drawing needs no Keras.
    import keras

# The palette of Okabe and Ito (2008), "Color universal design", stays apart for readers
# with a colour vision deficiency. Line styles and markers tell the lines apart in grey.
COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
LINE_STYLES = ["-", "--", "-.", ":"]
MARKERS = ["o", "s", "^", "D", "v", "P"]


def plot_history(
    history: "keras.callbacks.History | Mapping[str, Sequence[float]] | pd.DataFrame",
    metrics: str | Sequence[str],
    *,
    unit: str | None = None,
) -> Axes:
    """Plot how losses and metrics develop over the epochs of a training.

    Parameters
    ----------
    history : keras.callbacks.History, dict or pandas.DataFrame
        What ``model.fit`` returns, its ``history`` attribute, or a table with one
        row per epoch.
    metrics : str or list of str
        What to plot, for example ``["loss", "val_loss"]``.
    unit : str, optional
        Unit of the metrics, shown at the y-axis.

    Returns
    -------
    matplotlib.axes.Axes
        The plot: epochs, counted from 1, against the metrics. A training that has gone astray has
        epochs without a number; the legend says how many.

    Raises
    ------
    ValueError
        If `history` holds no epochs, or not one of the metrics (the message lists those it has), or
        more than one number of it in an epoch, or fewer than could belong to the epochs.
    """
    values = _history_values(history)
    metrics = [metrics] if isinstance(metrics, str) else list(metrics)
    missing = [metric for metric in metrics if metric not in values]
    if missing:
        raise ValueError(
            f"The training history has no {', '.join(missing)}; "
            f"it has {', '.join(map(str, values))}."
        )
    n_epochs = max(map(len, values.values()))
    # First look at all of them: a metric that cannot be drawn leaves no half-finished plot.
    lines = {metric: _line(metric, values[metric], n_epochs) for metric in metrics}
    _, ax = plt.subplots()
    looks = zip(cycle(COLORS), cycle(LINE_STYLES), cycle(MARKERS), strict=False)
    for metric, (color, line_style, marker) in zip(metrics, looks, strict=False):
        epochs, numbers = lines[metric]
        ax.plot(
            epochs,
            numbers,
            color=color,
            linestyle=line_style,
            marker=marker,
            markevery=max(1, len(epochs) // 10),
            label=_literal(
                re.sub("^val_", "validation ", metric).replace("_", " ") + _astray(numbers)
            ),
        )
    quantities = {metric.removeprefix("val_").replace("_", " ") for metric in metrics}
    if len(quantities) == 1:
        (name,) = quantities
    else:
        name = "loss" if all(metric.endswith("loss") for metric in metrics) else "metric"
    ax.set(xlabel="epoch", ylabel=_literal(f"{name} ({unit})" if unit else name))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend()
    return ax


def _history_values(history: Any) -> dict[str, list[float]]:
    values = getattr(history, "history", history)
    try:
        values = {name: list(values[name]) for name in values}
    except TypeError:
        values = {}
    if not any(values.values()):
        raise ValueError(
            "There are no epochs to plot; pass what fit returned. A loaded model has no history."
        )
    return values


def _line(
    metric: str, values: Sequence[float], n_epochs: int
) -> tuple[np.ndarray, Sequence[float]]:
    """Return the epochs to which the values of a metric belong, and the values."""
    if any(np.ndim(value) for value in values):
        raise ValueError(
            f"{metric} has more than one number in an epoch, one for each class, say; plot a "
            "metric that has one."
        )
    # With validation_freq=2 every second epoch is measured.
    steps = [step for step in range(1, n_epochs + 1) if n_epochs // step == len(values)]
    if len(steps) != 1:
        raise ValueError(
            f"{metric} has {len(values)} values for {n_epochs} epochs, and nothing tells to which "
            "they belong; train with validation_freq=1."
        )
    return steps[0] * np.arange(1, len(values) + 1), values


def _astray(numbers: Sequence[float]) -> str:
    """Say how many epochs a line does not show."""
    n_astray = int((~np.isfinite(np.asarray(numbers, float))).sum())
    return f" (no finite number in {n_astray} of {len(numbers)} epochs)" if n_astray else ""


def _literal(text: object) -> str:
    """Return a text that matplotlib sets as it is, and not as a formula."""
    return str(text).replace("$", r"\$")


def plot_predictions(
    y_predicted: ArrayLike,
    y_true: ArrayLike,
    title: str,
    class_names: Sequence[str] | None = None,
    *,
    quantity: str = "value",
) -> Axes:
    """Plot predictions against the truth.

    Parameters
    ----------
    y_predicted : array_like, pandas.Series or pandas.DataFrame
        Predictions. Numbers of shape ``(n_samples,)`` or ``(n_samples, 1)`` for
        regression. For classification integer labels or class names of shape
        ``(n_samples,)``, or scores of shape ``(n_samples, n_classes)``, of which
        the highest counts; with two classes also probabilities of the second, of shape
        ``(n_samples,)`` or ``(n_samples, 1)``, which count from 0.5.
    y_true : array_like, pandas.Series or pandas.DataFrame
        The true values, in one of the same forms.
    title : str
        Title of the plot.
    class_names : sequence of str, optional
        Names of the classes, in the order of their integer labels. When given,
        the plot is a confusion matrix.
    quantity : str, default "value"
        What is predicted, with its unit, for the axis labels of a regression.

    Returns
    -------
    matplotlib.axes.Axes
        A scatter plot with the diagonal on which each prediction would be right,
        or a confusion matrix with true classes as rows.

    Raises
    ------
    ValueError
        If the two are empty or have different lengths, more than one column or text for a
        regression, a class that `class_names` does not have, or values that are not numbers (NaN)
        or infinite.
    """
    predicted, true = np.atleast_1d(np.asarray(y_predicted), np.asarray(y_true))
    for values, what in ((predicted, "predictions"), (true, "true values")):
        _refuse_what_is_not_finite(values, what)
    if len(predicted) != len(true):
        raise ValueError(
            f"There are {len(predicted)} predictions but {len(true)} true values; "
            "pass the two for the same samples."
        )
    if not len(predicted):
        raise ValueError("There are no predictions to plot; pass those for one or more samples.")
    if class_names is None:
        return _plot_regression(_one_column(predicted), _one_column(true), title, quantity)
    return _plot_confusion(
        _labels(predicted, class_names), _labels(true, class_names), title, class_names
    )


def plot_images(
    images: ArrayLike,
    labels: ArrayLike,
    class_names: Sequence[str],
    predictions: ArrayLike | None = None,
    *,
    n_columns: int = 5,
) -> np.ndarray:
    """Plot pictures in a grid, each under the name of its class.

    Parameters
    ----------
    images : array_like of int, shape (n_pictures, rows, columns, 3)
        Pictures, 0 to 255; or float, 0 to 1. Grey ones have one channel, or no axis for it.
    labels : array_like of int, shape (n_pictures,)
        True class of each picture.
    class_names : sequence of str
        Names of the classes, in the order of their labels.
    predictions : array_like, optional
        Predicted labels of shape ``(n_pictures,)``, or scores of shape
        ``(n_pictures, n_classes)``, of which the highest counts. Then a picture's title gives the
        predicted and, where the two differ, the true class as well.
    n_columns : int, default 5
        Number of pictures side by side.

    Returns
    -------
    numpy.ndarray of matplotlib.axes.Axes, shape (n_pictures,)
        One plot for each picture.

    Raises
    ------
    ValueError
        If there is no picture, it has another shape, the numbers of pictures, labels and
        predictions differ, values are outside the range that their type has, `class_names` does
        not have one of the classes, or a label or prediction is not a number (NaN) or infinite.
    """
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[-1] != 3):
        raise ValueError(
            f"plot_images got an array of shape {images.shape}; it needs several pictures, each "
            "with rows, columns and, unless they are grey, three channels."
        )
    titles = true = _names(labels, "labels", class_names)
    if predictions is not None:
        predicted = _names(predictions, "predictions", class_names)
        titles = [
            f"✓ {t}" if t == p else f"✗ {p}\ntrue: {t}"
            for p, t in zip(predicted, true, strict=False)
        ]
    counts = {len(images), len(true), len(true if predictions is None else predicted)}
    if len(counts) > 1 or not len(images):
        raise ValueError(
            f"plot_images got {len(images)} pictures and {len(true)} labels"
            + ("" if predictions is None else f" and {len(predicted)} predictions")
            + "; pass one or more pictures, and as many of each."
        )
    highest = 255 if np.issubdtype(images.dtype, np.integer) else 1
    if not (images.min() >= 0 and images.max() <= highest):
        raise ValueError(
            f"The pictures are of type {images.dtype} with values from {images.min():g} to "
            f"{images.max():g}; pass integers from 0 to 255, or decimal numbers from 0 to 1."
        )
    n_rows = -(-len(images) // n_columns)
    height = 1.9 if predictions is None else 2.2
    figure, grid = plt.subplots(
        n_rows, n_columns, figsize=(1.7 * n_columns, height * n_rows), squeeze=False
    )
    for ax in grid.ravel():
        ax.set_axis_off()
    for ax, image, title in zip(grid.ravel(), images, titles, strict=False):
        # Smoothing would hide the pixels, all that a network gets, and makes files twice as large.
        # The limits count for grey pictures only: without them each would be scaled by itself.
        ax.imshow(image, interpolation="nearest", cmap="gray", vmin=0, vmax=highest)
        ax.set_title(_literal(title), fontsize=10)
    figure.tight_layout()
    return grid.ravel()[: len(images)]


def _names(labels: ArrayLike, what: str, class_names: Sequence[str]) -> list[str]:
    values = np.asarray(labels)
    _refuse_what_is_not_finite(values, what)
    return [class_names[label] for label in _labels(values, class_names)]


def _one_column(values: np.ndarray) -> np.ndarray:
    if values.ndim == 2 and values.shape[1] == 1:
        return values[:, 0]
    if values.ndim != 1:
        raise ValueError(
            f"plot_predictions got an array of shape {values.shape}; a regression needs one "
            "column. Pass one target at a time, or class_names for a classification."
        )
    try:
        return values.astype(float)
    except (TypeError, ValueError) as error:
        raise ValueError(
            "plot_predictions got values that are no numbers, and no class_names; pass them for a "
            "classification, or numbers for a regression."
        ) from error


def _labels(values: np.ndarray, class_names: Sequence[str]) -> np.ndarray:
    class_names = list(class_names)
    if values.ndim == 2 and values.shape[1] > 1:
        if values.shape[1] != len(class_names):
            raise ValueError(
                f"There are {values.shape[1]} columns of scores but {len(class_names)} class "
                "names; pass one name for each column."
            )
        return values.argmax(axis=1)
    values = values.ravel()
    if values.dtype == bool or (
        np.issubdtype(values.dtype, np.floating)
        and len(class_names) == 2
        and ((values >= 0) & (values <= 1)).all()
    ):
        values = (values >= 0.5).astype(int)
    are_numbers = np.issubdtype(values.dtype, np.integer)
    labels = range(len(class_names)) if are_numbers else class_names
    label_of = {name: label for label, name in enumerate(labels)}
    unknown = [*dict.fromkeys(str(value) for value in values.tolist() if value not in label_of)]
    if unknown:
        shown = ", ".join([*unknown[:3], *(["..."] if len(unknown) > 3 else [])])
        if are_numbers and all(isinstance(name, Integral) for name in class_names):
            raise ValueError(
                f"Labels count the classes from 0 to {len(class_names) - 1}, and {shown} is not "
                "among them; pass 0 for the first class, or class names that are text."
            )
        raise ValueError(
            f"The label {shown} is not among the classes {', '.join(map(str, class_names))}."
        )
    return np.array([label_of[value] for value in values.tolist()], dtype=int)


def _refuse_what_is_not_finite(values: np.ndarray, what: str) -> None:
    missing = infinite = np.asarray(pd.isna(values))
    # Names of classes are no numbers, and all right.
    with contextlib.suppress(TypeError, ValueError):
        infinite = np.isinf(values.astype(float))
    for wrong, are in ((missing, "not numbers (NaN)"), (infinite, "infinite")):
        if wrong.any():
            n_wrong = int(wrong.reshape(len(values), -1).any(axis=1).sum())
            raise ValueError(
                f"{n_wrong} of {len(values)} {what} are {are}; look at the loss and at the inputs "
                "for the same."
            )


def _plot_regression(predicted: np.ndarray, true: np.ndarray, title: str, quantity: str) -> Axes:
    _, ax = plt.subplots()
    limits = [min(predicted.min(), true.min()), max(predicted.max(), true.max())]
    ax.plot(limits, limits, color="black", linestyle="--", label="prediction = truth")
    ax.scatter(predicted, true, s=12, alpha=0.5, color=COLORS[0], label="one sample")
    ax.set(
        title=_literal(title),
        xlabel=_literal(f"predicted {quantity}"),
        ylabel=_literal(f"true {quantity}"),
        aspect="equal",
    )
    ax.legend()
    return ax


def _plot_confusion(
    predicted: np.ndarray, true: np.ndarray, title: str, class_names: Sequence[str]
) -> Axes:
    counts = confusion_matrix(true, predicted, labels=range(len(class_names)))
    names = [_literal(name) for name in class_names]
    table = pd.DataFrame(counts, index=names, columns=names)
    _, ax = plt.subplots()
    sns.heatmap(table, annot=True, fmt="d", cmap="Blues", cbar_kws={"label": "samples"}, ax=ax)
    ax.set(title=_literal(title), xlabel="predicted class", ylabel="true class")
    return ax
