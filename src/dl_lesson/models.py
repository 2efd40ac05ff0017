"""Networks that several episodes build."""

import keras


def create_nn(
    n_inputs,
    hidden=(100, 50),
    n_outputs=1,
    *,
    batch_normalization=False,
    output_activation=None,
):
    """Build a fully connected neural network with the Keras functional API.

    Parameters
    ----------
    n_inputs : int or tuple of int
        Number of input features, or the shape of one input (an image, say),
        which the network flattens.
    hidden : sequence of int, default (100, 50)
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
    input_shape = n_inputs if isinstance(n_inputs, tuple) else (n_inputs,)
    hidden = tuple(hidden)
    for size in (*input_shape, *hidden, n_outputs):
        if int(size) != size or size < 1:
            raise ValueError(
                f"create_nn was given the size {size!r}; inputs, hidden layers and outputs "
                "need whole numbers above zero."
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
