"""The moving average of weights."""

import numpy as np
import tensorflow as tf

from models.state.moving_average import MovingAverage


def test_the_average_follows_its_recurrence_with_a_smaller_momentum_at_first(rng):
    variable = tf.Variable(np.float32(rng.normal(size=3)))
    average = MovingAverage([variable], 0.9)
    expected = np.nan
    for step in range(200):
        variable.assign(np.float32(rng.normal(size=3)))
        average.update(step)
        momentum = min(0.9, step / (9 + step))
        expected = momentum * expected + (1 - momentum) * variable.numpy() if step else variable.numpy()
    np.testing.assert_allclose(average.averages[0], expected, rtol=1e-5)
