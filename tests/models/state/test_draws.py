"""Random numbers: uniform, and the same with XLA."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from models.state import StepCounter, uniform


def test_numbers_are_uniform_and_not_correlated():
    counter = StepCounter(seed=3)
    numbers = np.stack([uniform([5000], counter.key(layer)) for layer in range(4)])
    assert numbers.min() >= 0 and numbers.max() < 1
    assert stats.kstest(numbers.ravel(), "uniform").pvalue > 0.001
    assert np.abs(np.corrcoef(numbers) - np.eye(4)).max() < 0.06


def test_every_key_has_numbers_of_its_own():
    keys = []
    for seed in (0, 1, 2**31 - 1):
        counter = StepCounter(seed)
        for step in (0, 1, 10**9):
            counter.step.assign(step)
            keys += [counter.key(layer) for layer in (0, 1, 1 << 20)]
    draws = {tuple(uniform([4], key).numpy()) for key in keys}
    assert len(draws) == len(keys) == 27


@pytest.mark.long
def test_xla_makes_the_same_numbers():
    counter = StepCounter(seed=2**31 - 1)
    for step in (0, 7, 2**40):
        counter.step.assign(step)
        draw = tf.function(lambda: uniform([3, 5, 7], counter.key(2)), autograph=False)
        compiled = tf.function(lambda: uniform([3, 5, 7], counter.key(2)), autograph=False, jit_compile=True)
        np.testing.assert_array_equal(draw(), compiled())
