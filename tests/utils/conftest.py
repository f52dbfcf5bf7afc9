"""A HueNet of a few weights, for the callbacks."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from models import HueNet, augment

SIZE = 8


def network(name, inputs):
    """One convolution and batch norm: of the named pictures, to one of three channels."""
    given = [keras.Input((SIZE, SIZE, 3), name=each) for each in inputs]
    joined = keras.layers.Concatenate()(given) if len(given) > 1 else given[0]
    filtered = keras.layers.Conv2D(3, 3, padding="same", name=f"{name}_filter")(joined)
    return keras.Model(given, keras.layers.BatchNormalization()(filtered), name=name)


@pytest.fixture
def make_model():
    """A function that makes it, with options of `HueNet`."""

    def make(**options):
        keras.utils.set_random_seed(1)
        model = HueNet(
            augment(network("tiny", ["source"]), bins=8),
            network("judge", ["source", "image"]),
            losses={"adversarial": "lsgan"},
            weights={"adversarial": 1.0, "l1": 1.0},
            **options,
        )
        model.compile(keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.01), jit_compile=False)
        return model

    return make


@pytest.fixture
def batches(rng):
    """Eight training batches, of two pictures."""
    names = ("source", "reference", "target")
    return {name: np.float32(rng.uniform(-1, 1, [16, SIZE, SIZE, 3])) for name in names} | {"index": np.arange(16)}


@pytest.fixture
def stream(batches):
    """A function from a step to the endless stream of batches from there on."""

    def stream(step=0):
        return tf.data.Dataset.from_tensor_slices(batches).batch(2, drop_remainder=True).repeat().skip(step % 8)

    return stream


@pytest.fixture
def fit(stream):
    """A function that trains a model of four steps an epoch from its step on, with callbacks."""

    def fit(model, callbacks, epochs=3):
        start = model.clock.now()
        progress = {"initial_epoch": start // 4, "epochs": epochs, "steps_per_epoch": 4}
        return model.fit(stream(start), verbose=0, shuffle=False, callbacks=callbacks, **progress).history

    return fit
