"""The moving average of weights, alone and in HueNet."""

import numpy as np
import tensorflow as tf

from models.average import MovingAverage


def test_it_is_the_recurrence_with_a_smaller_momentum_at_first(rng):
    variable = tf.Variable(np.float32(rng.normal(size=3)))
    average = MovingAverage([variable], 0.9)
    expected = np.nan
    for step in range(200):
        variable.assign(np.float32(rng.normal(size=3)))
        average.update(step)
        momentum = min(0.9, step / (9 + step))
        expected = momentum * expected + (1 - momentum) * variable.numpy() if step else variable.numpy()
    np.testing.assert_allclose(average.averages[0], expected, rtol=1e-5)


def test_weights_are_averages_inside_and_themselves_again_after_even_an_error(rng):
    variable = tf.Variable([1.0, 2.0])
    average = MovingAverage([variable], 0.5)
    variable.assign([5.0, 6.0])
    try:
        with average.in_place():
            np.testing.assert_array_equal(variable, [1, 2])
            raise KeyError
    except KeyError:
        pass
    np.testing.assert_array_equal(variable, [5, 6])
