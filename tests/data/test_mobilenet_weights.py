import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dl_lesson import load_dollar_street, mobilenet_weights

SIZE = 96


@pytest.fixture(autouse=True)
def bundled_pictures(monkeypatch):
    monkeypatch.delenv("DL_LESSON_DATA", raising=False)
    monkeypatch.setenv("DL_LESSON_BUNDLED_ONLY", "1")


def stratified(split, n_pictures, seed):
    chosen, _ = train_test_split(
        np.arange(len(split.labels)),
        train_size=n_pictures,
        stratify=split.labels,
        random_state=seed,
    )
    return split.images[chosen], split.labels[chosen]


def accuracy_of_a_linear_head(weights, train, test):
    keras.utils.set_random_seed(0)
    base = keras.applications.MobileNetV2(
        include_top=False, weights=weights, input_shape=(SIZE, SIZE, 3), pooling="avg"
    )
    images = np.concatenate([train[0], test[0]]).astype("float32")
    larger = keras.ops.image.resize(images, (SIZE, SIZE))
    scaled = keras.applications.mobilenet_v2.preprocess_input(larger)
    features = base.predict(scaled, verbose=0, batch_size=50)
    head = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, tol=0.01))
    head.fit(features[: len(train[1])], train[1])
    return head.score(features[len(train[1]) :], test[1])


@pytest.mark.slow
def test_linear_head_on_imagenet_features_beats_one_on_random_weights():
    pictures = load_dollar_street()
    train = stratified(pictures.train, 200, seed=0)
    test = stratified(pictures.test, 100, seed=0)
    imagenet = accuracy_of_a_linear_head(mobilenet_weights(), train, test)
    random = accuracy_of_a_linear_head(None, train, test)
    # The difference was 0.48 to 0.66 over ten subsets.
    assert imagenet > random + 0.3
