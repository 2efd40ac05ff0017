import datetime

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from dl_lesson import plot_history, plot_images, plot_predictions

HISTORY = {"loss": [3.0, 2.0, 1.5], "val_loss": [3.5, 2.5, 2.4], "accuracy": [0.2, 0.5, 0.6]}


@pytest.fixture(autouse=True)
def headless():
    mpl.use("Agg")
    yield
    plt.close("all")


class History:
    history = HISTORY


@pytest.mark.parametrize("history", [History(), HISTORY, pd.DataFrame(HISTORY)])
def test_history_is_drawn_from_each_form(history):
    ax = plot_history(history, ["loss", "val_loss"])
    assert [line.get_ydata().tolist() for line in ax.lines] == [
        HISTORY["loss"],
        HISTORY["val_loss"],
    ]
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert ax.get_xlabel() == "epoch"
    assert ax.get_ylabel() == "loss"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["loss", "validation loss"]


@pytest.mark.parametrize("n_epochs", [1, 6, 60])
def test_each_value_of_a_long_training_is_drawn_as_it_is(n_epochs):
    jagged = np.random.default_rng(0).normal(size=(2, n_epochs)).tolist()
    ax = plot_history({"loss": jagged[0], "val_loss": jagged[1]}, ["loss", "val_loss"])
    assert [line.get_ydata().tolist() for line in ax.lines] == jagged
    assert [line.get_xdata().tolist() for line in ax.lines] == [list(range(1, n_epochs + 1))] * 2
    assert len(ax.get_legend().get_texts()) == 2
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "linear")


def test_history_lines_differ_in_more_than_colour():
    lines = plot_history(HISTORY, list(HISTORY)).lines
    for look in ("get_color", "get_linestyle", "get_marker"):
        assert len({getattr(line, look)() for line in lines}) == len(lines)
    # Of the palette by Okabe and Ito, which readers with a colour vision deficiency tell apart.
    assert [line.get_color().lower() for line in lines] == ["#0072b2", "#d55e00", "#009e73"]


@pytest.mark.parametrize(("n_epochs", "n_marked"), [(6, 6), (60, 10)])
def test_markers_do_not_hide_the_line_of_a_long_training(n_epochs, n_marked):
    (line,) = plot_history({"loss": [1.0] * n_epochs}, "loss").lines
    assert len(line.get_xdata()[:: line.get_markevery()]) == n_marked


def test_names_of_metrics_are_written_as_words():
    history = {"mean_absolute_error": [2.0, 1.0], "val_mean_absolute_error": [3.0, 2.0]}
    ax = plot_history(history, list(history))
    assert ax.get_ylabel() == "mean absolute error"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        *("mean absolute error", "validation mean absolute error")
    ]


def test_history_of_different_quantities_is_labelled_as_metric():
    assert plot_history(HISTORY, ["loss", "accuracy"]).get_ylabel() == "metric"
    losses = {"seed 0 loss": [2, 1], "seed 1 loss": [3, 1]}
    assert plot_history(losses, list(losses)).get_ylabel() == "loss"


def test_history_takes_one_metric_and_its_unit():
    ax = plot_history(HISTORY, "accuracy", unit="share")
    assert ax.get_ylabel() == "accuracy (share)"


def test_history_counts_epochs_in_whole_numbers():
    ax = plot_history(HISTORY, "loss")
    assert all(tick == int(tick) for tick in ax.get_xticks())


def test_each_call_draws_in_a_figure_of_its_own():
    assert plot_history(HISTORY, "loss") is not plot_history(HISTORY, "loss")


def test_missing_metric_lists_those_there_are():
    with pytest.raises(ValueError, match=r"has no mae, r2; it has loss, val_loss, accuracy\."):
        plot_history(HISTORY, ["loss", "mae", "r2"])


@pytest.mark.parametrize(
    ("n_epochs", "n_values", "epochs"),
    [(6, 3, [2, 4, 6]), (7, 3, [2, 4, 6]), (4, 1, None), (4, 0, None)],
)
def test_what_is_not_measured_in_each_epoch_is_drawn_where_it_was(n_epochs, n_values, epochs):
    history = {"loss": [1.0] * n_epochs, "val_loss": [2.0] * n_values}
    if epochs is None:
        with pytest.raises(ValueError) as caught:
            plot_history(history, ["loss", "val_loss"])
        assert str(caught.value) == (
            f"val_loss has {n_values} values for 4 epochs, and nothing tells to which they belong; "
            "train with validation_freq=1."
        )
        assert not plt.get_fignums()
    else:
        lines = plot_history(history, ["loss", "val_loss"]).lines
        assert [len(lines[0].get_xdata()), lines[1].get_xdata().tolist()] == [n_epochs, epochs]


def test_a_metric_with_a_number_for_each_class_is_refused():
    with pytest.raises(ValueError, match=r"f1 has more than one number in .* has one\.$"):
        plot_history({"loss": [1.0], "f1": [np.ones(3)]}, "f1")


@pytest.mark.parametrize("history", [None, {}, {"loss": []}])
def test_a_history_without_epochs_says_what_to_pass(history):
    with pytest.raises(ValueError, match=r"^There are no epochs to plot; pass what fit returned\."):
        plot_history(history, "loss")


def drawn(ax):
    """Draw, so that text is really set."""
    ax.figure.canvas.draw()
    return ax


def test_dollars_and_braces_are_no_formula():
    text = "$5 {and $6"
    assert drawn(plot_predictions([1.0], [1.0], text)).get_title() == r"\$5 {and \$6"
    drawn(plot_history({text: [1.0, 2.0]}, text, unit=text))
    drawn(plot_predictions([1.0, 2.0], [1.0, 2.0], text, quantity=text))
    drawn(plot_predictions([0, 1], [0, 1], text, class_names=[text, "b"]))
    drawn(plot_images(PICTURES[:1], [0], [text])[0])


Y_TRUE, Y_PREDICTED = [1.0, 2.0, 3.0], [1.5, 2.0, 2.5]


@pytest.mark.parametrize(
    "form",
    [list, np.array, pd.Series, pd.DataFrame, lambda y: np.array(y)[:, np.newaxis]],
    ids=["list", "(n,)", "Series", "DataFrame", "(n, 1)"],
)
def test_regression_takes_each_form(form):
    ax = plot_predictions(form(Y_PREDICTED), pd.Series(Y_TRUE, index=[7, 8, 9]), "Title")
    assert ax.collections[0].get_offsets().tolist() == [[1.5, 1.0], [2.0, 2.0], [2.5, 3.0]]
    assert len(ax.lines) == len(ax.collections) == 1
    assert ax.get_title() == "Title"


def test_regression_draws_the_diagonal_and_names_the_quantity():
    ax = plot_predictions(Y_PREDICTED, Y_TRUE, "Title", quantity="sunshine (h)")
    assert ax.lines[0].get_xydata().tolist() == [[1.0, 1.0], [3.0, 3.0]]
    assert ax.get_xlabel() == "predicted sunshine (h)"
    assert ax.get_ylabel() == "true sunshine (h)"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        *("prediction = truth", "one sample")
    ]


def test_what_is_predicted_need_not_be_named():
    ax = plot_predictions(Y_PREDICTED, Y_TRUE, "Title")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted value", "true value")


def test_points_stand_out_from_the_diagonal_and_from_each_other():
    ax = plot_predictions([1.0, 2.0], [1.0, 300.0], "Title")
    # Only with equal scales is the diagonal one, however far off the predictions are.
    assert ax.get_aspect() == 1
    (line,), (points,) = ax.lines, ax.collections
    assert line.get_linestyle() == "--"
    assert mpl.colors.to_hex(line.get_color()) == "#000000"
    assert mpl.colors.to_hex(points.get_facecolor()[0]) == "#0072b2"
    # Where many lie on one another, it is darker.
    assert points.get_alpha() < 1


def test_a_training_that_has_gone_astray_says_in_how_many_epochs():
    history = {"loss": [2.0, np.inf, np.nan, np.nan], "val_loss": [3.0, 2.0, 1.0, 1.0]}
    ax = plot_history(history, ["loss", "val_loss"])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "loss (no finite number in 3 of 4 epochs)",
        "validation loss",
    ]


def test_a_history_from_a_file_may_have_nothing_in_place_of_a_number():
    ax = plot_history({"loss": [2.0, None, 1.0]}, "loss")
    (text,) = drawn(ax).get_legend().get_texts()
    assert text.get_text() == "loss (no finite number in 1 of 3 epochs)"


def test_unequal_lengths_are_refused():
    with pytest.raises(
        ValueError, match=r"3 predictions but 2 true values; pass the .* samples\.$"
    ):
        plot_predictions(Y_PREDICTED, Y_TRUE[:2], "Title")


def test_nothing_to_plot_and_text_without_names_of_classes_are_refused():
    with pytest.raises(ValueError, match=r"^There are no predictions to plot; pass"):
        plot_predictions([], [], "Title")
    for values in (["Adelie"], pd.Series(["Adelie"]), [datetime.date(2000, 1, 1)]):
        with pytest.raises(ValueError) as caught:
            plot_predictions(values, values, "Title")
        assert str(caught.value) == (
            "plot_predictions got values that are no numbers, and no class_names; pass them for a "
            "classification, or numbers for a regression."
        )


def test_several_targets_are_refused():
    with pytest.raises(ValueError, match=r"\(3, 2\); .* needs one column\. Pass one target"):
        plot_predictions(np.ones((3, 2)), np.ones((3, 2)), "Title")


@pytest.mark.parametrize("position", [0, 1])
def test_what_is_not_a_number_is_counted_and_refused(position):
    arguments = [[1.0, np.nan, np.nan], [1.0, 2.0, 3.0]]
    what = ("predictions", "true values")[position]
    with pytest.raises(ValueError) as caught:
        plot_predictions(*(arguments if position == 0 else arguments[::-1]), "Title")
    assert str(caught.value) == (
        f"2 of 3 {what} are not numbers (NaN); look at the loss and at the inputs for the same."
    )


def test_what_is_infinite_is_counted_and_refused():
    with pytest.raises(ValueError, match="1 of 3 true values are infinite"):
        plot_predictions([1.0, 2.0, 3.0], [1.0, np.inf, 3.0], "Title")


NAMES = ["Adelie", "Chinstrap", "Gentoo"]
SCORES = [[9, 1, 0], [8, 2, 1], [0, 1, 5], [0, 0, 7]]


@pytest.mark.parametrize(
    ("y_predicted", "y_true"),
    [
        ([0, 0, 2, 2], [0, 1, 2, 2]),
        (SCORES, [0, 1, 2, 2]),
        (pd.DataFrame(SCORES, columns=NAMES), pd.get_dummies(pd.Series(list("ACGG")))),
        (["Adelie", "Adelie", "Gentoo", "Gentoo"], ["Adelie", "Chinstrap", "Gentoo", "Gentoo"]),
        (np.array([[0], [0], [2], [2]]), pd.Series([0, 1, 2, 2])),
    ],
)
def test_confusion_matrix_takes_each_form(y_predicted, y_true):
    ax = plot_predictions(y_predicted, y_true, "Title", class_names=NAMES)
    counts = ax.collections[0].get_array().reshape(3, 3)
    assert counts.tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 2]]
    assert [label.get_text() for label in ax.get_xticklabels()] == NAMES
    assert [label.get_text() for label in ax.get_yticklabels()] == NAMES
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")
    # Row by row from the top, the true classes.
    assert ax.yaxis_inverted() and not ax.xaxis_inverted()
    assert [text.get_text() for text in ax.texts] == list("100100002")
    assert ax.get_title() == "Title"


def test_scores_that_are_not_numbers_are_no_class():
    for dtype in (float, object):
        scores = np.full((4, 3), np.nan, dtype)
        with pytest.raises(ValueError, match="4 of 4 predictions are not numbers"):
            plot_predictions(scores, [0, 1, 2, 2], "Title", class_names=NAMES)


def test_integer_names_of_classes_do_not_say_what_a_label_means():
    with pytest.raises(ValueError, match="count the classes from 0 to 1, and 3, 8 is not among"):
        plot_predictions([3, 8], [3, 8], "Title", class_names=[3, 8])


@pytest.mark.parametrize(
    "y_predicted",
    [[0.2, 0.5, 0.9], [[0.2], [0.5], [0.9]], [False, True, True], np.float32([0, 1, 1])],
)
@pytest.mark.parametrize("class_names", [["no", "yes"], [0, 1]])
def test_probabilities_of_two_classes_count_from_a_half(y_predicted, class_names):
    ax = plot_predictions(y_predicted, [0, 1, 0], "Title", class_names=class_names)
    assert ax.collections[0].get_array().reshape(2, 2).tolist() == [[1, 1], [0, 1]]


def test_names_of_two_classes_are_no_probabilities():
    ax = plot_predictions(["b", "a", "b"], ["b", "a", "a"], "Title", class_names=["a", "b"])
    assert ax.collections[0].get_array().reshape(2, 2).tolist() == [[1, 1], [0, 1]]


@pytest.mark.parametrize(
    ("y_predicted", "class_names", "label"),
    [([0.2, 1.5], NAMES[:2], "0.2, 1.5"), ([-0.1, 1.0], NAMES[:2], "-0.1"), ([0.2], NAMES, "0.2")],
)
def test_decimal_numbers_that_are_no_probabilities_have_no_class(y_predicted, class_names, label):
    truth = class_names[: len(y_predicted)]
    with pytest.raises(ValueError, match=rf"^The label {label}.* is not among the classes Adelie"):
        plot_predictions(y_predicted, truth, "Title", class_names=class_names)


def test_counts_are_drawn_in_full_and_a_class_without_samples_has_its_place():
    ax = plot_predictions([0] * 1234 + [2], [0] * 1234 + [2], "Title", class_names=NAMES)
    assert [text.get_text() for text in ax.texts] == ["1234", *"0000000", "1"]
    assert ax.figure.axes[-1].get_ylabel() == "samples"
    # On white paper many are dark.
    drawn(ax)
    many, none = ax.collections[0].get_facecolors()[:2, :3].mean(axis=1)
    assert many < none


@pytest.mark.parametrize(
    ("n_unknown", "shown"), [(2, "10, 11"), (3, "10, 11, 12"), (4, "10, 11, 12, ...")]
)
def test_a_message_does_not_grow_with_the_data(n_unknown, shown):
    labels = range(10, 10 + n_unknown)
    with pytest.raises(ValueError) as caught:
        plot_predictions(labels, labels, "Title", class_names=NAMES)
    assert str(caught.value) == (
        f"The label {shown} is not among the classes Adelie, Chinstrap, Gentoo."
    )


@pytest.mark.parametrize("y_true", [[0, 1, 3], ["Adelie", "Chinstrap", "Emperor"]])
def test_unknown_class_is_refused(y_true):
    with pytest.raises(ValueError, match=r"(3|Emperor) is not among the classes Adelie"):
        plot_predictions([0, 1, 2], y_true, "Title", class_names=NAMES)


def test_scores_for_another_number_of_classes_are_refused():
    with pytest.raises(ValueError, match="2 columns of scores but 3 class names"):
        plot_predictions(np.ones((3, 2)), [0, 1, 2], "Title", class_names=NAMES)


PICTURES = np.arange(7 * 4 * 6 * 3, dtype="uint8").reshape(7, 4, 6, 3)
LABELS = [0, 1, 2, 0, 1, 2, 0]


def titles(axes):
    return [ax.get_title() for ax in axes]


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_picture_gets_no_class_from_what_is_not_finite(wrong):
    scores = np.zeros((7, 3))
    scores[2, 1] = wrong
    with pytest.raises(ValueError, match=r"1 of 7 predictions are (not numbers|infinite)"):
        plot_images(PICTURES, LABELS, NAMES, scores)
    with pytest.raises(ValueError, match=r"1 of 7 labels are (not numbers|infinite)"):
        plot_images(PICTURES, [wrong, *LABELS[1:]], NAMES)


def test_each_picture_is_drawn_under_its_class():
    axes = plot_images(PICTURES, LABELS, NAMES, n_columns=3)
    assert titles(axes) == [NAMES[label] for label in LABELS]
    for ax, picture in zip(axes, PICTURES, strict=True):
        np.testing.assert_array_equal(ax.images[0].get_array(), picture)
        assert ax.images[0].get_interpolation() == "nearest"
        assert not ax.axison
    grid = axes[0].get_gridspec()
    assert (grid.nrows, grid.ncols) == (3, 3)
    assert plot_images(PICTURES, LABELS, NAMES)[0].get_gridspec().ncols == 5
    assert [len(ax.images) for ax in axes[0].figure.axes] == [1] * 7 + [0, 0]
    assert not any(ax.axison for ax in axes[0].figure.axes)


def test_one_picture_may_stand_alone():
    assert titles(plot_images(PICTURES[:1], [2], NAMES, n_columns=1)) == ["Gentoo"]


def test_a_picture_has_the_same_room_however_many_there_are():
    def size(n_pictures, n_columns, *predictions):
        some = PICTURES[:n_pictures], LABELS[:n_pictures], NAMES
        return plot_images(*some, *predictions, n_columns=n_columns)[0].figure.get_size_inches()

    np.testing.assert_allclose(size(6, 3) / size(1, 1), [3, 2])
    # The titles have two lines.
    assert (size(1, 1, [1]) > size(1, 1)).tolist() == [False, True]


PREDICTED = [0, 2, 2, 0, 1, 0, 0]


@pytest.mark.parametrize(
    "predictions", [PREDICTED, np.eye(3)[PREDICTED], np.array(PREDICTED)[:, np.newaxis]]
)
def test_predictions_are_told_by_sign_and_words(predictions):
    axes = plot_images(PICTURES, LABELS, tuple(NAMES), predictions)
    assert titles(axes)[:2] == ["✓ Adelie", "✗ Gentoo\ntrue: Chinstrap"]
    assert [title[0] for title in titles(axes)] == list("✓✗✓✓✓✗✓")


@pytest.mark.parametrize("pictures", [PICTURES / 255, PICTURES.astype("int64"), list(PICTURES)])
def test_pictures_of_each_type_look_the_same(pictures):
    (ax,) = plot_images(pictures[:1], [1], NAMES)
    canvas = ax.figure.canvas
    canvas.draw()
    shown = np.asarray(canvas.buffer_rgba()).copy()
    plot_images(PICTURES[:1], [1], NAMES)[0].figure.canvas.draw()
    np.testing.assert_array_equal(shown, np.asarray(plt.gcf().canvas.buffer_rgba()))


@pytest.mark.parametrize("axis", [[], [1]])
def test_grey_pictures_are_grey_and_keep_their_brightness(axis):
    dark, bright = np.full(
        (2, 4, 6, *axis), [[[10]], [[200]]] if not axis else [[[[10]]], [[[200]]]]
    )
    axes = plot_images(np.array([dark, bright], dtype="uint8"), [0, 1], NAMES)
    for ax, level in zip(axes, (10, 200), strict=True):
        (image,) = ax.images
        color = image.cmap(image.norm(image.get_array().data))[0, 0, :3]
        np.testing.assert_allclose(color, level / 255, atol=0.001)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((PICTURES[0, 0], [0], NAMES), r"shape \(6, 3\); it needs several pictures"),
        (
            (PICTURES[..., :2], LABELS, NAMES),
            r"shape \(7, 4, 6, 2\); it needs several pictures, each with rows, columns and, unless",
        ),
        ((np.full((1, 4, 6, 3), np.nan), [0], NAMES), "values from nan to nan; pass"),
        ((PICTURES, LABELS[:6], NAMES), "7 pictures and 6 labels; pass one or more"),
        ((PICTURES, LABELS, NAMES, [0]), "7 pictures and 7 labels and 1 predictions; pass"),
        ((PICTURES[:0], [], NAMES), "0 pictures and 0 labels; pass one or more pictures"),
        ((PICTURES * 1.0, LABELS, NAMES), r"float64 with values from 0 to \d+; pass integers"),
        ((PICTURES.astype(int) - 1, LABELS, NAMES), "int64 with values from -1"),
        ((np.full((1, 4, 6), 256), [0], NAMES), "with values from 256 to 256; pass"),
        ((np.full((1, 4, 6), 1.01), [0], NAMES), r"with values from 1\.01 to 1\.01; pass"),
        ((PICTURES, [3] * 7, NAMES), "The label 3 is not among the classes Adelie"),
    ],
)
def test_pictures_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        plot_images(*arguments)
    assert not plt.get_fignums()
