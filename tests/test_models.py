import keras
import numpy as np
import pytest

from dl_lesson import create_nn


def trainable(model):
    return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)


@pytest.mark.parametrize(
    ("model_arguments", "n_parameters", "n_trainable"),
    [
        pytest.param({"n_inputs": 89}, 14_101, 14_101, id="weather"),
        pytest.param({"n_inputs": 89, "hidden": (10, 5)}, 961, 961, id="weather small"),
        pytest.param(
            {"n_inputs": 89, "batch_normalization": True},
            14_457,
            14_279,
            id="weather batch normalisation",
        ),
        pytest.param(
            {"n_inputs": 9, "batch_normalization": True}, 6_137, 6_119, id="weather Basel only"
        ),
        pytest.param({"n_inputs": 4, "hidden": (10,), "n_outputs": 3}, 83, 83, id="penguins"),
        pytest.param(
            {"n_inputs": (64, 64, 3), "hidden": (50, 50), "n_outputs": 10},
            617_510,
            617_510,
            id="pictures",
        ),
        pytest.param({"n_inputs": 2, "hidden": ()}, 3, 3, id="linear"),
    ],
)
def test_number_of_parameters(model_arguments, n_parameters, n_trainable):
    model = create_nn(**model_arguments)
    assert model.count_params() == n_parameters
    assert trainable(model) == n_trainable


def test_pictures_are_flattened():
    model = create_nn((4, 5, 3), hidden=(2,), n_outputs=7)
    assert model(np.zeros((6, 4, 5, 3))).shape == (6, 7)


def test_hidden_layers_use_relu_and_the_output_what_was_asked_for():
    model = create_nn(3, hidden=(4, 2), n_outputs=2, output_activation="softmax")
    activations = [layer.activation.__name__ for layer in model.layers if hasattr(layer, "units")]
    assert activations == ["relu", "relu", "softmax"]
    assert create_nn(3).layers[-1].activation is keras.activations.linear


def test_xor_by_hand():
    model = create_nn(2, hidden=(2,), n_outputs=1, output_activation="relu")
    model.set_weights(
        [np.ones((2, 2)), np.array([0.0, -1.0]), np.array([[1.0], [-2.0]]), np.array([0.0])]
    )
    inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert model.predict(inputs, verbose=0).ravel().tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    "model_arguments",
    [
        {"n_inputs": 0},
        {"n_inputs": (64, 0, 3)},
        {"n_inputs": 3, "hidden": (2.5,)},
        {"n_inputs": 3, "n_outputs": -1},
    ],
)
def test_impossible_sizes_are_refused(model_arguments):
    with pytest.raises(ValueError, match="whole numbers above zero"):
        create_nn(**model_arguments)


def test_saved_model_loads_and_predicts_the_same(tmp_path):
    model = create_nn((4, 4, 1), hidden=(3,), batch_normalization=True)
    x = np.random.default_rng(0).normal(size=(5, 4, 4, 1))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))
