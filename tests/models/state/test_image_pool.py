"""The image pool: what it gives is new or was given before, half of the time each when it is full."""

import numpy as np
import tensorflow as tf

from models.state.image_pool import ImagePool
from models.state.step_counter import StepCounter
from models.state.variables import assign

BATCH, SIZE = 4, 10


def exchange_many(steps, seed=0):
    step_counter = StepCounter(seed)
    pool = ImagePool(SIZE, {"image": (2, 2, 1), "source": (3,)}, step_counter)

    @tf.function
    def exchange(tensors):
        shown, contents = pool.exchange(tensors)
        assign(pool.variables, contents)
        return shown

    given = []
    for step in range(steps):
        numbers = tf.range(step * BATCH, (step + 1) * BATCH, dtype=tf.float32)
        tensors = {
            "image": numbers[:, None, None, None] * tf.ones([BATCH, 2, 2, 1]),
            "source": numbers[:, None] * tf.ones([BATCH, 3]),
            "content": numbers,
        }
        shown = exchange(tensors)
        assert set(shown) == {"image", "source"}
        np.testing.assert_array_equal(shown["image"][:, 0, 0, 0], shown["source"][:, 0])  # they stay together
        given.append(shown["source"][:, 0].numpy())
        step_counter.increment()
    return np.concatenate(given).astype(int)


def test_it_gives_new_ones_while_it_fills_and_then_half_of_the_time_old_ones():
    given = exchange_many(200)
    numbers = np.arange(len(given))
    np.testing.assert_array_equal(given[:SIZE], numbers[:SIZE])
    assert (given <= numbers).all()
    later, old = given[SIZE:], (given < numbers)[SIZE:]
    assert 0.4 < old.mean() < 0.6
    assert len(set(later[old])) == old.sum()  # what was given is replaced
    # One of ten is replaced every second time: the mean age is 20 images.
    assert 14 < (numbers[SIZE:] - later)[old].mean() < 27


def test_draws_are_the_seeds():
    np.testing.assert_array_equal(exchange_many(20), exchange_many(20))
    assert (exchange_many(20) != exchange_many(20, seed=1)).any()
