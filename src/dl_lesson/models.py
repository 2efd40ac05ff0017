"""Networks that several episodes build."""

from collections.abc import Sequence
from numbers import Real
from typing import Any

import keras
import numpy as np


def create_nn(
    n_inputs: int | Sequence[int],
    hidden: int | Sequence[int] = (100, 50),
    n_outputs: int = 1,
    *,
    batch_normalization: bool = False,
    output_activation: str | None = None,
) -> keras.Model:
    """Build a fully connected neural network with the Keras functional API.

    Parameters
    ----------
    n_inputs : int or sequence of int
        Number of input features, or the shape of one input (an image, say),
        which the network flattens.
    hidden : int or sequence of int, default (100, 50)
        Number of neurons of each hidden layer, first to last. Hidden layers use
        the ReLU activation function. An empty sequence gives a linear model.
    n_outputs : int, default 1
        Number of output neurons.
    batch_normalization : bool, default False
        Whether a batch normalisation layer [1]_ scales the inputs.
    output_activation : str, optional
        Activation function of the output layer, none by default.

    Returns
    -------
    keras.Model
        The network, not yet compiled. It takes arrays of shape
        ``(n_samples, n_inputs)``, or ``(n_samples, *n_inputs)`` when `n_inputs`
        is a shape, and returns float32 arrays of shape ``(n_samples, n_outputs)``.

    Raises
    ------
    ValueError
        If a number of inputs, neurons or outputs is not a whole number above zero.

    References
    ----------
    .. [1] S. Ioffe and C. Szegedy (2015), Batch normalization: accelerating deep
       network training by reducing internal covariate shift, ICML.
    """
    needed = "create_nn was given the size {!r}; inputs, hidden layers and outputs"
    input_shape, hidden, (n_outputs,) = (
        _sizes(sizes, needed) for sizes in (n_inputs, hidden, [n_outputs])
    )
    inputs = keras.Input(shape=input_shape, name="input")
    x = inputs
    if len(input_shape) > 1:
        x = keras.layers.Flatten(name="flatten")(x)
    if batch_normalization:
        x = keras.layers.BatchNormalization(name="batch_normalization")(x)
    for number, n_neurons in enumerate(hidden, start=1):
        x = keras.layers.Dense(n_neurons, activation="relu", name=f"hidden_{number}")(x)
    outputs = keras.layers.Dense(n_outputs, activation=output_activation, name="output")(x)
    return keras.Model(inputs=inputs, outputs=outputs, name="neural_network")


def create_cnn(
    input_shape: Sequence[int],
    n_outputs: int,
    filters: int | Sequence[int] = (50, 50),
    hidden: int | Sequence[int] = (50,),
    *,
    pooling: bool = True,
    dropout_rate: float = 0.0,
    dense_dropout_rate: float = 0.0,
    kernel_size: int | Sequence[int] = 3,
    activation: str = "relu",
) -> keras.Model:
    """Build a convolutional neural network with the Keras functional API.

    Convolutional layers without padding [1]_, then fully connected layers.

    Parameters
    ----------
    input_shape : tuple of int
        Shape of one picture: rows, columns, channels.
    n_outputs : int
        Number of output neurons, one for each class.
    filters : int or sequence of int, default (50, 50)
        Number of kernels of each convolutional layer, first to last.
    hidden : int or sequence of int, default (50,)
        Number of neurons of each fully connected hidden layer, first to last.
    pooling : bool, default True
        Whether a max-pooling layer follows each convolutional layer and halves rows and columns.
    dropout_rate : float, default 0.0
        Share of the values that a dropout layer [2]_ after each convolutional layer and its pooling
        sets to zero in training; no such layers when 0.
    dense_dropout_rate : float, default 0.0
        The same for a dropout layer in front of each fully connected hidden layer.
    kernel_size : int or sequence of two int, default 3
        Rows and columns of each kernel.
    activation : str, default "relu"
        Activation function of the convolutional and hidden layers.

    Returns
    -------
    keras.Model
        The network, not yet compiled. It takes arrays of shape ``(n_samples, *input_shape)`` and
        returns logits: float32 arrays of shape ``(n_samples, n_outputs)``.

    Raises
    ------
    ValueError
        If a size is not a whole number above zero, `input_shape` does not hold three of them or
        `kernel_size` two, a dropout rate is not in [0, 1), or the picture is too small for so many
        layers.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), Gradient-based learning applied to
       document recognition, Proceedings of the IEEE.
    .. [2] N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov (2014),
       Dropout: a simple way to prevent neural networks from overfitting, JMLR.
    """
    needed = "create_cnn was given the size {!r}; pictures, layers, kernels and outputs"
    input_shape, filters, hidden, (n_outputs,), kernel_rows_columns = (
        _sizes(sizes, needed)
        for sizes in (
            input_shape,
            filters,
            hidden,
            [n_outputs],
            kernel_size if np.ndim(kernel_size) else (kernel_size, kernel_size),
        )
    )
    if len(kernel_rows_columns) != 2:
        raise ValueError(
            f"create_cnn was given kernels of shape {kernel_rows_columns}; it needs their rows and "
            "columns, or one number for both."
        )
    if len(input_shape) != 3:
        raise ValueError(
            f"create_cnn was given pictures of shape {input_shape}; "
            "it needs rows, columns and channels."
        )
    for rate in (dropout_rate, dense_dropout_rate):
        if not (isinstance(rate, Real) and 0 <= rate < 1):
            raise ValueError(f"The dropout rate {rate!r} must be at least 0 and less than 1.")
    inputs = keras.Input(shape=input_shape, name="input")
    x = inputs
    for number, n_kernels in enumerate(filters, start=1):
        if any(
            pixels < size + pooling
            for pixels, size in zip(x.shape[1:3], kernel_rows_columns, strict=True)
        ):
            raise ValueError(
                f"Only {x.shape[1]}x{x.shape[2]} pixels are left for convolution {number}; "
                "use fewer convolutional layers, smaller kernels or larger pictures."
            )
        x = keras.layers.Conv2D(
            n_kernels, kernel_rows_columns, activation=activation, name=f"convolution_{number}"
        )(x)
        if pooling:
            x = keras.layers.MaxPooling2D(name=f"pooling_{number}")(x)
        if dropout_rate:
            x = keras.layers.Dropout(dropout_rate, name=f"dropout_{number}")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    for number, n_neurons in enumerate(hidden, start=1):
        if dense_dropout_rate:
            x = keras.layers.Dropout(dense_dropout_rate, name=f"dense_dropout_{number}")(x)
        x = keras.layers.Dense(n_neurons, activation=activation, name=f"hidden_{number}")(x)
    outputs = keras.layers.Dense(n_outputs, name="output")(x)
    return keras.Model(inputs=inputs, outputs=outputs, name="convolutional_network")


def _sizes(sizes: Any, needed: str) -> tuple[int, ...]:
    """Return one size or several as integers of Python, the only ones that Keras takes."""
    sizes = tuple(sizes) if np.ndim(sizes) else (sizes,)
    for size in sizes:
        # Not true of NaN and of infinity either.
        if not (isinstance(size, Real) and float(size) >= 1 and float(size).is_integer()):
            raise ValueError(f"{needed.format(size)} need whole numbers above zero.")
    return tuple(map(int, sizes))
