import gc
import sys
import types
import warnings

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from dl_lesson import compile_model, create_cnn, create_nn, train_from_seed, training_progress


def test_regression_reports_the_root_of_its_loss():
    model = create_nn(2, hidden=(3,))
    compile_model(model, "regression")
    x, y = np.ones((8, 2)), np.arange(8.0)
    scores = model.evaluate(x, y, verbose=0, return_dict=True)
    error = model.predict(x, verbose=0)[:, 0] - y
    assert scores["loss"] == pytest.approx(np.mean(error**2), rel=1e-5)
    assert scores["root_mean_squared_error"] == pytest.approx(scores["loss"] ** 0.5, rel=1e-5)


def test_classification_reads_outputs_as_logits():
    model = create_nn(2, hidden=(), n_outputs=3)
    model.set_weights([np.zeros((2, 3)), np.array([0.0, 2.0, 1.0])])
    compile_model(model, "classification")
    scores = model.evaluate(np.ones((4, 2)), np.array([1, 1, 1, 0]), verbose=0, return_dict=True)
    probabilities = np.exp([0, 2, 1]) / np.exp([0, 2, 1]).sum()
    expected = -(3 * np.log(probabilities[1]) + np.log(probabilities[0])) / 4
    assert scores["loss"] == pytest.approx(expected, rel=1e-5)
    assert scores["accuracy"] == 0.75


def test_a_yes_or_no_question_reads_the_output_as_a_probability():
    model = create_nn(1, hidden=(), output_activation="sigmoid")
    model.set_weights([np.array([[1.0]]), np.array([0.0])])
    compile_model(model, "yes or no")
    x, y = np.array([[2.0], [-1.0], [0.5]]), np.array([1, 1, 0])
    scores = model.evaluate(x, y, verbose=0, return_dict=True)
    probability = 1 / (1 + np.exp(-x[:, 0]))
    expected = -np.mean(y * np.log(probability) + (1 - y) * np.log(1 - probability))
    assert scores["loss"] == pytest.approx(expected, rel=1e-5)
    assert scores["accuracy"] == pytest.approx(1 / 3)


def test_all_tasks_use_adam():
    for task in ("regression", "classification", "yes or no"):
        model = create_nn(2)
        compile_model(model, task)
        assert isinstance(model.optimizer, keras.optimizers.Adam)


def test_a_step_is_not_compiled_just_in_time():
    # On a CPU a step of a small network would take twice as long.
    model = create_nn(2)
    compile_model(model, "regression")
    assert model.jit_compile is False


def test_unknown_task_is_refused_before_the_model_changes():
    model = create_nn(2)
    with pytest.raises(ValueError) as caught:
        compile_model(model, "clustering")
    assert str(caught.value) == (
        "compile_model does not know the task 'clustering'; "
        'choose "regression", "classification" or "yes or no".'
    )
    assert not model.compiled


def test_a_trained_model_that_is_no_longer_in_use_leaves_no_graph_behind():
    def train():
        model = create_nn(1, hidden=(2,))
        compile_model(model, "regression")
        model.fit(np.ones((4, 1)), np.ones((4, 1)), verbose=0)
        return model

    def graphs():
        # Not isinstance, which asks a weak reference for what is gone.
        return sum(issubclass(type(kept), tf.__internal__.FuncGraph) for kept in gc.get_objects())

    compile_model(create_nn(1), "regression")
    before = graphs()
    model = train()
    assert graphs() > before
    del model
    compile_model(create_nn(1), "regression")
    assert graphs() == before


def test_gradients_of_other_functions_are_left_alone(tmp_path):
    x = tf.ones((4, 2))
    inputs = keras.Input((2,))
    hidden = keras.layers.Dense(3, activation="silu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    model.export(tmp_path, verbose=False)
    # What is loaded owns the variables that its functions use.
    loaded = tf.saved_model.load(tmp_path)
    functions = (tf.function(model), loaded.serve)
    for function in functions:
        function(x)
    compile_model(create_nn(2), "regression")
    for function in functions:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        assert np.abs(tape.gradient(y, x)).min() > 0


def listed(grad_fn):
    """Return an entry of TensorFlow's list of gradients, in the form that it has."""

    def tape_grad_fn():
        return grad_fn

    def differentiate():
        return tape_grad_fn

    return {"type": differentiate}


def end_of_a_step():
    pass


end_of_a_step.__qualname__ = "ReplicaContextBase.all_reduce.<locals>.grad_wrapper"
TOO_EARLY = types.FunctionType(listed(None)["type"].__code__, {}, closure=(types.CellType(),))
OF_ANOTHER_FORM = {
    f"CustomGradient-{number}": entry
    for number, entry in enumerate(
        [{}, None, {"type": None}, listed(None), {"type": TOO_EARLY}, listed(end_of_a_step)]
    )
}


@pytest.mark.parametrize("registry", [None, dict(OF_ANOTHER_FORM)], ids=["none", "another form"])
def test_another_tensorflow_that_keeps_its_list_elsewhere_is_no_obstacle(monkeypatch, registry):
    from tensorflow.python.framework import ops

    changed = registry and types.SimpleNamespace(_registry=registry)
    monkeypatch.setattr(ops, "gradient_registry", changed)
    model = create_nn(1)
    compile_model(model, "regression")
    assert model.compiled
    # What is not understood stays, and keeps nothing else from being freed.
    assert not registry or list(registry) == list(OF_ANOTHER_FORM)[:-1]


def test_another_tensorflow_without_its_list_is_no_obstacle(monkeypatch):
    from tensorflow.python import framework

    monkeypatch.delattr(framework, "ops")
    monkeypatch.setitem(sys.modules, "tensorflow.python.framework.ops", None)
    model = create_nn(1)
    compile_model(model, "regression")
    assert model.compiled


@pytest.mark.parametrize(("setting", "shown"), [("off", False), (None, True)])
def test_progress_is_one_live_line_unless_switched_off(capfd, monkeypatch, setting, shown):
    if setting is None:
        monkeypatch.delenv("DL_LESSON_PROGRESS", raising=False)
    else:
        monkeypatch.setenv("DL_LESSON_PROGRESS", setting)
    model = create_nn(1, hidden=(2,))
    compile_model(model, "regression")
    x = np.ones((4, 1))
    model.fit(x, x, epochs=3, verbose=0, callbacks=[training_progress()])
    printed = "".join(capfd.readouterr())
    assert ("3/3" in printed) is shown
    assert printed.count("\n") <= 1


def test_a_training_from_a_seed_shows_one_live_line_and_nothing_else(capfd, monkeypatch):
    monkeypatch.delenv("DL_LESSON_PROGRESS", raising=False)
    samples = np.ones((4, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        train_from_seed(1, lambda: create_nn(1), "regression", samples, samples, epochs=3)
    printed = "".join(capfd.readouterr())
    assert "3/3" in printed
    assert printed.count("\n") <= 1


def test_progress_of_a_training_that_stops_early_ends_as_a_success():
    model = create_nn(1, hidden=())
    compile_model(model, "regression")
    progress = training_progress()
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: setattr(model, "stop_training", epoch == 1)
    )
    model.fit(np.ones((4, 1)), np.ones(4), epochs=50, verbose=0, callbacks=[progress, stop])
    assert (progress.epoch_bar.n, progress.epoch_bar.total) == (2, 2)


def test_training_from_the_same_seed_gives_the_same_model_and_another_seed_another():
    x, y = np.linspace(0, 1, 16)[:, np.newaxis], np.linspace(1, 3, 16)

    def weights(seed):
        model, history = train_from_seed(
            seed, lambda: create_nn(1, hidden=(3,)), "regression", x, y, epochs=2
        )
        assert len(history.history["loss"]) == 2
        return np.concatenate([weight.ravel() for weight in model.get_weights()])

    assert np.array_equal(weights(3), weights(3))
    assert not np.array_equal(weights(3), weights(4))
    assert np.array_equal(weights(3), weights(np.int64(3)))
    with pytest.raises(ValueError, match=r"integer.*seed=3\.5"):
        weights(3.5)


def test_after_a_seed_each_epoch_hands_out_the_samples_in_the_same_order():
    # The docstring says so. Should another Keras shuffle anew, the docstring must change.
    seen = []

    class Spy(keras.layers.Layer):
        def call(self, inputs):
            tf.py_function(lambda batch: seen.append(batch.numpy().ravel().tolist()), [inputs], [])
            return inputs

    def create():
        inputs = keras.Input((1,))
        return keras.Model(inputs, keras.layers.Dense(1)(Spy()(inputs)))

    samples = np.arange(8.0)[:, None]
    keras.utils.set_random_seed(1)
    by_hand = create()
    compile_model(by_hand, "regression")
    by_hand.fit(samples, samples, epochs=3, batch_size=8, verbose=0)
    train_from_seed(1, create, "regression", samples, samples, epochs=3, batch_size=8)
    orders = [order for order in seen if len(order) == 8]
    assert len(orders) == 6
    assert sorted(orders[0]) == list(range(8)) != orders[0]
    assert all(order == orders[0] for order in orders)


def measurements(n_samples):
    table = pd.DataFrame(np.random.default_rng(0).normal(200, 50, (n_samples, 4)))
    return table, pd.get_dummies(pd.Series(np.arange(n_samples) % 3))


def pictures(n_samples):
    drawn = np.random.default_rng(0).integers(0, 256, (n_samples, 8, 8, 3), dtype=np.uint8)
    return drawn, np.arange(n_samples) % 3


def species_network():
    # The moving averages of the normalisation change in each step.
    network = create_nn(4, hidden=(10,), n_outputs=3, output_activation="softmax")
    network = keras.Sequential([keras.Input((4,)), keras.layers.BatchNormalization(), network])
    network.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return network


def picture_network():
    # Dropout draws random numbers in each step.
    return create_cnn((8, 8, 3), 3, filters=(4,), hidden=(8,), dropout_rate=0.3)


@pytest.mark.parametrize("data", [measurements, pictures])
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"batch_size": 10, "validation": 17},
        {"validation": 117},
        {"class_weight": {0: 1.0, 1: 5.0, 2: 0.1}, "validation": 17},
        {"batch_size": 500},
        {"stop": True, "validation": 17},
        {"sample_weight": np.linspace(0, 2, 50)},
        {"validation_split": 0.2},
    ],
    ids=lambda arguments: ", ".join(arguments) or "as it is",
)
def test_training_from_a_seed_is_fit_to_the_last_bit(data, arguments):
    x, y = data(50)
    create, task = (
        (species_network, None) if data is measurements else (picture_network, "classification")
    )
    arguments = {"epochs": 4, **arguments}
    if n_validation := arguments.pop("validation", None):
        arguments["validation_data"] = data(n_validation)

    def stopping():
        stop = keras.callbacks.EarlyStopping(patience=0, restore_best_weights=True)
        return {"callbacks": [stop]} if stops else {}

    stops = arguments.pop("stop", False)
    keras.utils.set_random_seed(5)
    by_hand = create()
    if task:
        compile_model(by_hand, task)
    expected = by_hand.fit(x, y, verbose=0, **arguments, **stopping())
    model, history = train_from_seed(5, create, task, x, y, **arguments, **stopping())
    assert history.history == expected.history
    for weights, wanted in zip(model.get_weights(), by_hand.get_weights(), strict=True):
        np.testing.assert_array_equal(weights, wanted)


@pytest.mark.parametrize("dtypes", [("float64", "int64"), ("uint8", "float64")], ids=" ".join)
def test_the_network_gets_numbers_of_the_types_that_fit_hands_it(dtypes):
    x, y = (np.ones((4, 1), dtype) for dtype in dtypes)
    seen = []

    class Noting(keras.Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            seen.append((x.dtype, y.dtype))
            return super().compute_loss(x, y, y_pred, sample_weight, training)

    def create():
        inputs = keras.Input((1,))
        return Noting(inputs, keras.layers.Dense(1)(inputs))

    by_hand = create()
    compile_model(by_hand, "regression")
    by_hand.fit(x, y, validation_data=(x, y), verbose=0)
    expected = set(seen)
    seen.clear()
    train_from_seed(1, create, "regression", x, y, validation_data=(x, y))
    assert set(seen) == expected and len(expected) == 1


SAMPLES = np.zeros((80, 1))


@pytest.mark.parametrize(
    ("arguments", "n_steps"),
    [
        ({}, 3),
        ({"validation_data": (SAMPLES, SAMPLES)}, 3),
        (
            {
                "batch_size": 40,
                "class_weight": {0: 2.0},
                "epochs": 2,
                "initial_epoch": 1,
                "validation_data": (SAMPLES, SAMPLES[:, 0]),
            },
            2,
        ),
        # What fit understands best.
        ({"batch_size": None}, 1),
        ({"validation_data": (SAMPLES, SAMPLES, np.ones(80))}, 1),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else None,
)
def test_steps_at_which_nobody_looks_are_one_call_to_tensorflow(arguments, n_steps):
    assert steps_in_one_call("regression", **arguments) == n_steps


def test_an_eager_model_returns_to_python_after_each_step():
    assert steps_in_one_call(None) == 1


def steps_in_one_call(task, **arguments):
    """Return how many steps TensorFlow runs at once; without a task, of an eager model."""
    seen = []

    class Look(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            seen.append(self.model.steps_per_execution)

    def create():
        model = create_nn(1, hidden=())
        if task is None:
            model.compile(loss="mean_squared_error", run_eagerly=True)
        return model

    y = SAMPLES[:, 0] if "class_weight" in arguments else SAMPLES
    train_from_seed(1, create, task, SAMPLES, y, callbacks=[Look()], **arguments)
    (number,) = seen
    return number


def test_a_model_trained_from_a_seed_goes_on_like_any_other():
    samples = np.linspace(0, 1, 80)[:, None]
    seen = []

    class Count(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(batch)

    model, _ = train_from_seed(
        1, lambda: create_nn(1), "regression", samples, samples, validation_data=(samples, samples)
    )
    error = model.predict(samples, verbose=0) - samples
    assert model.evaluate(samples, samples, verbose=0)[0] == pytest.approx(np.mean(error**2))
    model.fit(samples, samples, verbose=0, callbacks=[Count()])
    assert seen == [0, 1, 2]


@pytest.mark.parametrize("hook", ["on_train_batch_begin", "on_batch_end", "on_test_batch_end"])
def test_a_callback_of_the_caller_is_called_in_each_step(hook):
    samples = np.zeros((80, 1))
    seen = []
    callback = keras.callbacks.Callback()
    setattr(callback, hook, lambda batch, logs=None: seen.append(batch))
    train_from_seed(
        *(1, lambda: create_nn(1), "regression", samples, samples),
        validation_data=(samples, samples),
        callbacks=[callback],
    )
    assert seen == [0, 1, 2]


def test_steps_in_one_call_that_the_caller_has_chosen_are_kept():
    samples = np.zeros((80, 1))

    def create():
        model = create_nn(1)
        model.compile(loss="mean_squared_error", steps_per_execution=2)
        return model

    model, _ = train_from_seed(1, create, None, samples, samples)
    assert model.steps_per_execution == 2


@pytest.mark.parametrize(("n_inputs", "n_targets"), [(8, 9), (9, 8)])
def test_inputs_and_targets_of_unequal_number_are_refused_as_by_fit(n_inputs, n_targets):
    data = np.zeros((n_inputs, 1)), np.zeros(n_targets)
    with pytest.raises(ValueError, match="cardinality"):
        train_from_seed(1, lambda: create_nn(1), "regression", *data)
    good = np.zeros((8, 1)), np.zeros(8)
    with pytest.raises(ValueError, match="cardinality"):
        train_from_seed(1, lambda: create_nn(1), "regression", *good, validation_data=data)


def test_without_samples_it_does_what_fit_does():
    none, some = (np.zeros((0, 1)), np.zeros(0)), (np.zeros((8, 1)), np.zeros(8))
    for data, validation_data in ((none, None), (some, none)):
        keras.utils.set_random_seed(1)
        by_hand = create_nn(1)
        compile_model(by_hand, "regression")
        expected = by_hand.fit(*data, validation_data=validation_data, verbose=0)
        _, history = train_from_seed(
            *(1, lambda: create_nn(1), "regression", *data), validation_data=validation_data
        )
        np.testing.assert_equal(history.history, expected.history)


def test_callbacks_of_the_caller_are_kept_in_a_training_from_a_seed():
    seen = []
    callback = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch))
    train_from_seed(
        1,
        lambda: create_nn(1, hidden=()),
        "regression",
        np.ones((4, 1)),
        np.ones(4),
        epochs=3,
        callbacks=[callback],
    )
    assert seen == [0, 1, 2]


def test_predicting_with_many_models_prints_no_advice_on_tracing(caplog, capfd):
    for _ in range(8):
        model = create_nn(1, hidden=(2,))
        model.predict(np.ones((3, 1)), verbose=0)
    assert "retracing" not in caplog.text + "".join(capfd.readouterr())
