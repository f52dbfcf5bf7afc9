"""A small HueNet, its training batches, and a real `fit`, for the tests of callbacks."""

import numpy as np
import pytest
import tensorflow as tf

from tests.tiny import SIZE, tiny_huenet


@pytest.fixture
def make_model():
    """A function that makes the model. It takes the options of `HueNet`."""
    return tiny_huenet


@pytest.fixture
def batches(rng):
    """The arrays of eight training batches, with two images in each batch."""
    names = ("source", "reference", "target")
    return {name: np.float32(rng.uniform(-1, 1, [16, SIZE, SIZE, 3])) for name in names} | {"index": np.arange(16)}


@pytest.fixture
def stream(batches):
    """A function that takes a step and returns the endless stream of batches after this step."""

    def stream(step=0):
        return tf.data.Dataset.from_tensor_slices(batches).batch(2, drop_remainder=True).repeat().skip(step % 8)

    return stream


@pytest.fixture
def fit(stream):
    """A function that trains a model with callbacks. It starts at the model's step; an epoch has four steps."""

    def fit(model, callbacks, epochs=3, steps_per_epoch=4):
        start = model.step_counter.value()
        progress = {"initial_epoch": start // steps_per_epoch, "epochs": epochs, "steps_per_epoch": steps_per_epoch}
        return model.fit(stream(start), verbose=0, shuffle=False, callbacks=callbacks, **progress).history

    return fit
