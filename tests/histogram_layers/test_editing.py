"""Histograms that were edited by hand: resampled, and matched in the edited channels alone."""

import numpy as np
import tensorflow as tf

from histogram_layers import match_channels, replace_channels, soft_histogram


def test_curves_are_resampled_to_bins_that_sum_to_1(rng):
    histogram = rng.dirichlet(np.ones(256), [1, 3]).astype(np.float32)
    curve = rng.dirichlet(np.ones(64))
    replaced = replace_channels(histogram, {1: 3 * curve})
    np.testing.assert_array_equal(replaced[:, [0, 2]], histogram[:, [0, 2]])
    np.testing.assert_allclose(replaced[0, 1].reshape(64, 4).sum(-1), curve, atol=1e-6)


def test_only_the_edited_channels_are_matched(photographs):
    first, second = (tf.constant(image[None], tf.float32) for image in photographs)
    wanted = soft_histogram(second, 64).numpy()[0, 2]
    matched = match_channels(first, {2: wanted}, bins=64)
    np.testing.assert_array_equal(matched[..., :2], first[..., :2])

    def distance(image):
        found = soft_histogram(image, 64).numpy()[0, 2]
        return np.abs(np.cumsum(found - wanted)).mean()

    assert distance(matched) < 0.01 < distance(first)
