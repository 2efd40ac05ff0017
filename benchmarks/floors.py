"""Time three trainings of the course beside the arithmetic that they cannot do without.

Prints JSON; `times.py` starts this in a process of its own::

    python benchmarks/floors.py
"""

import json
import math
import sys
import time
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from dl_lesson import compile_model, create_cnn, create_nn, train_from_seed

BATCH = 32


def fastest(task: Callable[[], object], repeats: int = 3) -> float:
    """Return the seconds of the fastest of some calls, after one that is not timed."""
    task()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def weather(n_epochs: int = 10) -> dict[str, float]:
    """Time an epoch of the weather network in ``fit``, in `train_from_seed`, and as one loop."""
    random = np.random.default_rng(0)
    x = random.normal(size=(767, 89)).astype("float32")
    y = random.normal(size=(767, 1)).astype("float32")
    network = create_nn(89)
    compile_model(network, "regression")
    settings = {"batch_size": BATCH, "validation_data": (x[:164], y[:164])}
    in_fit = fastest(lambda: network.fit(x, y, epochs=n_epochs, verbose=0, **settings))

    def from_seed(n_epochs: int) -> float:
        return fastest(
            lambda: train_from_seed(
                1, lambda: create_nn(89), "regression", x, y, epochs=n_epochs, **settings
            )
        )

    # Without what it takes to build and to compile.
    with_data_opened_once = (from_seed(5 * n_epochs) - from_seed(n_epochs)) / 4
    plain = create_nn(89)
    optimizer = keras.optimizers.Adam()
    optimizer.build(plain.trainable_variables)
    n_steps = math.ceil(len(x) / BATCH)
    # As many samples as whole batches need, so that one compiled shape serves all steps.
    samples, targets = (
        tf.constant(np.resize(x, (n_steps * BATCH, 89))),
        tf.constant(np.resize(y, (n_steps * BATCH, 1))),
    )

    @tf.function
    def epoch() -> None:
        for step in tf.range(n_steps):
            first = step * BATCH
            with tf.GradientTape() as tape:
                predicted = plain(samples[first : first + BATCH], training=True)
                loss = tf.reduce_mean((predicted - targets[first : first + BATCH]) ** 2)
            gradients = tape.gradient(loss, plain.trainable_variables)
            optimizer.apply(gradients, plain.trainable_variables)

    floor = fastest(lambda: [epoch() for _ in range(n_epochs)])
    return {
        "seconds": in_fit / n_epochs,
        "from_seed": with_data_opened_once / n_epochs,
        "floor": floor / n_epochs,
    }


def cnn(n_pictures: int = 800) -> dict[str, float]:
    """Time an epoch of the first CNN of episode 4, and its products at this machine's matrix rate.

    The way back costs about twice the way forward: one product for the gradient of the weights,
    one for that of the inputs.
    """
    random = np.random.default_rng(0)
    pictures = random.random((n_pictures, 64, 64, 3), dtype="float32")
    labels = random.integers(0, 10, n_pictures)
    network = create_cnn((64, 64, 3), 10)
    compile_model(network, "classification")
    in_fit = fastest(
        lambda: network.fit(pictures, labels, batch_size=BATCH, epochs=1, verbose=0), repeats=2
    )
    products = sum(multiply_adds(layer) for layer in network.layers)
    size = 1024
    square = tf.constant(random.random((size, size), dtype="float32"))
    multiply = tf.function(lambda: tf.linalg.matmul(square, square))
    rate = size**3 / fastest(lambda: [multiply() for _ in range(10)]) * 10
    return {"seconds": in_fit, "floor": 3 * products * n_pictures / rate}


def multiply_adds(layer: keras.layers.Layer) -> int:
    """Count the multiply-adds of a layer for one sample, on the way forward."""
    if not layer.weights:
        return 0
    kernel = layer.weights[0].shape
    positions = math.prod(layer.output.shape[1:-1])
    return positions * math.prod(kernel)


def transfer(n_pictures: int = 320) -> dict[str, float]:
    """Time features of episode 5 and 20 epochs of a head, and one pass of the frozen base.

    The weights do not matter for the time, so they are random.
    """
    pictures = np.random.default_rng(0).random((n_pictures, 96, 96, 3), dtype="float32")
    labels = np.arange(n_pictures) % 10
    base = keras.applications.MobileNetV2(
        input_shape=(96, 96, 3), include_top=False, pooling="avg", weights=None
    )
    head = create_nn(1280, hidden=(), n_outputs=10)
    compile_model(head, "classification")

    def train() -> None:
        features = base.predict(pictures, batch_size=16, verbose=0)
        head.fit(features, labels, epochs=20, verbose=0)

    batches = [tf.constant(pictures[first : first + 16]) for first in range(0, n_pictures, 16)]
    forward = tf.function(lambda batch: base(batch, training=False))
    floor = fastest(lambda: [forward(batch) for batch in batches], repeats=2)
    return {"seconds": fastest(train, repeats=2), "floor": floor}


if __name__ == "__main__":
    json.dump({"weather": weather(), "cnn": cnn(), "transfer": transfer()}, sys.stdout)
