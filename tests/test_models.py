import keras
import numpy as np
import pytest

from dl_lesson import create_cnn, create_nn


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


PICTURE = (64, 64, 3)


@pytest.mark.parametrize(
    ("model_arguments", "n_parameters"),
    [
        pytest.param({"hidden": (), "pooling": False}, 1_823_960, id="without pooling"),
        pytest.param({}, 514_510, id="with pooling"),
        pytest.param({"filters": (50, 50, 50)}, 137_060, id="extra layer"),
        pytest.param({"filters": (50, 50, 50), "dropout_rate": 0.8}, 137_060, id="dropout"),
        pytest.param({"filters": (), "hidden": (50, 50)}, 617_510, id="dense"),
        pytest.param({"filters": (16,), "kernel_size": 4}, 784 + 720_050 + 510, id="search"),
    ],
)
def test_number_of_parameters_of_a_cnn(model_arguments, n_parameters):
    assert create_cnn(PICTURE, 10, **model_arguments).count_params() == n_parameters


def layer_types(model):
    return [type(layer).__name__ for layer in model.layers]


def test_layers_of_a_cnn_stand_in_the_order_of_the_text():
    block = ["Conv2D", "MaxPooling2D", "Dropout"]
    model = create_cnn(PICTURE, 10, dropout_rate=0.3)
    assert layer_types(model) == ["InputLayer", *block, *block, "Flatten", "Dense", "Dense"]
    assert [layer.rate for layer in model.layers if hasattr(layer, "rate")] == [0.3, 0.3]
    plain = create_cnn(PICTURE, 10, filters=(4,), pooling=False, hidden=())
    assert layer_types(plain) == ["InputLayer", "Conv2D", "Flatten", "Dense"]


def test_cnn_returns_logits_and_uses_one_activation_function_before():
    model = create_cnn((8, 9, 1), 3, filters=(2,), hidden=(4,), activation="tanh")
    assert model(np.zeros((6, 8, 9, 1))).shape == (6, 3)
    activations = [layer.activation.__name__ for layer in model.layers if layer.weights]
    assert activations == ["tanh", "tanh", "linear"]


@pytest.mark.parametrize(
    ("model_arguments", "message"),
    [
        ({"n_outputs": 0}, "given the size 0; .* whole numbers above zero"),
        ({"filters": (2.5,)}, "given the size 2.5; .* whole numbers above zero"),
        ({"kernel_size": -3}, "given the size -3; .* whole numbers above zero"),
        ({"input_shape": (64, 64)}, r"shape \(64, 64\); it needs rows, columns and channels"),
        ({"kernel_size": (3,)}, r"kernels of shape \(3,\); it needs their rows and columns"),
        ({"n_outputs": float("inf")}, "given the size inf; .* whole numbers above zero"),
        ({"n_outputs": "ten"}, "given the size .ten.; .* whole numbers above zero"),
        ({"dropout_rate": None}, "dropout rate None must be at least 0 and less than 1"),
        ({"dropout_rate": 1}, "dropout rate 1 must be at least 0 and less than 1"),
        ({"dropout_rate": -0.1}, "dropout rate -0.1 must be at least 0"),
        ({"filters": (4,) * 6}, "Only 2x2 pixels are left for convolution 5; use fewer"),
        ({"input_shape": (3, 64, 3)}, "Only 3x64 pixels are left for convolution 1"),
    ],
)
def test_impossible_cnn_is_refused(model_arguments, message):
    with pytest.raises(ValueError, match=message):
        create_cnn(**{"input_shape": PICTURE, "n_outputs": 10, **model_arguments})


def test_sizes_may_be_numbers_of_numpy():
    labels = np.array([0, 1, 2])
    network = create_nn(np.array([8, 8]), hidden=np.array([4, 5]), n_outputs=labels.max() + 1)
    assert network(np.zeros((1, 8, 8))).shape == (1, 3)
    assert network.count_params() == 65 * 4 + 5 * 5 + 6 * 3
    cnn = create_cnn(np.array([8, 8, 1]), labels.max() + 1, filters=np.int64(2), kernel_size=3.0)
    assert cnn(np.zeros((1, 8, 8, 1))).shape == (1, 3)


def test_smallest_picture_that_a_convolution_takes():
    assert create_cnn((3, 3, 1), 2, filters=(1,), pooling=False)(np.zeros((1, 3, 3, 1))).shape
    assert create_cnn((4, 4, 1), 2, filters=(1,))(np.zeros((1, 4, 4, 1))).shape


def test_saved_cnn_loads_and_predicts_the_same(tmp_path):
    model = create_cnn((12, 12, 3), 4, filters=(3, 3), hidden=(5,), dropout_rate=0.5)
    x = np.random.default_rng(0).normal(size=(5, 12, 12, 3))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), model.predict(x, verbose=0))


def test_sizes_are_taken_in_the_forms_that_keras_takes():
    assert create_nn([4, 6, 3], 5).count_params() == create_nn((4, 6, 3), (5,)).count_params()
    one, several = create_cnn((8, 8, 3), 2, 4, 5), create_cnn([8, 8, 3], 2, [4], [5])
    assert one.count_params() == several.count_params()
    wide = create_cnn((8, 8, 3), 2, (4,), kernel_size=(1, 3)).get_layer("convolution_1")
    assert wide.kernel_size == (1, 3)


@pytest.mark.parametrize("size", ["3", None, (2, 3)])
def test_a_size_that_is_no_number_is_said(size):
    with pytest.raises(ValueError, match=r"create_nn was given the size .* whole numbers above"):
        create_nn(4, n_outputs=size)
    with pytest.raises(ValueError, match=r"create_cnn was given the size .* whole numbers above"):
        create_cnn((8, 8, 3), n_outputs=size)


def test_layers_and_models_have_the_names_of_the_text():
    model = create_nn((4, 5), hidden=(3, 2), batch_normalization=True)
    names = ["input", "flatten", "batch_normalization", "hidden_1", "hidden_2", "output"]
    assert [layer.name for layer in model.layers] == names
    assert model.name == "neural_network"
    cnn = create_cnn(
        (12, 12, 3), 2, (2, 2), (4, 4), dropout_rate=0.1, dense_dropout_rate=0.2, activation="tanh"
    )
    block = ["convolution", "pooling", "dropout"]
    assert [layer.name for layer in cnn.layers] == [
        "input",
        *(f"{name}_1" for name in block),
        *(f"{name}_2" for name in block),
        "flatten",
        *("dense_dropout_1", "hidden_1", "dense_dropout_2", "hidden_2"),
        "output",
    ]
    rates = {layer.name: layer.rate for layer in cnn.layers if hasattr(layer, "rate")}
    assert rates == {
        "dropout_1": 0.1,
        "dropout_2": 0.1,
        "dense_dropout_1": 0.2,
        "dense_dropout_2": 0.2,
    }
    assert cnn.name == "convolutional_network"
    weighted = [layer for layer in cnn.layers if layer.weights]
    assert [layer.activation.__name__ for layer in weighted] == ["tanh"] * 4 + ["linear"]


def test_what_is_built_without_any_wish():
    plain = create_cnn((64, 64, 3), 10)
    assert [layer.name for layer in plain.layers if layer.weights] == [
        *("convolution_1", "convolution_2", "hidden_1", "output")
    ]
    assert plain.get_layer("convolution_1").activation is keras.activations.relu
    assert [layer.name for layer in create_nn(3).layers] == [
        *("input", "hidden_1", "hidden_2", "output")
    ]
    assert create_nn(3).output_shape == (None, 1)
    one_by_one = create_cnn((3, 3, 1), 1, 1, 1, pooling=False, dropout_rate=0.0)
    assert one_by_one.output_shape == (None, 1)


def test_messages_to_the_letter():
    def message(create, *arguments, **options):
        with pytest.raises(ValueError) as caught:
            create(*arguments, **options)
        return str(caught.value)

    assert message(create_nn, 0) == (
        "create_nn was given the size 0; inputs, hidden layers and outputs need whole numbers "
        "above zero."
    )
    assert message(create_cnn, (8, 8, 3), 2, (0.5,)) == (
        "create_cnn was given the size 0.5; pictures, layers, kernels and outputs need whole "
        "numbers above zero."
    )
    assert message(create_cnn, (8, 8), 2) == (
        "create_cnn was given pictures of shape (8, 8); it needs rows, columns and channels."
    )
    assert message(create_cnn, (8, 8, 3), 2, dense_dropout_rate=1.5) == (
        "The dropout rate 1.5 must be at least 0 and less than 1."
    )
    assert message(create_cnn, (9, 2, 3), 2) == (
        "Only 9x2 pixels are left for convolution 1; use fewer convolutional layers, smaller "
        "kernels or larger pictures."
    )


@pytest.mark.parametrize("place", ["n_inputs", "hidden", "n_outputs"])
def test_each_size_of_a_network_is_looked_at(place):
    with pytest.raises(ValueError, match=r"given the size 2\.5"):
        create_nn(**{"n_inputs": 3, place: 2.5})


@pytest.mark.parametrize("place", ["input_shape", "n_outputs", "filters", "hidden", "kernel_size"])
def test_each_size_of_a_convolutional_network_is_looked_at(place):
    wrong = {"input_shape": (8, 2.5, 3)}.get(place, 2.5)
    with pytest.raises(ValueError, match=r"given the size 2\.5"):
        create_cnn(**{"input_shape": (8, 8, 3), "n_outputs": 2, place: wrong})


def test_one_neuron_and_one_kernel_are_enough():
    assert create_nn(1, 1, 1).count_params() == 4
    assert create_cnn((1, 1, 1), 1, 1, (), pooling=False, kernel_size=1).count_params() == 4
