"""Train one network on two machines at once, and go on after a machine was lost.

``python data_parallel.py`` shows it with processes on this machine. On a cluster, each machine runs
``python data_parallel.py train --workers ADDRESS ADDRESS --number N``, its own number from 0.
"""

import argparse
import contextlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from processes import Processes, address, free_ports, listen, meet

# Sums in another order differ in the last digits of float32, and training carries them on.
TOLERANCE = 1e-4


def samples() -> tuple[np.ndarray, np.ndarray]:
    """Return today's scaled weather and tomorrow's hours of sunshine in Basel."""
    from dl_lesson import load_weather

    weather = load_weather()
    x = weather.drop(columns=["DATE", "MONTH"]).to_numpy("float32")[:-1]
    y = weather[["BASEL_sunshine"]].to_numpy("float32")[1:]
    return (x - x.mean(axis=0)) / x.std(axis=0), y


def train(options: argparse.Namespace) -> None:
    """Train as one of several workers, or alone."""
    workers = options.workers or []
    if workers:
        cluster, task = {"worker": workers}, {"type": "worker", "index": options.number}
        # TensorFlow reads it when the strategy is made.
        os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": task})
    # The others find this worker while it still imports, and soon after, when TensorFlow listens.
    with listen(workers[options.number], options.wait) if workers else contextlib.nullcontext():
        import keras
        import tensorflow as tf

        from dl_lesson import create_nn

        x, y = samples()
        meet([each for index, each in enumerate(workers) if index != options.number], options.wait)

    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    keras.utils.set_random_seed(1)
    with strategy.scope():
        model = create_nn(x.shape[1], hidden=options.hidden)
        model.compile(optimizer=keras.optimizers.Adam())
        model.optimizer.build(model.trainable_variables)
    steps = len(x) // options.batch

    def pipeline(epoch: int) -> tf.data.Dataset:
        # The order follows from the epoch alone, so that a run that was taken up sees the same.
        order = np.random.default_rng(epoch).permutation(len(x))[: steps * options.batch]

        def of_this_worker(context: tf.distribute.InputContext) -> tf.data.Dataset:
            own = order[context.input_pipeline_id :: context.num_input_pipelines]
            batch = context.get_per_replica_batch_size(options.batch)
            return tf.data.Dataset.from_tensor_slices((x[own], y[own])).batch(batch)

        return strategy.distribute_datasets_from_function(of_this_worker)

    def step(x_batch, y_batch):
        with tf.GradientTape() as tape:
            squares = tf.reduce_sum((model(x_batch, training=True) - y_batch) ** 2, axis=1)
            # Divided by the samples of all workers: the optimiser adds up their gradients.
            loss = tf.nn.compute_average_loss(squares, global_batch_size=options.batch)
        gradients = tape.gradient(loss, model.trainable_variables)
        model.optimizer.apply(gradients, model.trainable_variables)
        return loss

    # fit of Keras 3 fails under this strategy (keras-team/keras, issue 20585).
    @tf.function
    def train_batch(batch):
        return strategy.reduce("SUM", strategy.run(step, args=batch), axis=None)

    # All read the backup of the first worker, and only that one writes it: two backups could be of
    # different epochs.
    first = options.number == 0
    backup = keras.callbacks.BackupAndRestore(
        str(options.backup),
        save_freq="epoch" if first else sys.maxsize,
        double_checkpoint=True,
        delete_checkpoint=False,
    )
    callbacks = keras.callbacks.CallbackList([backup], model=model)
    callbacks.on_train_begin()
    seconds = []
    reached = int(model.optimizer.iterations.numpy()) // steps
    for epoch in range(reached, options.epochs):
        start = time.perf_counter()
        losses = [train_batch(batch) for batch in pipeline(epoch)]
        seconds.append(time.perf_counter() - start)
        callbacks.on_epoch_end(epoch)
        if first:
            print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    callbacks.on_train_end()
    if first:
        np.savez(options.backup / "result.npz", *model.get_weights())
        # The first epoch of a run holds the tracing of the step.
        median = float(np.median(seconds[1:])) if seconds[1:] else None
        (options.backup / "seconds.json").write_text(json.dumps(median))


def show(options: argparse.Namespace) -> None:
    """Train with one worker, with two, and with two of which one is lost and comes back."""

    def arguments(folder: Path) -> list[str]:
        return [
            *("train", "--backup", str(folder), "--epochs", str(options.epochs)),
            *("--batch", str(options.batch), "--hidden", *map(str, options.hidden)),
            *("--wait", str(options.wait)),
        ]

    def start_workers(group: Processes, folder: Path, number: int, watched: bool = False) -> list:
        addresses = [f"127.0.0.1:{port}" for port in free_ports(number)]
        return [
            group.start(
                *arguments(folder),
                *("--workers", *addresses, "--number", str(index)),
                watched=watched and index == 0,
            )
            for index in range(number)
        ]

    with tempfile.TemporaryDirectory() as temporary:
        folders = {name: Path(temporary, name) for name in ("one", "two", "lost")}
        for name, number in (("one", 1), ("two", 2)):
            print(f"Training with {number} worker(s)", flush=True)
            with Processes(__file__) as group:
                group.wait(start_workers(group, folders[name], number), options.seconds)
        print("Training with 2 workers, of which one is killed", flush=True)
        with Processes(__file__) as group:
            first, second = start_workers(group, folders["lost"], 2, watched=True)
            group.read_until(first, f"epoch {options.epochs // 2}:", options.seconds)
            second.kill()
        print("Worker 1 was killed; both start again from the backup", flush=True)
        with Processes(__file__) as group:
            group.wait(start_workers(group, folders["lost"], 2), options.seconds)
        results = {
            name: list(np.load(folder / "result.npz").values()) for name, folder in folders.items()
        }
        seconds = {
            name: json.loads((folders[name] / "seconds.json").read_text())
            for name in ("one", "two")
        }
    for name, title in (("two", "Two workers"), ("lost", "Two workers, one lost")):
        pairs = zip(results["one"], results[name], strict=True)
        difference = max(float(np.abs(a - b).max()) for a, b in pairs)
        print(f"{title}: the weights differ from one worker's by at most {difference:.1e}")
        if difference > TOLERANCE:
            sys.exit(f"That is more than {TOLERANCE:g}: the workers did not train as one.")
    ratio = seconds["one"] / seconds["two"]
    print(f"Speed-up of two workers over one, by the median epoch: {ratio:.2f}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", nargs="?", choices=["show", "train"], default="show")
    parser.add_argument(
        "--workers", nargs="+", type=address, help="addresses of all, as in node1:2222"
    )
    parser.add_argument("--number", type=int, default=0, help="which of them this one is, from 0")
    parser.add_argument("--backup", type=Path, default=Path("backup"), help="folder all can read")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=128, help="samples of a step, of all workers")
    parser.add_argument("--hidden", type=int, nargs="+", default=[100, 50])
    parser.add_argument("--wait", type=float, default=120, help="seconds for the others to come")
    parser.add_argument("--seconds", type=float, default=240, help="limit of each run of show")
    options = parser.parse_args()
    if options.number not in range(len(options.workers or [""])):
        parser.error(f"there is no worker {options.number}; --number goes from 0")
    {"show": show, "train": train}[options.command](options)


if __name__ == "__main__":
    main()
