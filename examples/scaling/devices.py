"""Train on all devices of this machine, and compute with half as many bits.

``python devices.py`` splits each batch over all GPUs. Without a GPU, it splits the processor into
logical devices, which shows that the result is the same, but is no faster.
"""

import argparse
import time

import numpy as np

# Sums in another order differ in the last digits of float32, and training carries them on.
TOLERANCE = 1e-4


def train(strategy, precision: str, options: argparse.Namespace) -> tuple[list, float, float]:
    """Return weights, last loss and median seconds of an epoch."""
    import keras
    from data_parallel import samples

    from dl_lesson import create_nn

    class Watch(keras.callbacks.Callback):
        """Note how long each epoch takes."""

        seconds = ()

        def on_epoch_begin(self, epoch, logs=None):
            self.start = time.perf_counter()

        def on_epoch_end(self, epoch, logs=None):
            self.seconds += (time.perf_counter() - self.start,)

    keras.mixed_precision.set_global_policy(precision)
    keras.utils.set_random_seed(1)
    x, y = samples()
    # The last batch would not split evenly.
    x, y = (values[: len(x) // options.batch * options.batch] for values in (x, y))
    with strategy.scope():
        network = create_nn(x.shape[1], hidden=options.hidden)
        # The loss is computed in float32, whatever the layers compute in.
        outputs = keras.layers.Activation("linear", dtype="float32")(network.output)
        model = keras.Model(network.input, outputs)
        # Keras scales the loss by itself where the numbers have few bits for small ones (float16).
        model.compile(optimizer="adam", loss="mean_squared_error", jit_compile=False)
    watch = Watch()
    history = model.fit(
        x, y, batch_size=options.batch, epochs=options.epochs, callbacks=[watch], verbose=0
    )
    keras.mixed_precision.set_global_policy("float32")
    # The first epoch holds the tracing of the step.
    return model.get_weights(), history.history["loss"][-1], float(np.median(watch.seconds[1:]))


def main() -> None:
    """Compare one device with all, and float32 with mixed precision."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=128, help="samples of a step, of all devices")
    parser.add_argument("--hidden", type=int, nargs="+", default=[100, 50])
    parser.add_argument("--logical", type=int, default=2, help="devices to split a processor into")
    options = parser.parse_args()
    if options.epochs < 2 or options.logical < 1:
        parser.error("--epochs must be at least 2, and --logical at least 1")

    import tensorflow as tf

    kind = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    if kind == "CPU":
        parts = [tf.config.LogicalDeviceConfiguration() for _ in range(options.logical)]
        tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], parts)
    names = [device.name for device in tf.config.list_logical_devices(kind)]
    if options.batch % len(names):
        parser.error(f"--batch {options.batch} cannot be split over {len(names)} devices")
    print(f"Devices: {', '.join(names)}", flush=True)

    one, every = tf.distribute.OneDeviceStrategy(names[0]), tf.distribute.MirroredStrategy(names)
    weights, loss, seconds = train(one, "float32", options)
    print(f"One device: loss {loss:.4f}, {seconds:.3f} s an epoch", flush=True)
    others, _, all_seconds = train(every, "float32", options)
    difference = max(float(np.abs(a - b).max()) for a, b in zip(weights, others, strict=True))
    print(
        f"All {len(names)}: the weights differ by at most {difference:.1e}, "
        f"speed-up {seconds / all_seconds:.2f}",
        flush=True,
    )
    if difference > TOLERANCE:
        raise SystemExit(f"That is more than {TOLERANCE:g}: the devices did not train as one.")
    for precision in ("mixed_float16", "mixed_bfloat16"):
        weights, mixed_loss, mixed_seconds = train(one, precision, options)
        stored = {str(weight.dtype) for weight in weights}
        print(
            f"{precision}: weights stored as {', '.join(stored)}, loss {mixed_loss:.4f}, "
            f"speed-up {seconds / mixed_seconds:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
