"""The search that several scripts share: a network for the penguins, and values to choose from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

SPACE = {"neurons": [4, 16, 64], "learning_rate": [0.001, 0.01]}
BATCH = 16


def penguins() -> tuple[tuple, tuple]:
    """Return scaled measures and species of the penguins, for training and for validation."""
    from sklearn.model_selection import train_test_split

    from dl_lesson import load_penguins

    table = load_penguins().dropna()
    x = table[["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]]
    y = table["species"].astype("category").cat.codes.to_numpy()
    scaled = ((x - x.mean()) / x.std()).to_numpy("float32")
    x_train, x_validation, y_train, y_validation = train_test_split(
        scaled, y, test_size=0.3, random_state=0, stratify=y
    )
    return (x_train, y_train), (x_validation, y_validation)


def build_model(neurons: int, learning_rate: float) -> "keras.Model":
    """Build the network; the same values give the same training, on each machine and again."""
    import keras

    from dl_lesson import create_nn

    keras.utils.set_random_seed(1)
    model = create_nn(4, hidden=(neurons,), n_outputs=3)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    return model


def lowest_loss(values: dict, epochs: int, callbacks: Sequence = ()) -> float:
    """Train with these values, and return the lowest validation loss of all epochs."""
    train, validation = penguins()
    history = build_model(**values).fit(
        *train,
        validation_data=validation,
        epochs=epochs,
        batch_size=BATCH,
        callbacks=list(callbacks),
        verbose=0,
    )
    return min(history.history["val_loss"])
