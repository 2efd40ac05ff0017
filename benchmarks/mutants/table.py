"""The planted defects: what each changes, and the tests that must notice."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np

from dl_lesson.authoring.execution.digests import results_beside, store_digests
from dl_lesson.data.sources import checksum

Plant = Callable[[Path], None]


class NotFoundError(Exception):
    """What a defect replaces is no longer there, so that it has to be written anew."""


@dataclass(frozen=True)
class Defect:
    """A defect.

    Attributes
    ----------
    kind : str
        "helper", "episode", "data" or "pipeline".
    what : str
        What is wrong with it in place.
    files : tuple of str
        Files that it changes.
    plant : callable
        Changes them in a checkout.
    tests : tuple of str
        Tests that must fail.
    """

    kind: str
    what: str
    files: tuple[str, ...]
    plant: Plant
    tests: tuple[str, ...]


def replaced(file: str, old: str, new: str, count: int = 1) -> tuple[tuple[str, ...], Plant]:
    """Replace a text that stands so often in a file."""

    def plant(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        if text.count(old) != count:
            raise NotFoundError(f"{old!r} stands {text.count(old)} times in {file}")
        (root / file).write_text(text.replace(old, new), encoding="utf-8")

    return (file,), plant


def both(*parts: tuple[tuple[str, ...], Plant]) -> tuple[tuple[str, ...], Plant]:
    """Make several changes."""

    def plant(root: Path) -> None:
        for _, change in parts:
            change(root)

    return tuple(file for files, _ in parts for file in files), plant


def in_notebook(
    name: str, change: Callable[[nbformat.NotebookNode], None], *, digests: bool = False
) -> tuple[tuple[str, ...], Plant]:
    """Change a notebook, as an editor would; write new digests of its outputs if wanted."""
    file = f"notebooks/{name}.ipynb"

    def plant(root: Path) -> None:
        path = root / file
        notebook = nbformat.read(path, as_version=4)
        before = json.dumps(notebook)
        change(notebook)
        if json.dumps(notebook) == before:
            raise NotFoundError(f"nothing changes in {file}")
        if digests:
            store_digests(notebook, results_beside(path))
        path.write_text(nbformat.writes(notebook, version=4) + "\n", encoding="utf-8")

    return (file,), plant


def written(name: str, old: str, new: str) -> tuple[tuple[str, ...], Plant]:
    """Replace a text in an episode and in its notebook, as `dl-lesson build` would write it."""

    def change(notebook: nbformat.NotebookNode) -> None:
        for cell in notebook.cells:
            cell.source = cell.source.replace(old, new)

    return both(replaced(f"episodes/{name}.md", old, new), in_notebook(name, change))


def in_outputs(name: str, old: str, new: str) -> tuple[tuple[str, ...], Plant]:
    """Replace a text in the outputs of a notebook."""

    def change(notebook: nbformat.NotebookNode) -> None:
        for cell in notebook.cells:
            for output in cell.get("outputs", ()):
                if "text" in output:
                    output.text = output.text.replace(old, new)

    return in_notebook(name, change)


def exchange_pictures(notebook: nbformat.NotebookNode) -> None:
    """Exchange the first two pictures."""
    drawn = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if "image/png" in output.get("data", ())
    ]
    drawn[0].data, drawn[1].data = drawn[1].data, drawn[0].data


def exchange_cells(notebook: nbformat.NotebookNode) -> None:
    """Exchange what the first two cells that print something show, with their counts."""
    first, second = [cell for cell in notebook.cells if cell.get("outputs")][:2]
    first.outputs, second.outputs = second.outputs, first.outputs


def raise_value(notebook: nbformat.NotebookNode) -> None:
    """Change a value that stands in a sentence, there and where the notebook keeps it."""
    entry = notebook.metadata.dl_lesson["values"]["n_right"]
    old, entry.value = entry.value, "39"
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace(f"{old} of 69", "39 of 69")


def in_data(
    file: str, change: Callable[[bytes], bytes], *places: str
) -> tuple[tuple[str, ...], Plant]:
    """Change a file of the data and, in each place that names it, its checksum."""

    def plant(root: Path) -> None:
        path = root / "data" / file
        before, old = path.read_bytes(), checksum(path)
        if change(before) == before:
            raise NotFoundError(f"nothing changes in data/{file}")
        path.write_bytes(change(before))
        for place in places:
            text = (root / place).read_text(encoding="utf-8")
            if old not in text:
                raise NotFoundError(f"{place} does not name the checksum of {file}")
            (root / place).write_text(text.replace(old, checksum(path)), encoding="utf-8")

    return (f"data/{file}", *places), plant


def swap_labels(content: bytes) -> bytes:
    """Exchange the first two labels of an array that differ; they are its last bytes."""
    start = content.index(b"\n") + 1
    labels = np.frombuffer(content[start:], "int64").copy()
    other = int(np.argmax(labels != labels[0]))
    labels[[0, other]] = labels[[other, 0]]
    return content[:start] + labels.tobytes()


def in_gzip(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Return a change of a compressed text, at its first place."""
    return lambda content: gzip.compress(gzip.decompress(content).replace(old, new, 1), mtime=0)


MODELS, TRAINING = "src/dl_lesson/models.py", "src/dl_lesson/training.py"
PLOTTING, CHECKPOINTS = "src/dl_lesson/plotting.py", "src/dl_lesson/checkpoints.py"
RESULTS, UNCERTAINTY = "src/dl_lesson/results.py", "src/dl_lesson/uncertainty.py"
PICTURES, SOURCES = "src/dl_lesson/data/pictures.py", "src/dl_lesson/data/sources.py"
FETCH, REGISTRY = "src/dl_lesson/data/fetch.py", "src/dl_lesson/data/registry.py"
CHECK, ENVIRONMENT = "src/dl_lesson/course/check.py", "src/dl_lesson/course/environment.py"
EXECUTION = "src/dl_lesson/course/execution.py"
BUILD = "src/dl_lesson/authoring/execution/build.py"
FIGURES = "src/dl_lesson/authoring/execution/figures.py"
PLUGIN = "src/dl_lesson/authoring/execution/nbval_plugin.py"
LANGUAGE = "src/dl_lesson/authoring/source/language.py"
CHECKSUMS = (REGISTRY, "data/README.md")
TEST_MODELS, TEST_TRAINING = "tests/test_models.py", "tests/test_training.py"
TEST_PLOTTING, TEST_CHECKPOINTS = "tests/test_plotting.py", "tests/test_checkpoints.py"
TEST_RESULTS, TEST_WORDS = "tests/test_results.py", "tests/test_words.py"
TEST_DATA = "tests/data/test_published_numbers.py"
TEST_DRAWINGS, TEST_CHECK = "tests/test_episode_figures.py", "tests/course/test_check.py"
COMMITTED = "tests/notebooks/test_committed_notebooks.py"
DRIFT = "tests/notebooks/test_drift.py"
TEST_BUILD = "tests/authoring/execution/test_build.py"
STORED = f"{COMMITTED}::test_outputs_values_and_results_are_those_that_a_run_has_stored"
SHOWN = f"{COMMITTED}::test_results_are_those_that_the_notebook_shows"
NOT_STALE = f"{DRIFT}::test_a_word_that_is_added_to_an_episode_is_noticed"

INTRODUCTION, PENGUINS = "01-introduction", "02-penguins-classification"
WEATHER, STREET = "03-weather-regression", "04-dollar-street-cnn"
TRANSFER = "05-transfer-learning"


def stored(name: str) -> str:
    """Return the test of the digests of one notebook."""
    return f"{STORED}[{name}]"


def valid(name: str) -> str:
    """Return the test that reads one episode, and with it checks the rules of the source."""
    return f"{NOT_STALE}[{name}]"


def defect(kind: str, what: str, change: tuple[tuple[str, ...], Plant], *tests: str) -> Defect:
    """Return a defect."""
    return Defect(kind, what, *change, tests)


HELPERS = [
    (
        "create_nn: another activation",
        replaced(MODELS, 'activation="relu", name=f"hidden_{number}"', 'name=f"hidden_{number}"'),
        f"{TEST_MODELS}::test_hidden_layers_use_relu_and_the_output_what_was_asked_for",
    ),
    (
        "create_nn: no bias in the output",
        replaced(MODELS, "activation=output_activation, name", "use_bias=False, name"),
        f"{TEST_MODELS}::test_number_of_parameters",
    ),
    (
        "create_nn: hidden layers in reverse order",
        replaced(
            MODELS,
            "for number, n_neurons in enumerate(hidden, start=1):\n        x = keras.layers.Dense(n",
            "for number, n_neurons in enumerate(hidden[::-1], start=1):\n        x = keras.layers.Dense(n",
        ),
        f"{TEST_MODELS}::test_number_of_parameters",
    ),
    (
        "create_nn: output activation ignored",
        replaced(MODELS, "activation=output_activation, name", "name"),
        f"{TEST_MODELS}::test_hidden_layers_use_relu_and_the_output_what_was_asked_for",
    ),
    (
        "create_nn: batch normalisation dropped",
        replaced(MODELS, "    if batch_normalization:\n", "    if False:\n"),
        f"{TEST_MODELS}::test_number_of_parameters",
    ),
    (
        "create_nn: pictures not flattened",
        replaced(MODELS, "if len(input_shape) > 1:", "if len(input_shape) > 3:"),
        f"{TEST_MODELS}::test_pictures_are_flattened",
    ),
    (
        "create_cnn: no pooling",
        replaced(MODELS, "        if pooling:\n", "        if not pooling:\n"),
        f"{TEST_MODELS}::test_layers_of_a_cnn_stand_in_the_order_of_the_text",
    ),
    (
        "create_cnn: dropout of the rest",
        replaced(MODELS, "Dropout(dropout_rate,", "Dropout(1 - dropout_rate,"),
        f"{TEST_MODELS}::test_layers_of_a_cnn_stand_in_the_order_of_the_text",
    ),
    (
        "create_cnn: padding",
        replaced(MODELS, 'activation=activation, name=f"conv', 'padding="same", name=f"conv'),
        f"{TEST_MODELS}::test_number_of_parameters_of_a_cnn",
    ),
    (
        "create_cnn: off by one in the smallest picture",
        replaced(MODELS, "pixels < size + pooling", "pixels <= size + pooling"),
        f"{TEST_MODELS}::test_smallest_picture_that_a_convolution_takes",
    ),
    (
        "create_cnn: probabilities instead of logits",
        replaced(
            MODELS, 'Dense(n_outputs, name="output")', 'Dense(n_outputs, "softmax", name="output")'
        ),
        f"{TEST_MODELS}::test_cnn_returns_logits_and_uses_one_activation_function_before",
    ),
    (
        "create_cnn: rows and columns of the kernel exchanged",
        replaced(
            MODELS, "n_kernels, kernel_rows_columns,", "n_kernels, kernel_rows_columns[::-1],"
        ),
        f"{TEST_MODELS}::test_sizes_are_taken_in_the_forms_that_keras_takes",
    ),
    (
        "create_cnn: all values dropped",
        replaced(MODELS, "0 <= rate < 1)", "0 <= rate <= 1)"),
        f"{TEST_MODELS}::test_impossible_cnn_is_refused",
    ),
    (
        "sizes: zero neurons",
        replaced(MODELS, "float(size) >= 1 and", "float(size) >= 0 and"),
        f"{TEST_MODELS}::test_impossible_cnn_is_refused",
    ),
    (
        "compile_model: logits read as probabilities",
        replaced(TRAINING, "from_logits=True", "from_logits=False"),
        f"{TEST_TRAINING}::test_classification_reads_outputs_as_logits",
    ),
    (
        "compile_model: absolute errors",
        replaced(TRAINING, "losses.MeanSquaredError()", "losses.MeanAbsoluteError()"),
        f"{TEST_TRAINING}::test_regression_reports_the_root_of_its_loss",
    ),
    (
        "compile_model: another optimiser",
        replaced(TRAINING, "keras.optimizers.Adam()", "keras.optimizers.SGD()"),
        f"{TEST_TRAINING}::test_all_tasks_use_adam",
    ),
    (
        "compile_model: the square of the metric",
        replaced(TRAINING, "metrics.RootMeanSquaredError(", "metrics.MeanSquaredError("),
        f"{TEST_TRAINING}::test_regression_reports_the_root_of_its_loss",
    ),
    (
        "compile_model: gradients of others are forgotten",
        replaced(TRAINING, "if _sums_over_devices(entry)]", "if entry]"),
        f"{TEST_TRAINING}::test_gradients_of_other_functions_are_left_alone",
    ),
    (
        "train_from_seed: the seed is ignored",
        replaced(
            TRAINING,
            "    keras.utils.set_random_seed(int(seed) if isinstance(seed, Integral) else seed)\n",
            "",
        ),
        f"{TEST_TRAINING}::test_training_from_the_same_seed_gives_the_same_model_and_another_seed_another",
    ),
    (
        "train_from_seed: one seed for all",
        replaced(TRAINING, "set_random_seed(int(seed)", "set_random_seed(int(0)"),
        f"{TEST_TRAINING}::test_training_from_the_same_seed_gives_the_same_model_and_another_seed_another",
    ),
    (
        "train_from_seed: callbacks lost",
        replaced(
            TRAINING,
            "callbacks=callbacks, **fit_arguments",
            "callbacks=callbacks[-1:], **fit_arguments",
        ),
        f"{TEST_TRAINING}::test_callbacks_of_the_caller_are_kept_in_a_training_from_a_seed",
    ),
    (
        "train_from_seed: a callback misses the steps",
        replaced(TRAINING, "and not any(_acts_in_steps", "and any(_acts_in_steps"),
        f"{TEST_TRAINING}::test_a_callback_of_the_caller_is_called_in_each_step",
    ),
    (
        "train_from_seed: the model keeps the functions for many steps",
        replaced(TRAINING, "        model.train_function = model.test_function = None\n", ""),
        f"{TEST_TRAINING}::test_a_model_trained_from_a_seed_goes_on_like_any_other",
    ),
    (
        "train_from_seed: one step too many in a call",
        replaced(
            TRAINING,
            'steps_in_one_call(model, fit_arguments["steps_per_epoch"])',
            'steps_in_one_call(model, fit_arguments["steps_per_epoch"] + 1)',
        ),
        f"{TEST_TRAINING}::test_training_from_a_seed_is_fit_to_the_last_bit",
    ),
    (
        "training_progress: shown though switched off",
        replaced(
            TRAINING, 'get("DL_LESSON_PROGRESS") == "off"', 'get("DL_LESSON_PROGRESS") == "no"'
        ),
        f"{TEST_TRAINING}::test_progress_is_one_live_line_unless_switched_off",
    ),
    (
        "plot_history: epochs from 0",
        replaced(PLOTTING, "np.arange(1, len(values) + 1)", "np.arange(len(values))"),
        f"{TEST_PLOTTING}::test_history_is_drawn_from_each_form",
    ),
    (
        "plot_history: long curves smoothed",
        replaced(
            PLOTTING,
            "            numbers,\n",
            "            numbers if len(numbers) < 6 else pd.Series(numbers).rolling(3, 1).mean(),\n",
        ),
        f"{TEST_PLOTTING}::test_each_value_of_a_long_training_is_drawn_as_it_is",
    ),
    (
        "plot_history: curves exchanged",
        replaced(
            PLOTTING, "epochs, numbers = lines[metric]", "epochs, numbers = lines[metrics[-1]]"
        ),
        f"{TEST_PLOTTING}::test_history_is_drawn_from_each_form",
    ),
    (
        "plot_history: training called validation",
        replaced(PLOTTING, '"^val_", "validation "', '"^(val_)?", "validation "'),
        f"{TEST_PLOTTING}::test_history_is_drawn_from_each_form",
    ),
    (
        "plot_history: validation_freq drawn at the first epochs",
        replaced(PLOTTING, "return steps[0] * np.arange", "return np.arange"),
        f"{TEST_PLOTTING}::test_what_is_not_measured_in_each_epoch_is_drawn_where_it_was",
    ),
    (
        "plot_predictions: both axes are the true class",
        replaced(PLOTTING, 'xlabel="predicted class"', 'xlabel="true class"'),
        f"{TEST_PLOTTING}::test_confusion_matrix_takes_each_form",
    ),
    (
        "plot_predictions: matrix turned round",
        replaced(
            PLOTTING, "confusion_matrix(true, predicted,", "confusion_matrix(predicted, true,"
        ),
        f"{TEST_PLOTTING}::test_confusion_matrix_takes_each_form",
    ),
    (
        "plot_predictions: points turned round",
        replaced(PLOTTING, "ax.scatter(predicted, true,", "ax.scatter(true, predicted,"),
        f"{TEST_PLOTTING}::test_regression_takes_each_form",
    ),
    (
        "plot_predictions: the lowest score counts",
        replaced(PLOTTING, "values.argmax(axis=1)", "values.argmin(axis=1)"),
        f"{TEST_PLOTTING}::test_confusion_matrix_takes_each_form",
    ),
    (
        "plot_predictions: a half is a no",
        replaced(PLOTTING, "(values >= 0.5)", "(values > 0.5)"),
        f"{TEST_PLOTTING}::test_probabilities_of_two_classes_count_from_a_half",
    ),
    (
        "plot_predictions: what is not a number becomes class 0",
        replaced(PLOTTING, "        _refuse_what_is_not_finite(values, what)\n", "        pass\n"),
        f"{TEST_PLOTTING}::test_scores_that_are_not_numbers_are_no_class",
    ),
    (
        "plot_predictions: names of classes in another order",
        replaced(
            PLOTTING,
            "for name in class_names]\n    table",
            "for name in class_names][::-1]\n    table",
        ),
        f"{TEST_PLOTTING}::test_confusion_matrix_takes_each_form",
    ),
    (
        "plot_images: each grey picture scaled by itself",
        replaced(PLOTTING, 'cmap="gray", vmin=0, vmax=highest', 'cmap="gray"'),
        f"{TEST_PLOTTING}::test_grey_pictures_are_grey_and_keep_their_brightness",
    ),
    (
        "plot_images: pixels smoothed",
        replaced(PLOTTING, 'interpolation="nearest"', 'interpolation="bilinear"'),
        f"{TEST_PLOTTING}::test_each_picture_is_drawn_under_its_class",
    ),
    (
        "plot_images: right and wrong exchanged",
        replaced(PLOTTING, 'if t == p else f"✗', 'if t != p else f"✗'),
        f"{TEST_PLOTTING}::test_predictions_are_told_by_sign_and_words",
    ),
    (
        "text read as a formula",
        replaced(PLOTTING, 'replace("$", r"\\$")', 'replace("§", r"\\$")'),
        f"{TEST_PLOTTING}::test_dollars_and_braces_are_no_formula",
    ),
    (
        "record_results: small values become 0",
        replaced(RESULTS, "if abs(v) >= 0.001 else", "if abs(v) >= 0 else"),
        f"{TEST_RESULTS}::test_a_small_value_is_not_rounded_away",
    ),
    (
        "record_results: infinite scores",
        replaced(RESULTS, "np.isfinite(values)", "(values == values)"),
        f"{TEST_RESULTS}::test_rows_that_say_too_little_are_refused_and_nothing_is_written",
    ),
    (
        "record_results: written in place",
        replaced(
            RESULTS, 'temporary_folder(".recording-", FOLDER)', 'temporary_folder(".recording-")'
        ),
        f"{TEST_RESULTS}::test_it_is_written_aside_in_the_same_folder",
    ),
    (
        "read_results: copies count twice",
        replaced(RESULTS, r"|-Copy\d+$", ""),
        f"{TEST_RESULTS}::test_copies_and_files_of_other_systems_do_not_count",
    ),
    (
        "standard_error: the root is missing",
        replaced(UNCERTAINTY, "values.std() / np.sqrt(values.size)", "values.std() / values.size"),
        "tests/test_uncertainty.py",
    ),
    (
        "standard_error: another standard deviation",
        replaced(UNCERTAINTY, "values.std() /", "values.std(ddof=1) /"),
        "tests/test_uncertainty.py::test_a_share_has_the_standard_error_of_the_binomial_distribution",
    ),
    (
        "checkpoint: one element is enough",
        replaced(CHECKPOINTS, "if not inside.all():", "if not inside.any():"),
        f"{TEST_CHECKPOINTS}::test_where_the_lesson_is_tested_a_claim_that_fails_raises",
    ),
    (
        "checkpoint: zero and False are not compared",
        replaced(CHECKPOINTS, "if equals is not None and not _same", "if equals and not _same"),
        f"{TEST_CHECKPOINTS}::test_zero_and_false_are_compared",
    ),
    (
        "checkpoint: zero is no bound",
        replaced(CHECKPOINTS, "if bound is None:", "if not bound:"),
        f"{TEST_CHECKPOINTS}::test_zero_is_a_lowest_value",
    ),
    (
        "checkpoint: what cannot be compared holds",
        replaced(CHECKPOINTS, "np.zeros(elements.shape, bool)", "np.ones(elements.shape, bool)"),
        f"{TEST_CHECKPOINTS}::test_elsewhere_a_claim_that_fails_is_one_calm_line",
    ),
    (
        "plot_images: scores that are not numbers have a class",
        replaced(
            PLOTTING,
            "    _refuse_what_is_not_finite(values, what)\n    return [class",
            "    return [class",
        ),
        f"{TEST_PLOTTING}::test_a_picture_gets_no_class_from_what_is_not_finite",
    ),
    (
        "read_results: a copy with a space counts",
        replaced(RESULTS, "( |-Copy", "(-Copy"),
        f"{TEST_RESULTS}::test_a_copy_counts_once_whatever_system_made_it",
    ),
    (
        "checkpoint: what is not a number holds",
        replaced(
            CHECKPOINTS, '"at least", np.greater_equal)', '"at least", lambda a, b: ~(a < b))'
        ),
        f"{TEST_CHECKPOINTS}::test_where_the_lesson_is_tested_a_claim_that_fails_raises",
    ),
    (
        "checkpoint: nothing holds",
        replaced(CHECKPOINTS, "if elements.size == 0:", "if False:"),
        f"{TEST_CHECKPOINTS}::test_where_the_lesson_is_tested_a_claim_that_fails_raises",
    ),
    (
        "checkpoint: never strict",
        replaced(CHECKPOINTS, '== "strict"', '== "severe"'),
        f"{TEST_CHECKPOINTS}::test_where_the_lesson_is_tested_a_claim_that_fails_raises",
    ),
]
DATA = [
    (
        "validation pictures are training pictures",
        replaced(PICTURES, "train=Split(pictures[kept], labels", "train=Split(pictures, labels"),
        "tests/data/test_pictures.py::test_splits_share_no_picture_and_keep_each_with_its_label",
    ),
    (
        "labels of other pictures",
        replaced(
            PICTURES,
            'Split(pictures[held_out], labels["train"][held_out])',
            'Split(pictures[held_out], labels["train"][: len(held_out)])',
        ),
        "tests/data/test_pictures.py::test_splits_share_no_picture_and_keep_each_with_its_label",
    ),
    (
        "a split without a seed",
        replaced(PICTURES, "random_state=VALIDATION_SEED", "random_state=None"),
        "tests/data/test_pictures.py::test_validation_takes_the_same_share_of_each_class_and_always_the_same_pictures",
    ),
    (
        "a split that forgets rare classes",
        replaced(PICTURES, 'stratify=labels["train"]', "stratify=None"),
        "tests/data/test_pictures.py::test_validation_takes_the_same_share_of_each_class_and_always_the_same_pictures",
    ),
    (
        "colours above 255",
        replaced(PICTURES, "if lowest < 0 or highest > 255:", "if lowest < 0:"),
        "tests/data/test_pictures.py::test_faulty_array",
    ),
    (
        "pickled files are run",
        both(
            replaced(PICTURES, "allow_pickle=False", "allow_pickle=True"),
            replaced(PICTURES, 'if start.startswith(b"\\x80") or b"|O" in', 'if b"|Q" in'),
        ),
        "tests/data/test_pictures.py::test_pickled_file_is_never_executed",
    ),
    (
        "each checksum is right",
        replaced(SOURCES, 'algorithm or "sha256") == digest', 'algorithm or "sha256") != "x"'),
        "tests/data/test_sources.py::test_changed_or_missing_bundled_file",
    ),
    (
        "fetched without a checksum",
        replaced(FETCH, "(address, checksum, name", "(address, None, name"),
        "tests/data/test_fetch.py::test_bad_host_leaves_the_cache_as_it_was",
    ),
    (
        "the cache is used though it is forbidden",
        replaced(SOURCES, "        if not bundled_only():\n", "        if True:\n"),
        "tests/data/test_sources.py::test_bundled_only_leaves_out_the_cache_but_not_the_folder",
    ),
    (
        "a folder without data is passed over",
        replaced(
            SOURCES,
            "        if any(_readable(folder, data_set) for data_set in replaceable):\n            return folder",
            "        return folder",
        ),
        "tests/data/test_sources.py::test_a_folder_with_nothing_of_the_lesson_is_not_passed_over",
    ),
    (
        "a copy of a data file is passed over",
        replaced(SOURCES, "        if meant and not (", "        if False and not ("),
        "tests/data/test_sources.py::test_a_near_miss_in_the_folder_is_not_passed_over",
    ),
    (
        "a penguin's weight",
        in_data("penguins/penguins.csv", lambda c: c.replace(b"181,3750,", b"181,7350,", 1)),
        "tests/data/test_sources.py::test_penguins_are_those_that_seaborn_documents",
    ),
    (
        "a penguin's weight, with its checksum",
        in_data(
            "penguins/penguins.csv", lambda c: c.replace(b"181,3750,", b"181,7350,", 1), *CHECKSUMS
        ),
        f"{TEST_DATA}::test_penguins_have_the_means_of_palmerpenguins",
    ),
    (
        "a penguin's island, with its checksum",
        in_data(
            "penguins/penguins.csv",
            lambda c: c.replace(b"Adelie,Torgersen", b"Adelie,Dream", 1),
            *CHECKSUMS,
        ),
        f"{TEST_DATA}::test_penguins_live_on_their_islands",
    ),
    (
        "a price, with its checksum",
        in_data("diamonds/diamonds.csv.gz", in_gzip(b",326,", b",3260,"), *CHECKSUMS),
        f"{TEST_DATA}::test_diamonds_have_the_summary_of_ggplot2",
    ),
    (
        "a woman's glucose, with its checksum",
        in_data("pima_diabetes/pima_diabetes.csv.gz", in_gzip(b"148", b"841"), *CHECKSUMS),
        f"{TEST_DATA}::test_diabetes_has_its_published_means",
    ),
    (
        "two labels of test pictures exchanged, with their checksum",
        in_data("dataset_dollarstreet/test_labels.npy", swap_labels, *CHECKSUMS),
        f"{TEST_DATA}::test_labels_of_the_rendered_pictures_are_drawn_again",
    ),
    (
        "two labels of training pictures exchanged, with their checksum",
        in_data("dataset_dollarstreet/train_labels.npy", swap_labels, *CHECKSUMS),
        f"{TEST_DATA}::test_labels_of_the_rendered_pictures_are_drawn_again",
    ),
    (
        "two labels exchanged",
        in_data("dataset_dollarstreet/train_labels.npy", swap_labels),
        "tests/data/test_pictures.py::test_bundled_pictures_are_rendered_and_say_so",
    ),
    (
        "two class names exchanged",
        in_data(
            "dataset_dollarstreet/class_names.txt",
            lambda c: b"\n".join([*c.split(b"\n")[1::-1], *c.split(b"\n")[2:]]),
        ),
        f"{TEST_DATA}::test_conditions_name_the_class_of_each_picture",
    ),
    (
        "a condition of another picture",
        in_data(
            "dataset_dollarstreet/test_conditions.csv",
            lambda c: b"\n".join([*c.split(b"\n")[:1], *c.split(b"\n")[2:]]),
        ),
        f"{TEST_DATA}::test_conditions_name_the_class_of_each_picture",
    ),
    (
        "a day of the weather",
        in_data(
            "weather/weather_prediction_dataset_light.csv",
            lambda c: c.replace(b"20000101", b"20000102", 1),
        ),
        "tests/data/test_sources.py::test_bundled_weather_is_simulated_and_says_so",
    ),
]
PIPELINE = [
    (
        "website: Markdown of an output is not looked at",
        replaced(
            "src/dl_lesson/authoring/website/outputs.py",
            "return safe_html(page.render(markdown))",
            "return page.render(markdown)",
        ),
        "tests/website/test_outputs.py::test_markdown_that_could_load_something_or_would_be_lost_is_refused",
    ),
    (
        "handout and run: what somebody has changed is overwritten",
        replaced(
            "src/dl_lesson/course/files.py",
            "not in (sign, written.get(name)):",
            "not in (sign,) and False:",
        ),
        "tests/test_command_line.py::test_a_handout_that_a_teacher_has_changed_gets_another_name",
    ),
    (
        "a damaged record stops the command",
        replaced(
            "src/dl_lesson/course/files.py",
            "with contextlib.suppress(ValueError):\n        record",
            "with contextlib.suppress():\n        record",
        ),
        "tests/course/test_files.py::test_a_damaged_record_is_written_anew_and_changes_are_kept",
        "tests/course/test_lab.py::test_a_damaged_record_is_written_anew_and_work_is_kept",
    ),
    (
        "installation: other programs start a kernel with TensorFlow's lines",
        replaced("tools/make_environment.sh", '"kernels", "python3"', '"kernels", "quiet"'),
        "tests/course/test_lab.py::test_other_programs_start_a_quiet_kernel_too",
    ),
    (
        "installation: a setting of pip asks for another place",
        replaced("tools/make_environment.sh", "export PIP_USER=0\n", ""),
        "tests/faults/test_installation.py::test_settings_of_pip_that_no_environment_allows",
    ),
    (
        "build --check is blind for one episode",
        replaced(
            BUILD,
            "    for name in project.episode_names():\n        try:\n            episode = read_episode(project, name)\n            errors",
            f'    for name in project.episode_names():\n        if name == "{TRANSFER}":\n            continue\n        try:\n            episode = read_episode(project, name)\n            errors',
        ),
        f"{DRIFT}::test_check_looks_at_each_episode_and_each_figure",
    ),
    (
        "one notebook is always current",
        replaced(
            BUILD,
            "    committed = read_committed(path)\n    return (\n        committed is not None",
            f'    committed = read_committed(path)\n    if episode.name == "{WEATHER}":\n        return True\n    return (\n        committed is not None',
        ),
        valid(WEATHER),
    ),
    (
        "outputs are no longer compared with their digests",
        replaced(BUILD, "        and not altered(committed, results_beside(path))\n", ""),
        f"{TEST_BUILD}::test_outputs_that_were_exchanged_are_noticed",
    ),
    (
        "digests of the code alone",
        replaced(
            "src/dl_lesson/authoring/execution/digests.py",
            "cell.execution_count, cell.outputs]",
            "cell.execution_count]",
        ),
        f"{COMMITTED}::test_what_no_run_has_stored_is_noticed",
    ),
    (
        "a stored error is no error",
        replaced(
            EXECUTION,
            'if output.output_type == "error":\n',
            'if output.output_type == "mistake":\n',
        ),
        f"{TEST_BUILD}::test_a_stored_error_fails_check_and_site_and_is_executed_again",
    ),
    (
        "each drawing is the same",
        replaced(
            FIGURES,
            "return len(tokens[0]) == len(tokens[1]) and all(",
            "return len(tokens[0]) == len(tokens[1]) or all(",
        ),
        "tests/authoring/execution/test_figures.py::test_another_drawing_is_noticed",
    ),
    (
        "coordinates may differ by a hundred",
        replaced(FIGURES, "TOLERANCE = 1e-2", "TOLERANCE = 1e2"),
        "tests/authoring/execution/test_figures.py::test_a_coordinate_that_moves_is_noticed",
    ),
    (
        "orphans stay",
        replaced(
            BUILD, "return errors if unread else errors + _orphans(project, known)", "return errors"
        ),
        f"{TEST_BUILD}::test_check_catches_what_has_no_source",
    ),
    (
        "claims and bounds are not compared",
        replaced(
            "src/dl_lesson/authoring/source/validation.py",
            "        yield from claim_errors(cell.source)\n",
            "        pass\n",
        ),
        "tests/authoring/source/test_claims.py::test_the_message_names_file_and_line",
    ),
    (
        "the verdict of a quiz is not compared",
        replaced(
            "src/dl_lesson/authoring/source/quiz.py",
            'elif option.verdict != ("Right" if',
            'elif option.verdict not in ("Right", "Wrong") and ("Right" if',
        ),
        "tests/authoring/source/test_quiz.py::test_mistakes_are_named",
    ),
    (
        "check: the network is always OK",
        replaced(
            CHECK,
            '"trained, saved and loaded", "" if good else INSTALL',
            '"trained, saved and loaded", ""',
        ),
        f"{TEST_CHECK}::test_a_network_that_does_not_train_or_load_is_noticed",
    ),
    (
        "check: the kernel is always OK",
        replaced(
            CHECK, 'remedy = "" if own else "run `python', 'remedy = "" if True else "run `python'
        ),
        f"{TEST_CHECK}::test_a_kernel_of_another_python_is_no_kernel_of_the_lesson",
    ),
    (
        "check: what breaks is OK",
        replaced(
            CHECK,
            'return Result(name, f"{lines[-1]}{ending}", INSTALL)',
            'return Result(name, f"{lines[-1]}{ending}")',
        ),
        f"{TEST_CHECK}::test_each_line_of_the_check_can_fail",
    ),
    (
        "check: the memory of another computer",
        replaced(CHECK, "check_memory(psutil.virtual_memory().available)", "check_memory(8e9)"),
        f"{TEST_CHECK}::test_each_line_of_the_check_can_fail",
    ),
    (
        "check: any memory is enough",
        replaced(CHECK, "available < MINIMUM_MEMORY", "available < 0"),
        f"{TEST_CHECK}::test_each_check_passes_and_fails",
    ),
    (
        "the hash seed is no longer pinned",
        replaced(ENVIRONMENT, '        PYTHONHASHSEED="0",\n', ""),
        "tests/course/test_environment.py::test_order_of_sets_and_words_of_libraries_are_pinned",
    ),
    (
        "build does not raise",
        replaced(ENVIRONMENT, 'DL_LESSON_CHECKPOINTS="strict"', 'DL_LESSON_CHECKPOINTS="calm"'),
        "tests/course/test_environment.py::test_order_of_sets_and_words_of_libraries_are_pinned",
    ),
    (
        "the threads are no longer pinned",
        replaced(ENVIRONMENT, "TF_NUM_INTRAOP_THREADS=str(THREADS)", 'TF_NUM_INTRAOP_THREADS="0"'),
        "tests/course/test_environment.py::test_threads_are_pinned",
    ),
    (
        "make course stops without a network",
        replaced("Makefile", "data fetch || true", "data fetch"),
        "tests/test_makefile.py::test_course_goes_on_without_a_network",
    ),
    (
        "make course goes on after a failed check",
        replaced("Makefile", "@$(BIN)/dl-lesson check", "-@$(BIN)/dl-lesson check"),
        "tests/test_makefile.py::test_course_stops_at_whatever_else_fails",
    ),
    (
        "JupyterLab asks the learner about news",
        replaced("src/dl_lesson/course/lab.py", '"fetchNews": "false"', '"fetchNews": "none"'),
        "tests/course/test_lab.py::test_jupyterlab_asks_nobody_for_news",
    ),
    (
        "each opened notebook counts as changed",
        replaced("src/dl_lesson/course/lab.py", "_as_opened(source.read", "(source.read"),
        "tests/course/test_lab.py::test_a_notebook_is_copied_as_jupyterlab_will_save_it",
    ),
    (
        "make test without the style",
        replaced(
            "Makefile", "checks: .venv/complete\n\t$(BIN)/ruff check\n", "checks: .venv/complete\n"
        ),
        "tests/test_makefile.py::test_style_and_tests_are_checked_and_each_can_fail",
    ),
    (
        "a starter with solutions",
        replaced(
            LANGUAGE,
            "solution       all      link    all       -          -  ",
            "solution       all      link    all       all        -  ",
        ),
        f"tests/authoring/editions/test_derive.py::test_nothing_secret_flows_into_an_edition_of_the_course[{TRANSFER}-everything]",
    ),
    (
        "a learner's notebook with the code",
        replaced(LANGUAGE, "type           all      prompt ", "type           all      all    "),
        f"tests/authoring/editions/test_derive.py::test_nothing_secret_flows_into_an_edition_of_the_course[{TRANSFER}-learner]",
    ),
    (
        "a handout of another day",
        replaced(
            "src/dl_lesson/authoring/source/schedule.py",
            "keys = plan[day - 1]",
            "keys = plan[day - 2]",
        ),
        "tests/authoring/editions/test_handout.py::test_each_half_day_holds_the_parts_of_its_line",
    ),
    (
        "the plug-in of nbval compares nothing",
        replaced(
            PLUGIN, "        if set(left_out[item.path]) & set(cell", "        if True or set(cell"
        ),
        "tests/notebooks/test_reexecution.py::test_nbval_finds_each_fault_and_no_other",
    ),
    (
        "claims for teachers only",
        replaced(
            LANGUAGE,
            "claim          all      all     -         -          -      -      -       -       all     all",
            "claim          all      all     -         -          -      -      -       -       -       all",
        ),
        "tests/website/test_site.py::test_code_of_a_checkpoint_is_folded_and_its_claim_is_not",
    ),
    (
        "outputs on the website one cell too early",
        replaced(
            "src/dl_lesson/authoring/website/directives.py",
            "outputs = list(self.outputs(cell))",
            'outputs = list(self.outputs((lesson_notebook(self)["cells"] or [cell])[0]))',
        ),
        "tests/website/test_site.py::test_outputs_come_from_the_notebook",
    ),
    (
        "results are not compared after a re-execution",
        replaced(
            "tests/notebooks/test_reexecution.py",
            "> (0.0002 if new.model in REPEATABLE else MOVES[new.metric])",
            "> 1",
        ),
        "tests/notebooks/test_reexecution.py::test_a_result_that_was_changed_is_found",
    ),
]
EPISODES = [
    (
        "a claim with the other sign",
        written(
            PENGUINS,
            'average", np.mean(scaled), at_least=0.95)',
            'average", np.mean(scaled), at_most=0.95)',
        ),
        stored(PENGUINS),
    ),
    (
        "a bound of 0.05 for a claim of 0.95",
        replaced(
            f"episodes/{PENGUINS}.md",
            "np.mean(scaled), at_least=0.95)",
            "np.mean(scaled), at_least=0.05)",
        ),
        f"{DRIFT}::test_each_episode_keeps_the_rules[{PENGUINS}]",
    ),
    (
        "a claim of another number",
        replaced(f"episodes/{PENGUINS}.md", 'is right for 30 of 69"', 'is right for 39 of 69"'),
        f"{DRIFT}::test_each_episode_keeps_the_rules[{PENGUINS}]",
    ),
    (
        "a right answer moved",
        both(
            replaced(f"episodes/{STREET}.md", "- [x] 12,288", "- [ ] 12,288"),
            replaced(f"episodes/{STREET}.md", "- [ ] 4,096", "- [x] 4,096"),
        ),
        f"{DRIFT}::test_each_episode_keeps_the_rules[{STREET}]",
    ),
    (
        "a right answer computed otherwise",
        replaced(f"episodes/{STREET}.md", ":answer: 64 * 64 * 3\n", ":answer: 64 * 64 * 4\n"),
        f"{DRIFT}::test_each_episode_keeps_the_rules[{STREET}]",
    ),
    (
        "a picture without alternative text",
        replaced(
            f"episodes/{INTRODUCTION}.md", ":alt: Three nested boxes.", ":alternative: Three boxes."
        ),
        f"{DRIFT}::test_each_episode_keeps_the_rules[{INTRODUCTION}]",
    ),
    (
        "minutes that do not add up",
        replaced(f"episodes/{TRANSFER}.md", "\nteaching: 45\ntitle", "\nteaching: 40\ntitle"),
        f"{DRIFT}::test_each_episode_keeps_the_rules[{TRANSFER}]",
    ),
    (
        "minutes of the README",
        replaced(
            "README.md", f"(notebooks/{PENGUINS}.ipynb) | ", f"(notebooks/{PENGUINS}.ipynb) | 1"
        ),
        "tests/test_project_files.py::test_readme_lists_each_episode_with_its_minutes",
    ),
    (
        "a stored accuracy",
        in_outputs(PENGUINS, "accuracy 0.55", "accuracy 0.99"),
        stored(PENGUINS),
    ),
    (
        "an accuracy in a cell that is not compared",
        in_outputs(STREET, "validation accuracy 0.", "validation accuracy 0.9"),
        stored(STREET),
    ),
    ("two pictures exchanged", in_notebook(WEATHER, exchange_pictures), stored(WEATHER)),
    ("outputs of two cells exchanged", in_notebook(PENGUINS, exchange_cells), stored(PENGUINS)),
    ("a number in a sentence", in_notebook(PENGUINS, raise_value), stored(PENGUINS)),
    (
        "code changed without a run",
        in_notebook(INTRODUCTION, lambda n: n.cells[2].update(source=f"{n.cells[2].source}\n1")),
        stored(INTRODUCTION),
    ),
    (
        "a recorded score",
        replaced(f"notebooks/results/{PENGUINS}.csv", "accuracy,0.971", "accuracy,0.871"),
        stored(PENGUINS),
    ),
    (
        "every result under the first model's name",
        both(
            *(
                replaced(
                    f"notebooks/results/{WEATHER}.csv", f"165,{model},", "165,training mean,", count
                )
                for model, count in (("persistence", 1), ("ridge", 1))
            )
        ),
        f"{SHOWN}[{WEATHER}]",
    ),
    (
        "a result that its sentence contradicts",
        both(
            replaced(f"notebooks/results/{WEATHER}.csv", "RMSE (h),3.2093", "RMSE (h),2.2093"),
            in_notebook(WEATHER, lambda n: n.metadata.update(changed=True), digests=True),
        ),
        f"{SHOWN}[{WEATHER}]",
    ),
    (
        "parameters in a drawing",
        replaced("episodes/figures/cnn_shapes.py", '"22,550"', '"25,550"'),
        f"{TEST_DRAWINGS}::test_shapes_and_parameters_of_the_convolutional_network",
    ),
    (
        "the sign of the loss in a drawing",
        replaced("episodes/figures/cross_entropy.py", "loss = -np.log(x)", "loss = np.log(x)"),
        f"{TEST_DRAWINGS}::test_cross_entropy_is_the_logarithm",
    ),
    (
        "a weight in a drawing",
        replaced("episodes/figures/hand_network.py", '(h2, y, "−2", 0.5)', '(h2, y, "−1", 0.5)'),
        f"{TEST_DRAWINGS}::test_networks_that_are_drawn_compute_xor",
    ),
    (
        "uphill in a drawing",
        replaced(
            "episodes/figures/gradient_descent.py",
            "- learning_rate * gradient",
            "+ learning_rate * gradient",
        ),
        f"{TEST_DRAWINGS}::test_gradient_descent_goes_downhill",
    ),
    (
        "the smallest of each square in a drawing",
        replaced("episodes/figures/max_pooling.py", ".max(axis=(1, 3))", ".min(axis=(1, 3))"),
        f"{TEST_DRAWINGS}::test_pooling_keeps_the_largest_of_each_square",
    ),
    (
        "rows in a drawing",
        replaced("episodes/figures/data_split.py", "164 rows (15 %)", "146 rows (15 %)"),
        f"{TEST_DRAWINGS}::test_the_three_sets_are_all_days",
    ),
    (
        "two titles of drawings exchanged",
        both(
            replaced("episodes/figures/learning_rates.py", '("too small",', '("too LARGE",'),
            replaced("episodes/figures/learning_rates.py", '("too large",', '("too small",'),
            replaced("episodes/figures/learning_rates.py", '("too LARGE",', '("too large",'),
        ),
        f"{TEST_DRAWINGS}::test_learning_rates_do_what_their_titles_say",
    ),
    (
        "a table of four in a drawing",
        replaced(
            "episodes/further/figures/16-two-by-two.py", "37 of the 65 who", "37 of the 56 who"
        ),
        f"{TEST_DRAWINGS}::test_the_table_of_four_adds_up",
    ),
    (
        "the sign of the cross-entropy",
        replaced(f"episodes/{PENGUINS}.md", "L = -\\sum_i", "L = \\sum_i"),
        "tests/test_formulas.py::test_each_formula_of_the_episodes_is_listed",
    ),
    (
        "a key point's number",
        replaced(
            "episodes/further/17-digits-and-photographs.md",
            "A convolutional network with 104,202 parameters reads",
            "A convolutional network with 140,202 parameters reads",
        ),
        TEST_WORDS,
    ),
    (
        "a definition's number",
        replaced("site/pages/glossary.md", "Guessing has 0.5.", "Guessing has 0.05."),
        TEST_WORDS,
    ),
    (
        "a definition turned round",
        replaced(
            "site/pages/glossary.md",
            "0 for always saying the mean, negative for worse",
            "0 for always saying the mean, negative for better",
        ),
        TEST_WORDS,
    ),
    (
        "a new number in a definition",
        replaced(
            "site/pages/glossary.md",
            "although a rare class is never found",
            "although 2 of 3 classes are never found",
        ),
        f"{TEST_WORDS}::test_each_number_of_a_definition_or_key_point_is_computed",
    ),
    (
        "a mistyped command on the setup page",
        replaced(
            "site/pages/setup.md", "end `dl-lesson check` tells", "end `dl-lesson chekc` tells"
        ),
        "tests/test_named_commands.py::test_each_command_of_a_page_exists",
    ),
    (
        "a mistyped command in the README",
        replaced("README.md", "`dl-lesson data verify` checks", "`dl-lesson data verfiy` checks"),
        "tests/test_named_commands.py::test_each_command_of_a_page_exists",
    ),
    (
        "a term that the glossary lacks",
        replaced("site/pages/glossary.md", "\none-hot encoding\n", "\nonehot encoding\n"),
        "tests/website/test_pages.py::test_glossary_holds_each_term_of_an_episode",
    ),
]
DEFECTS = [
    defect(kind, what, change, *tests)
    for kind, table in (
        ("helper", HELPERS),
        ("data", DATA),
        ("pipeline", PIPELINE),
        ("episode", EPISODES),
    )
    for what, change, *tests in table
]
