"""Properties that the helpers have whatever they are given, tried with many made-up inputs."""

import contextlib
import os
from itertools import pairwise
from unittest import mock

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dl_lesson import (
    CheckpointError,
    checkpoint,
    create_cnn,
    create_nn,
    plot_history,
    plot_images,
    plot_predictions,
    read_results,
    record_results,
    standard_error,
    train_from_seed,
)
from dl_lesson.training import _order_of_fit

FINITE = st.floats(-1e6, 1e6)
# Names with all that matplotlib could take for markup, of letters that its font has.
NAMES = st.text(st.characters(codec="latin-1", exclude_categories=["C"]), min_size=1, max_size=8)
SIZES = st.integers(1, 12)


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def strictly(claim, value, **bounds):
    """Say whether a claim holds where the lesson is tested."""
    with mock.patch.dict(os.environ, DL_LESSON_CHECKPOINTS="strict"):
        try:
            checkpoint(claim, value, **bounds)
        except CheckpointError:
            return False
    return True


@given(st.lists(st.floats(allow_nan=True), min_size=1), FINITE, FINITE)
def test_a_claim_holds_if_each_element_is_within_its_bounds(values, lowest, highest):
    within = all(lowest <= value <= highest for value in values)
    assert strictly("claim", values, at_least=lowest, at_most=highest) == within
    assert strictly("claim", np.array(values), at_least=lowest, at_most=highest) == within


@given(st.recursive(st.booleans() | st.integers() | st.text(), st.lists), st.data())
def test_a_value_equals_itself_and_nothing_else(value, data):
    other = data.draw(st.integers() | st.text() | st.lists(st.integers()))
    # Nothing at all is never what a claim is about.
    assume(np.array(value, object).size)
    assert strictly("claim", value, equals=value)
    assert strictly("claim", value, equals=other) == (value == other)


@given(
    NAMES,
    st.one_of(
        st.floats(), st.text(max_size=300), st.lists(FINITE), arrays.arrays(float, (3, 4, 5))
    ),
)
def test_a_claim_that_does_not_hold_is_one_short_line(claim, value):
    with mock.patch("builtins.print") as printed:
        checkpoint(claim, value, equals="another")
    (line,), _ = printed.call_args
    assert line.startswith("✗ " + claim)
    assert len(line) < 250


@given(arrays.arrays(float, st.integers(1, 40), elements=FINITE), FINITE)
def test_standard_error_is_that_of_the_mean_wherever_the_values_lie(values, shift):
    error = standard_error(values)
    assert error == pytest.approx(np.std(values) / len(values) ** 0.5, abs=1e-9)
    assert standard_error(np.flip(values)) == pytest.approx(error, rel=1e-6, abs=1e-9)
    assert standard_error(values + shift) == pytest.approx(error, rel=1e-6, abs=1e-6)
    assert standard_error(np.full_like(values, shift)) == pytest.approx(0, abs=1e-6)


@given(arrays.arrays(bool, st.integers(1, 60)))
def test_standard_error_of_a_share(right):
    share = right.mean()
    expected = (share * (1 - share) / right.size) ** 0.5
    assert standard_error(right) == pytest.approx(expected, abs=1e-12)


@given(st.one_of(st.just([]), st.just([[1.0, 2.0]]), st.just([1.0, np.nan]), st.just([np.inf])))
def test_standard_error_refuses_what_has_none(values):
    with pytest.raises(ValueError, match="standard_error needs one finite number"):
        standard_error(values)


@settings(max_examples=25)
@given(st.dictionaries(NAMES, st.just(None), min_size=1, max_size=4), st.integers(1, 30), st.data())
def test_a_history_is_drawn_number_by_number(names, n_epochs, data):
    numbers = st.lists(FINITE, min_size=n_epochs, max_size=n_epochs)
    history = {name: data.draw(numbers) for name in names}
    ax = plot_history(history, list(names))
    assert [list(line.get_ydata()) for line in ax.get_lines()] == list(history.values())
    for line in ax.get_lines():
        assert list(line.get_xdata()) == list(range(1, n_epochs + 1))
    ax.figure.canvas.draw()
    plt.close(ax.figure)


@settings(max_examples=25)
@given(
    st.integers(1, 30).flatmap(
        lambda n: arrays.arrays(np.float32, (2, n), elements=st.floats(-9, 9, width=32))
    ),
    NAMES,
)
def test_each_prediction_is_drawn_over_its_truth(pair, title):
    predicted, true = pair
    ax = plot_predictions(predicted.reshape(-1, 1), true, title)
    np.testing.assert_array_equal(ax.collections[0].get_offsets(), pair.T)
    ax.figure.canvas.draw()
    plt.close(ax.figure)


@settings(max_examples=10)
@given(st.lists(NAMES, min_size=2, max_size=5, unique=True), st.data())
def test_a_confusion_matrix_counts_each_sample_once(class_names, data):
    labels = st.integers(0, len(class_names) - 1)
    pairs = data.draw(st.lists(st.tuples(labels, labels), min_size=1, max_size=30))
    predicted, true = map(list, zip(*pairs, strict=True))
    drawn = {}
    for form, (guesses, truth) in {
        "labels": (predicted, true),
        "names": ([class_names[n] for n in predicted], [class_names[n] for n in true]),
        "scores": (np.eye(len(class_names))[predicted], true),
    }.items():
        ax = plot_predictions(guesses, truth, "title", class_names)
        ax.figure.canvas.draw()
        drawn[form] = np.asarray(ax.collections[0].get_array()).reshape([len(class_names)] * 2)
        plt.close(ax.figure)
    expected = np.zeros([len(class_names)] * 2, int)
    np.add.at(expected, (true, predicted), 1)
    for counts in drawn.values():
        np.testing.assert_array_equal(counts, expected)


@settings(max_examples=15)
@given(
    st.integers(1, 7).flatmap(
        lambda n: st.tuples(
            arrays.arrays(np.uint8, st.sampled_from([(n, 4, 5), (n, 4, 5, 1), (n, 4, 5, 3)])),
            st.lists(st.integers(0, 2), min_size=n, max_size=n),
        )
    ),
    st.integers(1, 6),
)
def test_each_picture_is_drawn_as_it_is(pictures_and_labels, n_columns):
    pictures, labels = pictures_and_labels
    names = ["cat", "$5 {dog", "_"]
    axes = plot_images(pictures, labels, names, n_columns=n_columns)
    assert [ax.get_title() for ax in axes] == [names[n].replace("$", r"\$") for n in labels]
    for ax, picture in zip(axes, pictures, strict=True):
        (image,) = ax.images
        np.testing.assert_array_equal(np.squeeze(image.get_array()), np.squeeze(picture))
        assert image.get_clim() == (0, 255)
    plt.close(axes[0].figure)


@settings(max_examples=15)
@given(st.lists(SIZES, max_size=3), SIZES, st.one_of(SIZES, st.tuples(SIZES, SIZES)))
def test_a_network_has_the_sizes_that_were_asked_for(hidden, n_outputs, n_inputs):
    network = create_nn(n_inputs, hidden, n_outputs)
    sizes = [int(np.prod(n_inputs)), *hidden, n_outputs]
    assert network.count_params() == sum((before + 1) * after for before, after in pairwise(sizes))
    assert network.output_shape == (None, n_outputs)
    keras.backend.clear_session()


@settings(max_examples=15)
@given(
    st.tuples(st.integers(3, 20), st.integers(3, 20), st.integers(1, 3)),
    st.lists(st.integers(1, 4), max_size=3),
    st.integers(1, 3),
    st.booleans(),
)
def test_a_cnn_has_the_rows_and_columns_that_are_left(input_shape, filters, kernel_size, pooling):
    rows, columns, _ = input_shape
    for _ in filters:
        rows, columns = (n - kernel_size + 1 for n in (rows, columns))
        if pooling:
            rows, columns = rows // 2, columns // 2
        if min(rows, columns) < 1:
            with pytest.raises(ValueError, match="pixels are left for convolution"):
                create_cnn(input_shape, 2, filters, kernel_size=kernel_size, pooling=pooling)
            return
    network = create_cnn(input_shape, 2, filters, kernel_size=kernel_size, pooling=pooling)
    channels = filters[-1] if filters else input_shape[2]
    assert network.get_layer("flatten").output.shape == (None, rows * columns * channels)
    keras.backend.clear_session()


@given(
    st.one_of(st.integers(max_value=0), st.floats(0, 5).filter(lambda n: n % 1), NAMES, st.none())
)
def test_sizes_that_are_none_are_named_in_one_sentence(size):
    for call in (lambda: create_nn(size), lambda: create_cnn((8, 8, 3), size)):
        with pytest.raises(ValueError, match="whole numbers above zero") as error:
            call()
        assert repr(size) in str(error.value)


VALUES = st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-290)


@given(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=5))
def test_results_are_read_as_they_were_recorded(tmp_path, rows):
    keys = ("test_set", "description", "metric")
    names = ["model " + name.strip() for name, _ in rows]
    results = [
        dict.fromkeys(keys, "words") | {"model": name, "n_test": 9, "value": value}
        for name, (_, value) in zip(names, rows, strict=True)
    ]
    with contextlib.chdir(tmp_path):
        record_results("episode", "of my own", results)
        read = read_results()
    assert read["model"].tolist() == names
    # Four decimals, or four digits of a small number.
    for found, (_, value) in zip(read["value"], rows, strict=True):
        assert found == pytest.approx(value, rel=1e-3, abs=5.1e-5 if abs(value) >= 0.001 else 0)


@settings(max_examples=20)
@given(st.integers(0, 2**31 - 1), st.integers(1, 200))
def test_each_sample_is_handed_out_once_and_by_the_seed_alone(seed, n_samples):
    orders = []
    for _ in range(2):
        keras.utils.set_random_seed(seed)
        orders.append(_order_of_fit(n_samples))
    np.testing.assert_array_equal(*orders)
    np.testing.assert_array_equal(np.sort(orders[0]), np.arange(n_samples))


@settings(max_examples=3)
@given(st.integers(0, 1000), st.integers(1, 40), st.integers(1, 50))
def test_a_training_depends_on_nothing_but_its_seed(seed, n_samples, batch_size):
    x = np.random.default_rng(1).normal(size=(n_samples, 3))

    def train():
        return train_from_seed(
            seed, lambda: create_nn(3, (4,)), "regression", x, x[:, 0], batch_size=batch_size
        )

    with mock.patch.dict(os.environ, DL_LESSON_PROGRESS="off"):
        first, second = (train()[0].get_weights() for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
