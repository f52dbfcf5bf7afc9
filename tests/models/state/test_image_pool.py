"""The image pool: when it is full, it returns new and old images equally often."""

import numpy as np
import pytest
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
        images, contents = pool.exchange(tensors)
        assign(pool.variables, contents)
        return images

    returned = []
    for step in range(steps):
        numbers = tf.range(step * BATCH, (step + 1) * BATCH, dtype=tf.float32)
        tensors = {
            "image": numbers[:, None, None, None] * tf.ones([BATCH, 2, 2, 1]),
            "source": numbers[:, None] * tf.ones([BATCH, 3]),
            "content": numbers,
        }
        images = exchange(tensors)
        assert set(images) == {"image", "source"}
        # Each image keeps its source.
        np.testing.assert_array_equal(images["image"][:, 0, 0, 0], images["source"][:, 0])
        returned.append(images["source"][:, 0].numpy())
        step_counter.increment()
    return np.concatenate(returned).astype(int)


@pytest.mark.long
def test_the_pool_returns_new_images_until_it_is_full_and_then_old_ones_half_of_the_time():
    returned = exchange_many(200)
    numbers = np.arange(len(returned))
    np.testing.assert_array_equal(returned[:SIZE], numbers[:SIZE])
    assert (returned <= numbers).all()
    later, old = returned[SIZE:], (returned < numbers)[SIZE:]
    assert 0.4 < old.mean() < 0.6
    assert len(set(later[old])) == old.sum()  # a returned image is replaced
    # Every second time, one of the ten images is replaced, so that their mean age is 20 images.
    assert 14 < (numbers[SIZE:] - later)[old].mean() < 27


@pytest.mark.long
def test_draws_are_reproducible_and_depend_on_the_seed():
    np.testing.assert_array_equal(exchange_many(20), exchange_many(20))
    assert (exchange_many(20) != exchange_many(20, seed=1)).any()
