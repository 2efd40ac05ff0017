"""Key points and definitions that state a number or an order are computed beside their words.

A sentence with a number that no test here computes fails, so that a new one is either computed, or
written with the `eval` role, or named in `READ` for a reader.
"""

import re
from pathlib import Path

import keras
import numpy as np
import pytest
from sklearn.metrics import f1_score, r2_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

from dl_lesson import create_cnn
from dl_lesson.authoring.source.episode import Text, parse_episode, walk
from dl_lesson.course.files import named_files

ROOT = Path(__file__).parents[1]
EPISODES = named_files(ROOT / "episodes", "[0-9][0-9]-*.md").values()
RANDOM = np.random.default_rng(0)
Z = np.linspace(-4, 4, 9)
YES = np.array([True, True, False, True, False, False])
SAID = np.array([True, False, False, True, True, False])
Y = RANDOM.normal(size=20)


def f1():
    precision, recall = (YES & SAID).sum() / SAID.sum(), (YES & SAID).sum() / YES.sum()
    return 2 * precision * recall / (precision + recall) == pytest.approx(f1_score(YES, SAID))


def cosine(a, b):
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def binary_cross_entropy():
    loss = keras.losses.binary_crossentropy
    return np.allclose(
        [float(loss([1.0], [0.3])), float(loss([0.0], [0.3]))], [-np.log(0.3), -np.log(1 - 0.3)]
    )


def normalized():
    batch = RANDOM.normal(5, 3, size=(2000, 2)).astype("float32")
    out = np.asarray(keras.layers.BatchNormalization()(batch, training=True))
    return np.allclose(out.mean(axis=0), 0, atol=1e-3) and np.allclose(
        out.std(axis=0), 1, atol=1e-2
    )


def wide_and_deep():
    inputs = keras.Input((8,))
    deep = keras.layers.Dense(30)(keras.layers.Dense(30)(inputs))
    both = keras.layers.Dense(1)(keras.layers.Concatenate()([inputs, deep]))
    with_way = keras.Model(inputs, both).count_params()
    without = keras.Model(inputs, keras.layers.Dense(1)(deep)).count_params()
    return (with_way, with_way - without) == (1239, 8)


def digits_network():
    layers = keras.layers
    x = inputs = keras.Input((28, 28, 1))
    for n_kernels in (32, 64, 128):
        x = layers.Conv2D(n_kernels, 3)(x)
        x = layers.MaxPooling2D()(x) if x.shape[1] > 3 else x
    x = layers.Dense(10)(layers.Flatten()(x))
    return keras.Model(inputs, x).count_params() == 104_202


def activation(name):
    return np.asarray(getattr(keras.activations, name)(Z[np.newaxis]))[0]


# Words of a definition or a key point, and what a library says to them.
COMPUTED = {
    "right, from 0 to 1.": lambda: min((YES == SAID).mean(), 1) <= 1,
    "ROC curve`, from 0 to 1: the share": lambda: roc_auc_score(YES, YES) == 1,
    "Guessing has 0.5.": lambda: roc_auc_score(YES, np.ones(6)) == 0.5,
    "inputs to mean 0 and standard deviation 1. In training": normalized,
    "$-\\ln p$ where the answer is yes": binary_cross_entropy,
    "and $-\\ln(1 - p)$ where it is no": binary_cross_entropy,
    "gives 0.3, three in ten": lambda: round(0.3 * 10) == 3,
    "1 for perfect predictions": lambda: r2_score(Y, Y) == 1,
    "0 for always saying the mean, negative for worse": lambda: (
        abs(r2_score(Y, np.full(20, Y.mean()))) < 1e-12 and r2_score(Y, -5 * Y) < 0
    ),
    "A number from -1 to 1 that says how much two lists": lambda: cosine(Y, -2 * Y) < -0.999,
    "same direction. 1 means the same direction": lambda: cosine(Y, 3 * Y) > 0.999,
    "R$: $2PR/(P + R)$. It is high only where both are high": f1,
    "A number between 0 and 1, computed by a network": lambda: (
        0 < activation("sigmoid").min() < activation("sigmoid").max() < 1
    ),
    "3 times 3 for each channel": lambda: (
        keras.layers.Conv2D(1, 3)(np.zeros((1, 5, 5, 1))).shape[1:3] == (3, 3)
    ),
    "1 at the place of the class and 0 elsewhere": lambda: (
        keras.utils.to_categorical([2], 4).tolist() == [[0, 0, 1, 0]]
    ),
    "turns negative ones into 0": lambda: activation("relu").tolist() == [0] * 5 + [1, 2, 3, 4],
    "$1/(1 + e^{-z})$": lambda: np.allclose(activation("sigmoid"), 1 / (1 + np.exp(-Z))),
    "into one between 0 and 1": lambda: 0 < activation("sigmoid").min() < 0.5,
    "shares between 0 and 1 with the sum 1": lambda: (
        activation("softmax").sum() == pytest.approx(1) and (activation("softmax") > 0).all()
    ),
    "feature to mean 0 and standard deviation 1, with": lambda: np.allclose(
        StandardScaler().fit_transform(Y[:, np.newaxis]).std(), 1
    ),
    "answers 1 if its weighted sum plus bias is at least 0, and 0 otherwise": lambda: (
        np.heaviside([-1, 0, 2], 1).tolist() == [0, 1, 1]
    ),
    "1,239 trained parameters. The straight way costs 8": wide_and_deep,
    "network with 104,202 parameters": digits_network,
}
# What no program knows: a year, a count of photographs, a rule of thumb.
READ = (
    "(Rosenblatt, 1957)",
    "1.28 million photographs in 1,000 classes",
    "The best of 20 is no evidence",
)
# Numbers in names are no statements.
NAMES = re.compile(r"\bF1\b|\b[LR]2\b|R²|MSE|\d+(?:-\d+)+|`[^`]*\.[a-z]\w+`|\{eval\}`[^`]*`")


def statements() -> dict[str, str]:
    """Return each definition of the glossary and each key point, on one line."""
    glossary = (ROOT / "site" / "pages" / "glossary.md").read_text(encoding="utf-8")
    found = {}
    for term, text in re.findall(r"^(\S.*)\n((?:  .*\n?)+)", glossary, re.M):
        found[f"glossary: {term}"] = " ".join(text.split())
    for path in EPISODES:
        for node, parents in walk(parse_episode(path).nodes):
            if isinstance(node, Text) and "keypoints" in parents:
                for number, point in enumerate(re.split(r"^- ", node.source, flags=re.M)):
                    found[f"{path.stem}, key point {number}"] = " ".join(point.split())
    return found


STATEMENTS = statements()


@pytest.mark.parametrize("words", COMPUTED)
def test_what_the_words_say_is_what_a_library_computes(words):
    assert sum(words in text for text in STATEMENTS.values()) == 1, (
        "these words are no longer there"
    )
    assert COMPUTED[words]()


def test_each_number_of_a_definition_or_key_point_is_computed():
    left = {}
    for name, text in STATEMENTS.items():
        rest = text
        for words in (*COMPUTED, *READ):
            rest = rest.replace(words, "")
        if re.search(r"\d", NAMES.sub("", rest)):
            left[name] = rest
    assert left == {}


def test_nothing_is_named_for_a_reader_that_is_no_longer_there():
    assert [words for words in READ if not any(words in text for text in STATEMENTS.values())] == []


def test_many_key_points_are_found():
    assert sum("key point" in name for name in STATEMENTS) > 5 * len(EPISODES)


def millions_of_products(*filters):
    """Return how many pairs of numbers each convolution multiplies for a picture, in millions."""
    layers = create_cnn((64, 64, 3), 10, filters=filters).layers
    convolutions = [layer for layer in layers if isinstance(layer, keras.layers.Conv2D)]
    return [np.prod(c.kernel.shape) * np.prod(c.output.shape[1:3]) / 1e6 for c in convolutions]


def test_the_work_of_convolutions_is_counted():
    (path,) = (path for path in EPISODES if path.stem == "04-dollar-street-cnn")
    text = " ".join(path.read_text(encoding="utf-8").split())
    first, slim = millions_of_products(50, 50), millions_of_products(16, 32, 64)
    for words in (
        f"convolutional layer alone multiplies and adds {first[1]:.0f} million pairs of numbers",
        f"its convolutions multiply {sum(slim):.0f} million pairs of numbers for each picture",
        f"those of the first network {sum(first):.0f} million.",
    ):
        assert words in text
