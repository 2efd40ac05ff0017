"""Share one search for hyperparameters among machines, and lose no trial with a machine.

``python shared_search.py`` shows it with processes on this machine. On a cluster, one machine runs
``python shared_search.py chief --address HOST:PORT``, and each other one, with a number of its own,
``python shared_search.py worker --address HOST:PORT --number N``.
"""

import argparse
import itertools
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from penguin_search import BATCH, SPACE, build_model, penguins
from processes import Processes, address, answers, free_ports, listen

if TYPE_CHECKING:
    import keras_tuner

N_COMBINATIONS = len(list(itertools.product(*SPACE.values())))
# A worker gives up when the chief has been silent for so many seconds.
SILENCE = 10


def make_tuner(options: argparse.Namespace, name: str) -> "keras_tuner.Tuner":
    """Make the tuner of the chief or of a worker; three variables tell it which one it is."""
    if options.address:
        host, _, port = options.address.rpartition(":")
        os.environ["KERASTUNER_TUNER_ID"] = name
        os.environ["KERASTUNER_ORACLE_IP"] = host
        os.environ["KERASTUNER_ORACLE_PORT"] = port
    import keras_tuner

    class Search(keras_tuner.RandomSearch):
        """A random search that says where each trial stands."""

        def on_trial_begin(self, trial):
            super().on_trial_begin(trial)
            print(f"{name}: trial {trial.trial_id} begins", flush=True)

        def on_epoch_end(self, trial, model, epoch, logs=None):
            super().on_epoch_end(trial, model, epoch, logs)
            if epoch == options.epochs // 2:
                print(f"{name}: half of trial {trial.trial_id}", flush=True)

        def on_trial_end(self, trial):
            super().on_trial_end(trial)
            print(f"{name}: trial {trial.trial_id} ends", flush=True)

    # A grid search would not do: Keras Tuner makes each combination from one that has ended, so
    # that soon all workers but one wait.
    return Search(
        lambda hp: build_model(**{key: hp.Choice(key, values) for key, values in SPACE.items()}),
        objective="val_loss",
        max_trials=options.trials,
        seed=1,
        directory=options.folder,
        project_name="search",
    )


def lead(options: argparse.Namespace) -> None:
    """Hand out the trials and gather their scores, as the chief."""
    listen(options.address, options.wait).close()
    oracle = (tuner := make_tuner(options, "chief")).oracle

    def complete() -> bool:
        return len(set(oracle.end_order)) == options.trials

    # The main thread looks whether the search goes on. Keras Tuner itself waits for each worker
    # without end, and looks only each 20 seconds whether all have gone.
    server = threading.Thread(target=tuner.search, kwargs={"verbose": 0}, daemon=True)
    server.start()
    seen, changed, first = None, time.monotonic(), None
    while server.is_alive() and not (complete() and not oracle.tuner_ids):
        state, now = (len(oracle.start_order), len(oracle.end_order)), time.monotonic()
        if state != seen:
            seen, changed, first = state, now, first or (now if any(state) else None)
        elif now - changed > options.wait:
            lost = ", ".join(sorted(oracle.ongoing_trials)) or "a worker"
            sys.exit(
                f"No trial began or ended within {options.wait:g} seconds; start {lost} again, "
                "and this chief with the same --folder."
            )
        time.sleep(0.1)
    # The last worker still gets the answer that there is nothing left to do.
    time.sleep(1)
    write_result(options, oracle, changed - (first or changed))


def write_result(options: argparse.Namespace, oracle: "keras_tuner.Oracle", seconds: float) -> None:
    """Write the score of each trial, and how long all took together."""
    trials = [
        {
            "trial": name,
            **trial.hyperparameters.values,
            "val_loss": trial.score and float(trial.score),
        }
        for name, trial in sorted(oracle.trials.items())
    ]
    ended = sum(trial["val_loss"] is not None for trial in trials)
    if ended < options.trials or ended < len(trials):
        sys.exit(f"Only {ended} of {options.trials} trials have a score; see the messages above.")
    result = {"seconds": seconds, "trials": trials}
    (options.folder / "result.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    best = min(trials, key=lambda trial: trial["val_loss"])
    print(f"{len(trials)} trials have a score, the best is {best}", flush=True)


def run_trials(options: argparse.Namespace, tuner: "keras_tuner.Tuner") -> None:
    """Run trials until none is left."""
    train, validation = penguins()
    tuner.search(
        *train,
        validation_data=validation,
        epochs=options.epochs,
        batch_size=BATCH,
        verbose=0,
    )


def search_alone(options: argparse.Namespace) -> None:
    """Search in one process, without a chief."""
    tuner = make_tuner(options, "alone")
    start = time.monotonic()
    run_trials(options, tuner)
    write_result(options, tuner.oracle, time.monotonic() - start)


def work(options: argparse.Namespace) -> None:
    """Run trials until the chief has none left, as a worker."""
    end = time.monotonic() + options.wait
    while not answers(options.address):
        if time.monotonic() > end:
            sys.exit(
                f"No chief answers at {options.address} within {options.wait:g} seconds; "
                "start it, or correct --address."
            )
        time.sleep(0.2)
    # Where the number is that of a worker that was lost, the chief hands out its trial again.
    tuner = make_tuner(options, f"tuner{options.number}")
    threading.Thread(target=leave_without_chief, args=[options.address], daemon=True).start()
    run_trials(options, tuner)


def leave_without_chief(chief: str) -> None:
    """End this process when the chief is gone; Keras Tuner would wait for an hour."""
    heard = time.monotonic()
    while time.monotonic() - heard < SILENCE:
        if answers(chief):
            heard = time.monotonic()
        time.sleep(1)
    print(f"The chief at {chief} is gone; start it again, then this worker.", file=sys.stderr)
    # The main thread waits in compiled code, which an exception does not reach.
    os._exit(1)


def show(options: argparse.Namespace) -> None:
    """Search alone, with two workers, and with two of which one is lost and comes back."""
    options.address = f"127.0.0.1:{free_ports(1)[0]}"
    results = {}
    with tempfile.TemporaryDirectory() as temporary:
        for name in ("alone", "two workers", "two workers, one lost"):
            print(f"Search: {name}", flush=True)
            folder = Path(temporary, name)
            common = ["--folder", str(folder), "--wait", str(options.wait)]
            common += ["--trials", str(options.trials), "--epochs", str(options.epochs)]
            to_chief = ["--address", options.address, *common]
            with Processes(__file__) as group:
                if name == "alone":
                    running = [group.start("alone", *common)]
                else:
                    lose = "lost" in name
                    second = ["worker", "--number", "1", *to_chief]
                    running = [
                        group.start("chief", *to_chief),
                        group.start("worker", *to_chief),
                        group.start(*second, watched=lose),
                    ]
                    if lose:
                        lost = running.pop()
                        group.read_until(lost, "tuner1: half of", options.wait)
                        lost.kill()
                        print("tuner1 was killed, and starts again", flush=True)
                        running.append(group.start(*second))
                group.wait(running, options.seconds)
            results[name] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    scores = {name: scores_of(result["trials"]) for name, result in results.items()}
    for name, found in scores.items():
        if len(results[name]["trials"]) != options.trials or found != scores["alone"]:
            sys.exit(f"The search by {name} found {found}, alone {scores['alone']}.")
    print(f"All three found the same {options.trials} scores; none was lost or counted twice")
    ratio = results["alone"]["seconds"] / results["two workers"]["seconds"]
    print(f"Speed-up of two workers over one, without their start: {ratio:.2f}")


def scores_of(trials: list[dict]) -> dict[tuple, float]:
    """Return the score of each combination that was tried."""
    return {tuple(trial[key] for key in SPACE): trial["val_loss"] for trial in trials}


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    roles = {"show": show, "alone": search_alone, "chief": lead, "worker": work}
    parser.add_argument("command", nargs="?", choices=roles, default="show")
    parser.add_argument("--address", type=address, help="where the chief listens, as in node1:2222")
    parser.add_argument("--number", type=int, default=0, help="number of this worker, from 0")
    parser.add_argument("--folder", type=Path, default=Path("search"), help="folder all can read")
    parser.add_argument("--trials", type=int, default=N_COMBINATIONS)
    parser.add_argument("--epochs", type=int, default=20, help="of each trial")
    parser.add_argument("--wait", type=float, default=120, help="seconds for the others to act")
    parser.add_argument("--seconds", type=float, default=240, help="limit of each run of show")
    options = parser.parse_args()
    if options.command in ("chief", "worker") and not options.address:
        parser.error("the chief and its workers need --address HOST:PORT")
    if not 1 <= options.trials <= N_COMBINATIONS:
        parser.error(f"--trials must be from 1 to {N_COMBINATIONS}, the number of combinations")
    if options.epochs < 1:
        parser.error("--epochs must be at least 1")
    roles[options.command](options)


if __name__ == "__main__":
    main()
