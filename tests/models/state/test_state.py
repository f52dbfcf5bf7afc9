"""The training state: it is complete, and neither inference nor a step that is not finite changes it."""

import numpy as np
import pytest
import tensorflow as tf

from models.state import LossMeans
from tests import tiny
from tests.tiny import in_training_mode, tiny_huenet


def make_batches(rng, count=3):
    names = ("source", "reference", "target")
    shape = [2, tiny.SIZE, tiny.SIZE, 3]
    return [{name: tf.constant(np.float32(rng.uniform(-1, 1, shape))) for name in names} for _ in range(count)]


def all_variables(model):
    groups = model.weights_by_network() | model.state()
    return {f"{name}/{number}": variable for name, group in groups.items() for number, variable in enumerate(group)}


def values(model):
    return {name: variable.numpy() for name, variable in all_variables(model).items()}


def assert_same(first, second):
    assert first.keys() == second.keys()
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name], err_msg=name)


@pytest.mark.long
def test_a_model_with_the_state_of_another_model_trains_identically(rng):
    batches = make_batches(rng)
    model, other = (tiny_huenet(seed, ema_decay=0.9, image_pool=3) for seed in (1, 2))
    for batch in batches[:2]:
        model.train_step(batch)
    for name, variable in all_variables(other).items():
        variable.assign(all_variables(model)[name])
    for trained in (model, other):
        trained.train_step(batches[2])
    assert model.step_counter.value() == 3 and int(model.pool.count) == 3
    assert_same(values(model), values(other))


def test_the_mean_losses_count_more_steps_than_a_float32_can():
    means = LossMeans(["loss"])
    total, count = means.variables
    total.assign([2.0**25])
    count.assign(2**24)
    means.update({"loss": tf.constant(2.0)})
    assert means.count() == 2**24 + 1 and float(means.result()["loss"]) == pytest.approx(2)


@pytest.mark.long
def test_inference_weights_are_averages_with_fresh_statistics_and_are_undone_after_the_block(rng):
    model, batch = tiny_huenet(ema_decay=0.9), make_batches(rng, 1)[0]
    for _ in range(2):
        model.train_step(batch)
    before, averages = values(model), [variable.numpy() for variable in model.average.averages]
    with pytest.raises(KeyError), model.inference_weights([batch] * 100):
        for variable, average in zip(model.generator.trainable_variables, averages, strict=True):
            np.testing.assert_array_equal(variable, average)
        output = model(batch)
        # The fresh statistics come from this batch only, so that batch statistics have the same output.
        np.testing.assert_allclose(output, in_training_mode(model, batch), atol=0.02)
        assert model.step_counter.value() == 2
        raise KeyError
    assert_same(values(model), before)
    assert not np.allclose(output, model(batch), atol=0.05)
    with model.inference_weights(iter(())):  # the statistics of this step are already known
        np.testing.assert_array_equal(output, model(batch))
    model.train_step(batch)
    with model.inference_weights():
        assert not np.allclose(output, model(batch), atol=1e-3)


@pytest.mark.long
@pytest.mark.parametrize("damaged,value", [("source", np.nan), pytest.param("target", np.inf, marks=pytest.mark.long)])
def test_a_nonfinite_step_changes_nothing_and_its_nonfinite_values_are_named(rng, damaged, value):
    model, batches = tiny_huenet(ema_decay=0.9, image_pool=3), make_batches(rng, 2)
    step = tf.function(model.train_step)
    step(batches[0])
    before = values(model)
    damage = np.zeros([2, tiny.SIZE, tiny.SIZE, 3], np.float32)
    damage[0, 3, 4] = value
    step(batches[1] | {damaged: batches[1][damaged] + damage})
    failed = {"pixel_loss", "generator_loss", "discriminator_loss", "discriminator_gradient"}
    assert failed <= set(model.finite_check.failed())
    assert_same(values(model), before)
    named = model.finite_check.failed()
    step(batches[1])  # until the failure is cleared, no step is taken
    assert_same(values(model), before)
    assert model.finite_check.failed() == named
    model.finite_check.clear()
    step(batches[1])
    assert model.finite_check.failed() == [] and model.step_counter.value() == 2
    assert not np.array_equal(values(model)["generator/0"], before["generator/0"])


def test_a_nonfinite_gradient_is_detected_even_if_the_losses_are_finite(rng):
    model = tiny_huenet(structure=lambda joint: tf.sqrt(0.0 * joint))
    before = values(model)
    model.train_step(make_batches(rng, 1)[0])
    assert model.finite_check.failed() == ["generator_gradient"]
    assert_same(values(model), before)


@pytest.mark.parametrize(
    "scale,failed", [(1e12, []), (1e30, ["structure_loss", "generator_loss", "generator_gradient"])]
)
def test_large_values_are_nonfinite_if_their_squares_overflow(rng, scale, failed):
    model = tiny_huenet(structure=lambda joint: scale * joint)
    model.train_step(make_batches(rng, 1)[0])
    assert model.finite_check.failed() == failed
    assert all(np.isfinite(value).all() for value in values(model).values())
