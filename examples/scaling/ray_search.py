"""Share the search of shared_search.py by Ray Tune, which also starts a lost trial again.

``python ray_search.py`` shows it with two workers on this machine, one of which is killed. On a
cluster where Ray runs, ``python ray_search.py search --address auto`` uses all machines.
"""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

from penguin_search import SPACE, lowest_loss

# Ray would report to its makers that it was used.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
# Ray waits half a minute for its own processes, which a busy machine does not start so fast.
os.environ.setdefault("RAY_raylet_start_wait_time_s", "120")
# Two processes on two cores, one thread each, as in the other scripts.
THREADS = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}

try:
    import ray
    from ray import tune
except ImportError:
    sys.exit('Ray is not installed; run: pip install "ray[tune]"')


def trial(values: dict) -> None:
    """Train with these values, in a process of Ray's, and report after each epoch."""
    import keras

    class Report(keras.callbacks.Callback):
        """Tell Ray the lowest loss so far."""

        lowest = float("inf")

        def on_epoch_end(self, epoch, logs=None):
            self.lowest = min(self.lowest, logs["val_loss"])
            tune.report({"val_loss": self.lowest, "epoch": epoch + 1})

    lowest_loss({key: values[key] for key in SPACE}, values["epochs"], [Report()])


class KillOne(tune.Callback):
    """End the first process that has done half of a trial, as if its machine were lost."""

    def __init__(self, half: int) -> None:
        self.half = half
        self.lost = None

    def on_trial_result(self, iteration, trials, trial, result, **info) -> None:
        """Look at what a trial has reported."""
        if self.lost is None and result["epoch"] == self.half:
            self.lost = trial.trial_id
            os.kill(result["pid"], signal.SIGKILL)
            print(f"The process of trial {trial.trial_id} was killed", flush=True)


def search(options: argparse.Namespace, callbacks: list | None = None) -> tune.ResultGrid:
    """Try all combinations; start a trial again, up to twice, whose process or machine is lost."""
    space = {key: tune.grid_search(values) for key, values in SPACE.items()}
    tuner = tune.Tuner(
        trial,
        param_space={**space, "epochs": options.epochs},
        tune_config=tune.TuneConfig(metric="val_loss", mode="min"),
        run_config=tune.RunConfig(
            name="search",
            storage_path=str(options.folder.resolve()),
            failure_config=tune.FailureConfig(max_failures=2),
            callbacks=callbacks,
            verbose=0,
        ),
    )
    results = tuner.fit()
    for result in results:
        values = {key: result.config[key] for key in SPACE}
        print(f"{values}: validation loss {result.metrics['val_loss']:.4f}")
    best = results.get_best_result()
    print(f"{len(results)} trials, the best of them { ({key: best.config[key] for key in SPACE}) }")
    if results.num_errors:
        sys.exit(f"{results.num_errors} trials failed; see the messages above.")
    return results


def start_ray(**where: object) -> None:
    """Start Ray on this machine, or join a cluster."""
    # The processes of other machines get the scripts of this folder.
    environment = {"working_dir": str(Path(__file__).parent), "env_vars": THREADS}
    try:
        ray.init(runtime_env=environment, log_to_driver=False, **where)
    except ConnectionError:
        sys.exit(f"No Ray runs at {where['address']}; start it with: ray start --head")
    # Ray says with a plain exception that a machine was too busy to start it.
    except Exception as error:
        sys.exit(f"Ray did not start ({error}); try again when the machine is less busy.")


def search_on_cluster(options: argparse.Namespace) -> None:
    """Search with all machines of a cluster."""
    start_ray(address=options.address)
    search(options)


def show(options: argparse.Namespace) -> None:
    """Search with two workers, kill one, and look whether all trials have the right score."""
    start_ray(num_cpus=2, include_dashboard=False)
    kill_one = KillOne((options.epochs + 1) // 2)
    with tempfile.TemporaryDirectory() as temporary:
        options.folder = Path(temporary)
        results = search(options, [kill_one])
    ray.shutdown()
    if not kill_one.lost:
        sys.exit("All trials ended before one could be killed; use more --epochs.")
    combinations = {tuple(result.config[key] for key in SPACE) for result in results}
    unfinished = [result for result in results if result.metrics["epoch"] != options.epochs]
    if len(combinations) != len(results) or unfinished:
        sys.exit("A trial was lost or counted twice; see the table above.")
    print("Each trial was trained to its end, also the one whose process was killed")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", nargs="?", choices=["show", "search"], default="show")
    parser.add_argument("--address", default="auto", help="of the cluster, or auto")
    parser.add_argument("--folder", type=Path, default=Path("search"), help="folder all can read")
    parser.add_argument("--epochs", type=int, default=20, help="of each trial")
    options = parser.parse_args()
    {"show": show, "search": search_on_cluster}[options.command](options)


if __name__ == "__main__":
    main()
