"""Histogram matching as a generator, and inside HDRNet."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from histogram_layers import match_histograms, soft_histogram
from models import augment, hdrnet_generator, matching_generator
from utils.colors import convert, to_network


def make_pair(rng, color_space, histogram_space, bins=32):
    """Two images of different colors, in the network's colors, and the second one's histogram."""
    source = to_network(tf.constant(rng.uniform(0.2, 0.7, [2, 24, 40, 3]), tf.float32), color_space)
    reference = to_network(tf.constant(rng.beta(2, 5, [2, 30, 20, 3]), tf.float32), color_space)
    return source, soft_histogram(convert(reference, color_space, histogram_space), bins)


def test_it_matches_each_channel_and_has_no_weights(rng):
    source, histogram = make_pair(rng, "yuv", "yuv")
    network = matching_generator(bins=32)
    assert network.weights == []
    output = network([source, histogram])
    np.testing.assert_allclose(output, match_histograms(source, histogram), atol=1e-6)
    assert network([source[:, :16, :17], histogram]).shape == (2, 16, 17, 3)


@pytest.mark.parametrize("color_space", ("rgb", "yuv"))
def test_with_directions_it_matches_in_rgb(rng, color_space):
    source, histogram = make_pair(rng, color_space, "directions")
    spaces = {"color_space": color_space, "histogram_space": "directions"}
    output = matching_generator(bins=32, histogram_channels=13, **spaces)([source, histogram])
    expected = match_histograms(convert(source, color_space, "rgb"), histogram[:, :3])
    np.testing.assert_allclose(convert(output, color_space, "rgb"), expected, atol=1e-5)


def test_luminance_alone_is_matched(rng):
    source = tf.constant(rng.uniform(-1, 1, [1, 16, 16, 1]), tf.float32)
    histogram = soft_histogram(np.float32(rng.uniform(-0.5, 0, [1, 16, 16, 1])), 64)
    output = matching_generator(channels=1, out_channels=1, bins=64)([source, histogram])
    assert np.min(output) > -0.6 and np.max(output) < 0.1


@pytest.mark.parametrize("options,name", [({"channels": 1}, "out_channels"), ({"boundary": "cyclic"}, "boundary")])
def test_a_wrong_option_of_matching_is_named(options, name):
    with pytest.raises(ValueError, match=name):
        matching_generator(**options)


@pytest.mark.long
@pytest.mark.parametrize("histogram_space,channels", [("rgb", 3), ("directions", 13)])
def test_a_matched_hdrnet_starts_near_the_mean_of_source_and_matched(rng, histogram_space, channels):
    keras.utils.set_random_seed(0)
    spaces = {"color_space": "rgb", "histogram_space": histogram_space}
    network = hdrnet_generator(64, bins=32, matched=True, histogram_channels=channels, **spaces)
    source, histogram = make_pair(rng, "rgb", histogram_space)
    matched = match_histograms(source, histogram[:, :3])
    error = np.abs(network([source, histogram]) - (source + matched) / 2).mean()
    assert error < 0.2 < np.abs(source - matched).mean()


def test_the_sources_own_histogram_reaches_the_code(rng):
    keras.utils.set_random_seed(0)
    network = hdrnet_generator(64, bins=32, source_histogram=True, color_space="rgb")
    codes = keras.Model(network.inputs, network.get_layer("reference_dense").output)
    source, histogram = make_pair(rng, "rgb", "rgb")
    assert np.abs(codes([source, histogram]) - codes([source * 0.5, histogram])).max() > 1e-2
    mirrored = codes([source[:, ::-1], histogram])
    np.testing.assert_allclose(mirrored, codes([source, histogram]), atol=1e-4)  # colors count, places do not


@pytest.mark.parametrize("name", ("matched", "source_histogram"))
def test_both_need_the_reference(name):
    with pytest.raises(ValueError, match="encoder"):
        hdrnet_generator(encoder=None, **{name: True})


@pytest.mark.long
def test_augment_gives_the_grid_to_loss_terms_that_need_it(rng):
    network = hdrnet_generator(64, bins=32, grid=(16, 16, 4))
    source, histogram = make_pair(rng, "yuv", "yuv")
    outputs = augment(network, 32, inner=("grid",))([source, histogram, source])
    assert outputs["grid"].shape == (2, 16, 16, 4, 3, 4)
    np.testing.assert_allclose(outputs["image"], network([source, histogram]), atol=1e-6)
