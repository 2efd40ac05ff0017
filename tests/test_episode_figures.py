"""The drawings of the episodes that show numbers show those that a library computes.

That a drawing is the committed picture, `dl-lesson build --check` says. Here each number and each
curve in it is held against the network, the layer or the formula that it is about.
"""

import importlib
import re
import sys
from pathlib import Path

import keras
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Circle
from matplotlib.text import Text
from scipy.signal import correlate2d

from dl_lesson import create_cnn, create_nn

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "episodes" / "figures", ROOT / "episodes" / "further" / "figures")
DAYS, PENGUINS, BATCH = (767, 164, 165), 4, 32


@pytest.fixture
def drawing(monkeypatch):
    """Import the module of a drawing, as the build does; return it with its figure."""
    mpl.use("Agg")
    for folder in FOLDERS:
        monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)

    def load(name):
        module = importlib.import_module(name)
        return module, module.draw()

    yield load
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(ROOT / "episodes")):
            del sys.modules[name]
    plt.close("all")


def texts(figure) -> list[str]:
    """Return all texts of a figure, in the order in which they were drawn."""
    found = [text for ax in figure.axes for text in ax.findobj(Text)] + figure.texts
    return [text.get_text() for text in found if text.get_text()]


def numbers(figure) -> list[int]:
    """Return the texts of a figure that are whole numbers."""
    plain = (text.replace("−", "-").replace(",", "") for text in texts(figure))
    return [int(text) for text in plain if re.fullmatch(r"-?\d+", text)]


def curves(ax) -> list[np.ndarray]:
    return [line.get_xydata() for line in ax.lines]


def test_shapes_and_parameters_of_the_convolutional_network(drawing):
    module, figure = drawing("cnn_shapes")
    layers = create_cnn((64, 64, 3), 10).layers
    maps = [layer.output.shape[1:] for layer in layers if len(layer.output.shape) == 4]
    assert [(rows, rows, int(n)) for rows, n, *_ in module.STAGES] == maps
    vectors = [layer.output.shape[1] for layer in layers if len(layer.output.shape) == 2]
    assert [int(size.replace(",", "")) for size, *_ in module.VECTORS] == vectors
    shown = [row[-1] for row in (*module.STAGES[1:], *module.VECTORS)]
    assert shown == [f"{layer.count_params():,}" for layer in layers[1:]]
    assert set(shown) | {"9,800", "64 × 64\n× 3", "14 × 14\n× 50"} <= set(texts(figure))


def test_maps_of_lenet(drawing):
    module, figure = drawing("lenet5")
    layers = keras.layers
    x = inputs = keras.Input((32, 32, 1))
    found = []
    for _, n_maps, _, name in module.STAGES[1:]:
        x = layers.AveragePooling2D(2)(x) if name == "pooling" else layers.Conv2D(n_maps, 5)(x)
        found.append(x.shape[1::2])
    assert inputs.shape[1::2] == module.STAGES[0][:2]
    assert found == [stage[:2] for stage in module.STAGES[1:]]
    assert {f"{rows} × {rows}\n× {n}" for rows, n in found} <= set(texts(figure))
    assert numbers(figure) == [120, 84, 10]


def test_convolution_shows_the_sums_of_its_products(drawing):
    module, figure = drawing("convolution")
    picture, kernel = module.PICTURE, module.KERNEL
    output = correlate2d(picture, kernel, mode="valid")
    assert numbers(figure) == [*picture.ravel(), *kernel.ravel(), *output.ravel()]
    calculation = next(text for text in texts(figure) if "·" in text)
    factors = re.findall(r"([+−]?) ?(\d+)·(\d+)", calculation)
    total = sum(int(a) * int(b) * (-1 if sign == "−" else 1) for sign, a, b in factors)
    assert len(factors) == 9
    assert f"= {total}:" in next(text for text in texts(figure) if text.startswith("="))
    assert total == output[1, 2]


def test_pooling_keeps_the_largest_of_each_square(drawing):
    module, figure = drawing("max_pooling")
    pooled = keras.layers.MaxPooling2D()(module.VALUES[np.newaxis, :, :, np.newaxis] * 1.0)
    assert numbers(figure) == [*module.VALUES.ravel(), *np.asarray(pooled).ravel()]


@pytest.mark.parametrize(
    ("side", "arguments"), [(6, {}), (6, {"padding": "same"}), (7, {"strides": 2})]
)
def test_border_of_a_picture_is_that_of_keras(drawing, side, arguments):
    _, figure = drawing("padding_stride")
    left = keras.layers.Conv2D(1, 3, **arguments)(np.zeros((1, side, side, 1))).shape[1]
    assert f"{side} × {side}\n→ {left} × {left}" in texts(figure)


def test_cross_entropy_is_the_logarithm(drawing):
    _, figure = drawing("cross_entropy")
    curve, *points = curves(figure.axes[1])
    np.testing.assert_allclose(curve[:, 1], -np.log(curve[:, 0]), atol=1e-12)
    assert [round(float(x), 2) for ((x, _),) in points] == [0.05, 0.33, 0.9]
    for ((x, loss),) in points:
        one_hot = np.array([x, 1 - x])
        assert loss == pytest.approx(float(keras.losses.categorical_crossentropy([1, 0], one_hot)))
        assert any(f"probability {x:.2f}, loss {loss:.2f}" in text for text in texts(figure))
    assert figure.axes[1].get_ylabel() == "loss of this penguin"


def test_an_epoch_has_so_many_batches(drawing):
    _, figure = drawing("batches_epochs")
    n_batches, rest = -(-DAYS[0] // BATCH), DAYS[0] % BATCH
    words = "\n".join(texts(figure))
    assert f"{DAYS[0]} training rows" in words
    assert f"batch {n_batches}\n{rest} rows" in words and words.count(f"\n{BATCH} rows") == 3
    assert f"the weights change {n_batches} times" in words


def test_the_three_sets_are_all_days(drawing):
    module, figure = drawing("data_split")
    assert f"{sum(DAYS):,} days, shuffled" in texts(figure)
    for n_rows, (name, *_) in zip(DAYS, module.SETS, strict=True):
        assert f"{n_rows} rows ({n_rows / sum(DAYS):.0%})".replace("%", " %") in name
        assert name in texts(figure)


def test_gradient_descent_goes_downhill(drawing):
    module, figure = drawing("gradient_descent")
    (ax,) = figure.axes[1:]
    curve, tangent, points, *_ = curves(ax)
    for drawn in (curve, points):
        np.testing.assert_allclose(drawn[:, 1], module.loss(drawn[:, 0]))
    slope = np.diff(tangent[:, 1]) / np.diff(tangent[:, 0])
    near = module.loss(np.array([-1e-6, 1e-6]))
    assert slope[0] == pytest.approx(np.diff(near)[0] / 2e-6, rel=1e-4)
    assert len(points) == 7 and (np.diff(points[:, 1]) < 0).all()
    lowest = curve[curve[:, 1].argmin(), 0]
    assert lowest == pytest.approx(1.5, abs=0.02)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("weight", "loss")


def test_learning_rates_do_what_their_titles_say(drawing):
    _, figure = drawing("learning_rates")
    ends = {}
    for ax in figure.axes[1:]:
        curve, descent = curves(ax)[:2]
        for drawn in (curve, descent):
            np.testing.assert_allclose(drawn[:, 1], drawn[:, 0] ** 2)
        ends[ax.get_title()] = descent
        assert ax.get_xlabel() == "weight"
    small, right, large = (ends[title][:, 1] for title in ("too small", "right", "too large"))
    assert len(small) == len(right) == 9 and small[0] == right[0] == large[0]
    assert small[-1] > small[0] / 3 and right[-1] < right[0] / 1000
    assert (np.diff(large) > 0).all() and (np.diff(np.sign(ends["too large"][:, 0])) != 0).all()


def test_early_stopping_brings_back_the_lowest_loss(drawing):
    _, figure = drawing("early_stopping")
    training, validation, best, stop = curves(figure.axes[1])[:4]
    assert best[0].tolist() == validation[validation[:, 1].argmin()].tolist()
    assert stop[0, 0] == best[0, 0] + 10
    assert (np.diff(training[:, 1]) < 0).all()
    assert len(training) == len(validation) == 60
    assert validation[-1, 1] - training[-1, 1] > 2


def labels(figure, pattern) -> list[float]:
    found = (re.fullmatch(pattern, text) for text in texts(figure))
    return [float(match[1].replace("−", "-")) for match in found if match]


PAIRS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


@pytest.mark.parametrize(
    ("name", "activation"),
    [
        ("hand_network", lambda z: np.maximum(z, 0)),
        ("11-xor-network", lambda z: np.heaviside(z, 1)),
    ],
)
def test_networks_that_are_drawn_compute_xor(drawing, name, activation):
    _, figure = drawing(name)
    weights, biases = labels(figure, r"(−?\d)")[:6], labels(figure, r"bias (−?[\d.]+)")
    # Arrows: from the first input to both hidden neurons, from the second, and to the output.
    hidden = activation(PAIRS @ np.reshape(weights[:4], (2, 2)) + biases[:2])
    assert activation(hidden @ weights[4:] + biases[2]).tolist() == [0, 1, 1, 0]


def test_points_of_xor_lie_where_the_hidden_layer_puts_them(drawing):
    _, figure = drawing("11-xor-network")
    before, after = figure.axes[1:]
    square = {"s": 1, "o": 0}
    answers = {
        tuple(line.get_xydata()[0].astype(int)): square[line.get_marker()]
        for line in before.lines
        if line.get_marker() in square
    }
    assert answers == {tuple(pair): int(pair.sum() == 1) for pair in PAIRS}
    seen = {
        tuple(line.get_xydata()[0].astype(int)): square[line.get_marker()]
        for line in after.lines
        if line.get_marker() in square
    }
    assert seen == {(int(a or b), int(a and b)): int(a != b) for a, b in PAIRS.tolist()}
    assert (after.get_xlabel(), after.get_ylabel()) == ("OR", "AND")


def test_the_penguin_network_has_its_parameters(drawing):
    _, figure = drawing("penguin_network")
    n_weights = PENGUINS * 10 + 10 * 3
    assert len(curves(figure.axes[0])) == n_weights
    words = "\n".join(texts(figure))
    sums = re.findall(r"(\d+) × (\d+) weights\n\+ (\d+) biases = (\d+)", words)
    assert [int(a) * int(b) + int(c) for a, b, c, _ in sums] == [int(d) for *_, d in sums]
    total = create_nn(PENGUINS, hidden=(10,), n_outputs=3).count_params()
    assert sum(int(d) for *_, d in sums) == total
    assert len(figure.axes[0].findobj(Circle)) == PENGUINS + 10 + 3


@pytest.mark.parametrize("name", ["network_layers", "shallow_deep"])
def test_networks_have_as_many_neurons_as_they_say(drawing, name):
    _, figure = drawing(name)
    centres = [circle.center for circle in figure.axes[0].findobj(Circle)]
    if name == "network_layers":
        sizes = [sum(x == place for x, _ in centres) for place in sorted({x for x, _ in centres})]
        said = [int(text[0]) for text in texts(figure) if re.match(r"\d (numbers|neurons)", text)]
        assert sizes == said == [3, 4, 2]
    else:
        # Three more stand beside their names.
        assert len(centres) == (3 + 5 + 2) + (3 + 6 * 5 + 2) + 3


def test_resnet_has_fifty_layers(drawing):
    module, figure = drawing("resnet50_layers")
    assert sum(n for n, _ in module.STAGES) + 1 == 50
    shown = [int(text.split()[0]) for text in texts(figure) if re.fullmatch(r"\d+ layers?", text)]
    assert shown == [*(n for n, _ in module.STAGES), 1]
    # From stage to stage, half the rows.
    assert [rows for _, rows in module.STAGES] == [112, 56, 28, 14, 7]


def test_dropout_silences_what_it_says(drawing):
    module, figure = drawing("dropout")
    crosses = [line for line in figure.axes[0].lines if line.get_marker() == "x"]
    assert len(crosses) == sum(len(silent) for _, silent in module.PANELS) == 4
    assert texts(figure).count("2 of 4 silent, drawn at random") == 2
    assert module.PANELS[-1] == ("prediction", set())
    # Three inputs and the output hang on each neuron that answers.
    assert len(figure.axes[0].lines) - len(crosses) == 4 * (2 + 2 + 4)


def test_searches_try_nine_times(drawing):
    _, figure = drawing("search_strategies")
    tried = {ax.get_title(): curves(ax)[0] for ax in figure.axes[1:]}
    assert [len(trials) for trials in tried.values()] == [9, 9, 9]
    n_values = {title: len(np.unique(trials[:, 0])) for title, trials in tried.items()}
    assert n_values["grid search"] == 3 and n_values["random search"] == 9
    late = np.abs(tried["search that adapts"][4:, 0] - 0.68)
    assert late.mean() < np.abs(tried["random search"][:, 0] - 0.68).mean() / 2


def test_batch_normalization_moves_its_mean_a_little(drawing):
    _, figure = drawing("batch_normalization")
    share = 1 - keras.layers.BatchNormalization().momentum
    assert any(f"a little ({100 * share:.0f} %)" in text for text in texts(figure))


def test_the_frozen_base_has_its_parameters(drawing):
    _, figure = drawing("frozen_base")
    base = keras.applications.MobileNetV2(include_top=False, weights=None, pooling="avg")
    words = "\n".join(texts(figure))
    assert f"{base.count_params():,} parameters" in words
    assert f"{base.output.shape[1]:,} numbers" in words
    assert "224 × 224" in words and "1,000 classes" in words and "64 × 64" in words


def test_settings_of_fine_tuning(drawing):
    module, _ = drawing("fine_tuning")
    trained = {name: [is_trained for is_trained, _ in parts] for name, parts in module.SETTINGS}
    assert trained == {
        "from scratch": [True, True, True],
        "frozen base": [False, False, True],
        "fine-tuning": [False, True, True],
    }
    # What is frozen or tuned starts from what others have trained.
    starts = {name: [start for _, start in parts] for name, parts in module.SETTINGS}
    assert starts["from scratch"] == ["random"] * 3
    assert starts["frozen base"] == ["ImageNet", "ImageNet", "random"]
    assert starts["fine-tuning"] == ["ImageNet", "ImageNet", "trained head"]


def test_a_cached_base_runs_once(drawing):
    _, figure = drawing("cached_features")
    words = texts(figure)
    assert (words.count("base"), words.count("head")) == (3 + 1, 3 + 3)


def test_a_batch_is_halved(drawing):
    _, figure = drawing("data_parallel")
    words = texts(figure)
    assert "one batch,\n64 samples" in words and words.count("32") == 2


def test_each_fold_validates_once(drawing):
    _, figure = drawing("12-four-folds")
    cells = [text for text in texts(figure) if text in ("train", "validate")]
    assert (np.reshape(cells, (4, 4)) == "validate").tolist() == np.eye(4, dtype=bool).tolist()


def test_layers_of_the_three_styles_follow_from_the_picture(drawing):
    module, figure = drawing("13-three-styles")
    sizes = [re.findall(r"\d+", name) for name in module.LAYERS]
    assert int(sizes[2][0]) == int(sizes[0][0]) * int(sizes[0][1]) == 784
    model = create_nn(784, hidden=(300, 100), n_outputs=10)
    assert [int(s[0]) for s in sizes[3:]] == [w.shape[1] for w in model.weights[::2]]
    assert all(texts(figure).count(name) == 3 for name in module.LAYERS)


def test_more_trees_come_closer_to_the_curve(drawing):
    _, figure = drawing("15-boosted-steps")
    lines = {line.get_label(): line.get_ydata() for line in figure.axes[1].lines}
    assert list(lines) == ["1 tree", "10 trees", "100 trees", "smooth curve of a network"]
    *trees, smooth = lines.values()
    left = [np.abs(steps - smooth).mean() for steps in trees]
    assert left[0] > 2 * left[1] > 4 * left[2]
    assert len(np.unique(trees[0])) == 2
    assert figure.axes[1].get_ylabel() == "price (1,000 dollars)"


def test_the_table_of_four_adds_up(drawing):
    module, figure = drawing("16-two-by-two")
    count = {
        (truth, said): int(re.search(r"\d+$", text)[0]) for truth, said, text, _ in module.CELLS
    }
    assert count == {("no", "no"): 108, ("no", "yes"): 19, ("yes", "no"): 28, ("yes", "yes"): 37}
    right = {text.split("\n")[0]: truth == said for truth, said, text, _ in module.CELLS}
    assert right["true negative"] and right["true positive"]
    words, found = "\n".join(texts(figure)), count["yes", "yes"]
    assert f"precision\n{found} of the {found + count['no', 'yes']} it calls yes" in words
    assert f"recall\n{found} of the {found + count['yes', 'no']} who are yes" in words


def test_patches_cover_the_picture(drawing):
    _, figure = drawing("17-vision-transformer")
    words = "\n".join(texts(figure))
    n_patches, side = map(int, re.search(r"(\d+) patches of (\d+) ×", words).groups())
    rows, columns, channels = map(int, re.search(r"(\d+) × (\d+) × (\d)", words).groups())
    assert n_patches * side**2 == rows * columns == 32 * 32
    assert f"{side**2 * channels} numbers" in words
    assert set(range(1, n_patches + 1)) <= set(numbers(figure))


def test_the_query_gets_the_name_of_the_nearest(drawing):
    module, figure = drawing("19-one-shot")
    away = {name: np.hypot(*np.subtract(xy, module.QUERY)) for name, xy in module.EXAMPLES.items()}
    nearest = min(away, key=away.get)
    assert f"the nearest is the {nearest}: answer {nearest}" in texts(figure)


def test_features_that_are_joined_are_counted(drawing):
    _, figure = drawing("several_ways")
    words = texts(figure)
    assert words.count("district, 8") == 2 and "concatenate, 8 + 30" in words
    assert {"wide, 5\n(0 to 4)", "deep, 6\n(2 to 7)", "concatenate, 5 + 30"} <= set(words)


def test_a_kernel_of_three_days_has_five_places(drawing):
    module, figure = drawing("four_readers")
    assert len(module.DAYS) - 3 + 1 == 5
    assert [texts(figure).count(str(day + 1)) for day in module.DAYS] == [4] * 7


def test_frames_need_four_numbers(drawing):
    _, figure = drawing("17-tasks-on-pictures")
    words = texts(figure)
    assert words[-1] == "the 4 numbers: left, top, width, height of the frame"
    assert {"10 scores", "10 scores\nand 4 numbers"} <= set(words)
