"""What training changes: all of it is in the state, none of it moves at rest, or where numbers are not finite."""

import numpy as np
import pytest
import tensorflow as tf

from tests import tiny
from tests.tiny import tiny_huenet


def batches(rng, count=3):
    names = ("source", "reference", "target")
    shape = [2, tiny.SIZE, tiny.SIZE, 3]
    return [{name: tf.constant(np.float32(rng.uniform(-1, 1, shape))) for name in names} for _ in range(count)]


def everything(model):
    all_of_it = model.weights_by_network() | model.state()
    return {f"{name}/{number}": variable for name, some in all_of_it.items() for number, variable in enumerate(some)}


def values(model):
    return {name: variable.numpy() for name, variable in everything(model).items()}


def assert_same(first, second):
    assert first.keys() == second.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], err_msg=name)


def test_a_model_with_the_state_of_another_goes_on_as_that_one(rng):
    given = batches(rng)
    model, other = (tiny_huenet(seed, ema_decay=0.9, image_pool=3) for seed in (1, 2))
    for batch in given[:2]:
        model.train_step(batch)
    for name, variable in everything(other).items():
        variable.assign(everything(model)[name])
    for one in (model, other):
        one.train_step(given[2])
    assert model.step_counter.value() == 3 and int(model.pool.count) == 3
    assert_same(values(model), values(other))


def test_at_rest_it_has_averages_and_fresh_statistics_and_afterwards_its_own(rng):
    model, given = tiny_huenet(ema_decay=0.9), batches(rng, 1)[0]
    for _ in range(2):
        model.train_step(given)
    before, averages = values(model), [variable.numpy() for variable in model.average.averages]
    with pytest.raises(KeyError), model.inference_weights([given] * 100):
        for variable, average in zip(model.generator.trainable_variables, averages, strict=True):
            np.testing.assert_array_equal(variable, average)
        rested = model.translate(given)["output"]
        # With the statistics of the very batch, it is what batch statistics make.
        np.testing.assert_allclose(rested, model.translate(given, training=True)["output"], atol=0.02)
        assert model.step_counter.value() == 2
        raise KeyError
    assert_same(values(model), before)
    assert not np.allclose(rested, model.translate(given)["output"], atol=0.05)
    with model.inference_weights(iter(())):  # those of this step are known
        np.testing.assert_array_equal(rested, model.translate(given)["output"])
    model.train_step(given)
    with model.inference_weights():
        assert not np.allclose(rested, model.translate(given)["output"], atol=1e-3)


@pytest.mark.parametrize("spoiled,value", [("source", np.nan), ("target", np.inf)])
def test_a_step_that_is_not_finite_changes_nothing_and_says_what_was_not(rng, spoiled, value):
    model, given = tiny_huenet(ema_decay=0.9, image_pool=3), batches(rng, 2)
    step = tf.function(model.train_step)
    step(given[0])
    before = values(model)
    spot = np.zeros([2, tiny.SIZE, tiny.SIZE, 3], np.float32)
    spot[0, 3, 4] = value
    step(given[1] | {spoiled: given[1][spoiled] + spot})
    failed = {"l1_loss", "generator_loss", "discriminator_loss", "discriminator_gradient"}
    assert failed <= set(model.finite_check.failed())
    assert_same(values(model), before)
    step(given[1])
    assert model.finite_check.failed() == [] and model.step_counter.value() == 2
    assert not np.array_equal(values(model)["generator/0"], before["generator/0"])


def test_a_gradient_that_is_not_finite_counts_though_the_losses_are(rng):
    model = tiny_huenet(structure=lambda joint: tf.sqrt(0.0 * joint))
    before = values(model)
    model.train_step(batches(rng, 1)[0])
    assert model.finite_check.failed() == ["generator_gradient"]
    assert_same(values(model), before)


@pytest.mark.parametrize(
    "scale,failed", [(1e12, []), (1e30, ["structure_loss", "generator_loss", "generator_gradient"])]
)
def test_large_numbers_count_where_adam_cannot_square_them(rng, scale, failed):
    model = tiny_huenet(structure=lambda joint: scale * joint)
    model.train_step(batches(rng, 1)[0])
    assert model.finite_check.failed() == failed
    assert all(np.isfinite(value).all() for value in values(model).values())
