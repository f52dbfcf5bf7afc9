"""A small HueNet, its training batches, and a real `fit`, for the tests of callbacks."""

import collections

import numpy as np
import pytest
import tensorflow as tf

from models.state import InferenceWeights, assign, values_of
from tests.tiny import SIZE, tiny_huenet


@pytest.fixture(scope="session")
def made():
    """The models that tests have made, with their variables and first values: lists by the models' options."""
    return collections.defaultdict(list)


@pytest.fixture
def make_model(made):
    """A function that makes the model. It takes the options of `HueNet`.

    Each model of a test is another one. A later test gets them again, as they were when they were made, but traced:
    tracing takes a hundred times as long as these tests' training.
    """
    taken = collections.Counter()

    def make_model(**options):
        key = str(options)
        number, taken[key] = taken[key], taken[key] + 1
        if number == len(made[key]):
            variables = variables_of(model := tiny_huenet(**options))
            made[key].append((model, variables, values_of(variables)))
        model, *state = made[key][number]
        assign(*state)
        model.inference_weights = InferenceWeights(model)
        model.finite_check.clear()
        return model

    return make_model


def variables_of(model):
    """All that training changes, and what callbacks may."""
    parts = [*model.state().values(), *model.weights_by_network().values()]
    for optimizer in model.optimizers.values():
        parts += [optimizer.variables, [optimizer.learning_rate]]
    return [variable for part in parts for variable in part]


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
