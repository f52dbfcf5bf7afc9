"""The color difference against scikit-image."""

import numpy as np
import pytest
import tensorflow as tf
from skimage.color import deltaE_ciede94, rgb2lab

from losses import color_difference
from utils.colors import IMAGE_SPACES, to_network


@pytest.mark.parametrize("color_space", IMAGE_SPACES)
def test_it_is_cie94_divided_by_100(rng, color_space):
    real, image = np.float32(rng.uniform(0.05, 0.95, [2, 1, 9, 8, 3]))
    found = color_difference(*(to_network(tf.constant(x), color_space) for x in (real, image)), color_space=color_space)
    np.testing.assert_allclose(found, deltaE_ciede94(rgb2lab(real), rgb2lab(image)) / 100, atol=2e-3)


def test_its_gradient_is_finite_for_equal_and_for_gray_colors():
    for color in ([0.2, -0.4, 0.6], [0.0, 0.0, 0.0], [-1.0, -1.0, -1.0]):
        image = tf.constant(color, shape=[1, 1, 1, 3])
        with tf.GradientTape() as tape:
            tape.watch(image)
            difference = color_difference(image, image)
        assert difference < 2e-4 and np.isfinite(tape.gradient(difference, image)).all()


def test_colors_outside_srgb_are_clipped():
    assert color_difference(tf.ones([1, 1, 1, 3]), tf.fill([1, 1, 1, 3], 1.5)) < 2e-4
