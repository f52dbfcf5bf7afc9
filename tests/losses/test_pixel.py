"""Losses of images, pixel by pixel, against numpy."""

import numpy as np
import tensorflow as tf

from losses.pixel import absolute_difference, squared_excess


def test_the_absolute_difference_is_numpys(rng):
    real, image = rng.uniform(-1, 1, [2, 1, 4, 5, 3])
    np.testing.assert_allclose(absolute_difference(real, image), np.abs(real - image))


def test_the_excess_is_squared_outside_the_range_and_zero_inside():
    image = tf.constant([-3.0, -1.0, -0.5, 0.0, 1.0, 1.5])
    with tf.GradientTape() as tape:
        tape.watch(image)
        excess = squared_excess(image)
    np.testing.assert_allclose(excess, [4, 0, 0, 0, 0, 0.25])
    np.testing.assert_allclose(tape.gradient(excess, image), [-4, 0, 0, 0, 0, 1])
