"""Helpers of the dl-lesson course, an introduction to deep learning.

Names are loaded on first use, so that importing the package is quick and does not
import TensorFlow.
"""

import os
import sys

import lazy_loader

# Without it, TensorFlow takes a GPU's whole memory for the first notebook that is opened.
# The variable counts only if it is set before TensorFlow first uses the GPU.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "checkpoints": ["CheckpointError", "checkpoint"],
        "course.catch_up": ["CatchUpError", "catch_up"],
        "data.conditions": ["load_test_conditions"],
        "data.errors": ["DataError"],
        "data.further": [
            "load_california_housing",
            "load_cifar_pictures",
            "load_diamonds",
            "load_digit_pictures",
            "load_fashion_pictures",
            "load_pima_diabetes",
        ],
        "data.sources": [
            "load_dollar_street",
            "load_penguins",
            "load_weather",
            "mobilenet_weights",
        ],
        "models": ["create_cnn", "create_nn"],
        "plotting": ["plot_history", "plot_images", "plot_predictions"],
        "results": ["read_results", "record_results"],
        "training": ["compile_model", "train_from_seed", "training_progress"],
        "uncertainty": ["standard_error"],
    },
)

if "ipykernel" in sys.modules:
    from dl_lesson.course import environment, errors

    errors.install()
    environment.warn_of_settings()
