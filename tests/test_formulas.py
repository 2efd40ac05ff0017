"""Each formula that stands apart in an episode, written again in numpy and held against a library.

The episode may not write it otherwise than here: whoever changes one has to change both.
"""

from pathlib import Path

import keras
import numpy as np
import pytest
from scipy.spatial.distance import cosine
from scipy.stats import binom
from sklearn.linear_model import Perceptron
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.preprocessing import StandardScaler

from dl_lesson.authoring.source.episode import MARKDOWN, Text, parse_episode, walk
from dl_lesson.course.files import named_files

EPISODES = named_files(Path(__file__).parents[1] / "episodes", "[0-9][0-9]-*.md").values()
RANDOM = np.random.default_rng(0)
X, W, U = (RANDOM.normal(size=shape) for shape in ((5, 3), (3, 4), (4, 4)))
a, b, y = (RANDOM.normal(size=n) for n in (5, 5, 5))
p = np.array([0.2, 0.7, 0.1])
one_hot = np.array([0, 1, 0])
z = np.linspace(-3, 3, 7)
exp, sqrt = np.exp, np.sqrt


def dense(inputs, weights, bias):
    layer = keras.layers.Dense(weights.shape[1], activation="relu")
    layer.build(inputs.shape)
    layer.set_weights([weights, bias])
    return layer(inputs)


def recurrent(day, state):
    cell = keras.layers.SimpleRNNCell(4)
    cell.build(day.shape)
    cell.set_weights([W, U, np.full(4, 0.5)])
    return cell(day, [state])[0]


def slope(w):
    """Return the slope of the loss from two close points of it."""
    loss = [np.mean((v * a - y) ** 2) for v in (w - 1e-5, w + 1e-5)]
    return (loss[1] - loss[0]) / 2e-5


def perceptron_step():
    """Return weights and bias after one sample, of class 1, that zero weights get wrong."""
    model = Perceptron(max_iter=1, shuffle=False, tol=None)
    # Its step counts 0 as class 0, so that the second sample teaches nothing.
    model.fit(np.array([[1.0, 2.0], [-9.0, -9.0]]), [1, 0])
    return [*model.coef_[0], *model.intercept_]


# (formula, what it says in numpy, what a library computes)
FORMULAS = [
    (
        r"y = f\left(\sum_i w_i x_i + b\right)",
        [max(0, sum(w * x for w, x in zip(W[:, 0], X[0], strict=True)) + 0.5)],
        lambda: dense(X[:1], W[:, :1], np.array([0.5]))[0],
    ),
    (
        r"\text{sigmoid}(z) = \frac{1}{1 + e^{-z}} \qquad \text{relu}(z) = \max(0, z) \qquad "
        r"\text{linear}(z) = z",
        [1 / (1 + exp(-z)), np.maximum(0, z), z],
        lambda: [getattr(keras.activations, f)(z) for f in ("sigmoid", "relu", "linear")],
    ),
    (r"Y = f(X W + b)", np.maximum(0, X @ W + 0.5), lambda: dense(X, W, np.full(4, 0.5))),
    (
        r"\text{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\hat{y}_i - y_i)^2",
        1 / len(y) * sum((a - y) ** 2),
        lambda: mean_squared_error(y, a),
    ),
    (
        r"L = -\sum_i y_i \ln p_i",
        -sum(one_hot * np.log(p)),
        lambda: keras.losses.categorical_crossentropy(one_hot, p),
    ),
    (
        r"x' = \frac{x - \text{mean}}{\text{standard deviation}}",
        (X - X.mean(axis=0)) / X.std(axis=0),
        lambda: StandardScaler().fit_transform(X),
    ),
    (
        r"\text{standard error} = \sqrt{\frac{p (1 - p)}{n}}",
        sqrt(0.8 * (1 - 0.8) / 50),
        lambda: binom(50, 0.8).std() / 50,
    ),
    (
        r"L(w) = \frac{1}{n} \sum_i (w x_i - y_i)^2, \qquad "
        r"\frac{dL}{dw} = \frac{2}{n} \sum_i x_i (w x_i - y_i)",
        [1 / len(y) * sum((3 * a - y) ** 2), 2 / len(y) * sum(a * (3 * a - y))],
        lambda: [mean_squared_error(y, 3 * a), slope(3)],
    ),
    (
        r"\text{similarity}(a, b) = "
        r"\frac{\sum_i a_i b_i}{\sqrt{\sum_i a_i^2}\,\sqrt{\sum_i b_i^2}}",
        sum(a * b) / (sqrt(sum(a**2)) * sqrt(sum(b**2))),
        lambda: 1 - cosine(a, b),
    ),
    (
        r"z = w_1 x_1 + w_2 x_2 + b \qquad \text{output} = "
        r"\begin{cases} 1 & \text{if } z \ge 0 \\ 0 & \text{otherwise} \end{cases}",
        [1 if value >= 0 else 0 for value in z],
        lambda: np.heaviside(z, 1),
    ),
    (
        r"w \leftarrow w + \text{error} \cdot x \qquad b \leftarrow b + \text{error}",
        [0 + 1 * 1.0, 0 + 1 * 2.0, 0 + 1],
        perceptron_step,
    ),
    (
        r"\alpha = \frac{\alpha_0}{1 + \text{rate} \cdot \text{epoch}}",
        0.1 / (1 + 0.5 * 4),
        lambda: keras.optimizers.schedules.InverseTimeDecay(0.1, 1, 0.5)(4),
    ),
    (
        r"\text{loss} = 0.9 \cdot \text{loss of the price} + "
        r"0.1 \cdot \text{loss of the auxiliary output}",
        0.9 * 2 + 0.1 * 3,
        lambda: np.average([2, 3], weights=[0.9, 0.1]),
    ),
    (
        r"R^2 = 1 - \frac{\text{mean squared error}}{\text{variance of the target}}",
        1 - np.mean((a - y) ** 2) / np.var(y),
        lambda: r2_score(y, a),
    ),
    (
        r"\text{new state} = \tanh(\text{day} \cdot W + \text{state} \cdot U + b)",
        np.tanh(X[:1] @ W + U[:1] @ U + 0.5),
        lambda: recurrent(X[:1], U[:1]),
    ),
    (
        r"\text{new state} = z \cdot \text{old state} + (1 - z) \cdot \text{candidate}",
        0.3 * 2 + (1 - 0.3) * 5,
        lambda: np.interp(0.3, [0, 1], [5, 2]),
    ),
]


def test_each_formula_of_the_episodes_is_listed():
    written = [
        " ".join(token.content.split())
        for path in EPISODES
        for node, _ in walk(parse_episode(path).nodes)
        if isinstance(node, Text)
        for token in MARKDOWN.parse(node.source)
        if token.type == "math_block"
    ]
    assert sorted(written) == sorted(" ".join(formula.split()) for formula, _, _ in FORMULAS)


@pytest.mark.parametrize(("formula", "ours", "library"), FORMULAS)
def test_a_formula_gives_what_a_library_computes(formula, ours, library):
    np.testing.assert_allclose(
        np.asarray(library(), float), np.asarray(ours, float), rtol=1e-5, atol=1e-6
    )
