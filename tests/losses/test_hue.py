"""Losses of hue, a cyclic channel: rotating the hues of both images does not change them."""

import numpy as np
import ot
import pytest
import tensorflow as tf
from skimage.color import rgb2hsv

import losses
from histogram_layers import joint_histogram, soft_histogram
from losses import color_distance, cyclic_earth_movers_distance, earth_movers_distance

BINS = 256
STRUCTURE_LOSSES = ("conditional_entropy", "mutual_information", "normalized_mi_distance")


@pytest.fixture
def hues(photographs):
    """The hues of two photographs, in [-1, 1): float32 [1, 48, 48, 1] each."""
    hsv = rgb2hsv((photographs + 1) / 2)
    return np.float32(hsv[..., :1] * 2 - 1)[:1], np.float32(hsv[..., :1] * 2 - 1)[1:]


def hue_losses(first, second):
    options = {"bins": BINS, "boundary": "cyclic"}
    h1, h2 = (soft_histogram(image, **options) for image in (first, second))
    joint = joint_histogram(first, second, **options)
    distances = [cyclic_earth_movers_distance(h1, h2, order) for order in (1, 2)]
    return np.ravel([*distances, *(getattr(losses, name)(joint) for name in STRUCTURE_LOSSES)])


def rotated(hues, angle):
    return np.float32((hues + 1 + 2 * angle) % 2 - 1)


@pytest.mark.parametrize("bins", (1, 37, 128, 255))
def test_losses_are_invariant_to_rotation_of_both_hues_by_an_integer_number_of_bins(hues, bins):
    before = hue_losses(*hues)
    after = hue_losses(*(rotated(hue, bins / BINS) for hue in hues))
    np.testing.assert_allclose(after, before, atol=1e-6)


@pytest.mark.parametrize("angle", (0.013, 0.2, 0.777))
def test_rotation_of_both_hues_by_any_angle_changes_losses_by_less_than_one_percent(hues, angle):
    before = hue_losses(*hues)
    after = hue_losses(*(rotated(hue, angle) for hue in hues))
    np.testing.assert_allclose(after, before, rtol=0.01)


def test_color_distance_is_cyclic_for_cyclic_channels_only(photographs, rng):
    h1, h2 = rng.dirichlet(np.ones(BINS), [2, 2, 3])
    h1, h2 = tf.constant(h1), tf.constant(h2)
    distances = color_distance(h1, h2, order=1, boundary=("cyclic", "reflect", "none")).numpy()
    np.testing.assert_allclose(distances[:, 1:], earth_movers_distance(h1, h2, 1)[:, 1:])
    centers = (np.arange(BINS) + 0.5) / BINS
    for image in range(2):
        expected = ot.wasserstein_circle(centers, centers, h1[image, 0].numpy(), h2[image, 0].numpy())
        np.testing.assert_allclose(distances[image, 0], np.ravel(expected)[0], rtol=1e-6)
    np.testing.assert_allclose(color_distance(h1, h2), earth_movers_distance(h1, h2))
    np.testing.assert_allclose(color_distance(h1, h2, 2, "cyclic"), cyclic_earth_movers_distance(h1, h2))
    with pytest.raises(ValueError, match="one per channel"):
        color_distance(h1, h2, boundary=("cyclic", "reflect"))
