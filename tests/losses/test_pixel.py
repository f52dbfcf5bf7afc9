"""Losses of images, pixel by pixel, against numpy."""

import numpy as np
import pytest
import tensorflow as tf

from losses.pixel import pixel_loss, squared_excess


def test_l1_is_of_values_in_the_networks_range_and_l2_of_values_from_0_to_1(rng):
    real, image = rng.uniform(-1, 1, [2, 1, 4, 5, 3])
    np.testing.assert_allclose(pixel_loss(real, image, kind="l1"), np.abs(real - image))
    unit = [(values + 1) / 2 for values in (real, image)]
    np.testing.assert_allclose(pixel_loss(real, image, kind="l2"), (unit[0] - unit[1]) ** 2)
    with pytest.raises(ValueError, match="'l1' or 'l2'; received 'l3'"):
        pixel_loss(real, image, kind="l3")


def test_the_excess_is_squared_outside_the_range_and_zero_inside():
    image = tf.constant([-3.0, -1.0, -0.5, 0.0, 1.0, 1.5])
    with tf.GradientTape() as tape:
        tape.watch(image)
        excess = squared_excess(image)
    np.testing.assert_allclose(excess, [4, 0, 0, 0, 0, 0.25])
    np.testing.assert_allclose(tape.gradient(excess, image), [-4, 0, 0, 0, 0, 1])
