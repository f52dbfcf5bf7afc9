"""The structural dissimilarity against scikit-image's SSIM."""

import numpy as np
import pytest
import tensorflow as tf
from skimage.metrics import structural_similarity

from losses import structural_dissimilarity
from utils.colors import to_network


@pytest.mark.parametrize("color_space", ("rgb", "yuv", "lab"))
def test_it_is_one_minus_scikit_images_ssim_of_luminance(rng, color_space):
    first = rng.uniform(0.1, 0.9, [2, 32, 40, 3])
    second = np.clip(0.5 * first + rng.normal(0.2, 0.05, first.shape), 0.02, 0.98)
    images = [to_network(tf.constant(rgb, tf.float32), color_space) for rgb in (first, second)]
    options = {"data_range": 1.0, "gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    pairs = zip(*(rgb @ [0.299, 0.587, 0.114] for rgb in (first, second)), strict=True)
    # scikit-image takes the mean without the border of half a window, as TensorFlow does.
    expected = [1 - structural_similarity(*pair, **options) for pair in pairs]
    np.testing.assert_allclose(structural_dissimilarity(*images, color_space=color_space), expected, atol=1e-3)


def test_luminance_alone_and_equal_images(rng):
    image = tf.constant(rng.uniform(-1, 1, [1, 16, 16, 1]), tf.float32)
    np.testing.assert_allclose(structural_dissimilarity(image, image), [0], atol=1e-5)
    assert structural_dissimilarity(image, -image) > 1
