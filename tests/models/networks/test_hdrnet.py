"""HDRNet: its weights, its start, and images of any size."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from models import hdrnet_generator
from models.networks.averaging import AveragedCopy
from utils.colors import IMAGE_SPACES, to_rgb


def histograms(rng, count, channels=3, bins=16):
    return tf.constant(rng.dirichlet(np.ones(bins), [count, channels]), tf.float32)


@pytest.mark.parametrize("guide,count", [("curves", 482_080), ("network", 482_049)])
def test_without_a_reference_it_has_the_papers_weights(guide, count):
    network = hdrnet_generator(encoder=None, guide=guide)
    assert sum(int(tf.size(weight)) for weight in network.trainable_weights) == count


@pytest.mark.parametrize("channels,out_channels", [(3, 3), (3, 1), (1, 1)])
def test_with_a_reference_it_starts_near_the_source(rng, channels, out_channels):
    keras.utils.set_random_seed(0)
    network = hdrnet_generator(64, channels, out_channels, 16)
    source = tf.constant(rng.uniform(-1, 1, [2, 40, 72, channels]), tf.float32)
    output = network([source, histograms(rng, 2, out_channels)])
    assert np.abs(output - source[..., :out_channels]).mean() < 0.2


@pytest.mark.parametrize("encoder", ("dense", None))
def test_with_identity_it_starts_exactly_at_the_source(rng, encoder):
    network = hdrnet_generator(64, bins=16, encoder=encoder, identity=True)
    source = tf.constant(rng.uniform(-1, 1, [2, 40, 72, 3]), tf.float32)
    np.testing.assert_allclose(network([source, histograms(rng, 2)] if encoder else source), source, atol=1e-5)


@pytest.mark.parametrize("color_space", IMAGE_SPACES)
def test_a_source_of_one_channel_starts_as_gray_in_every_color_space(rng, color_space):
    network = hdrnet_generator(64, 1, 3, 16, color_space=color_space)
    kernel = network.get_layer("grid_conv").weights[0]
    kernel.assign(tf.zeros_like(kernel))  # the start without its noise
    luminance = tf.constant(rng.uniform(0, 1, [1, 40, 72, 1]), tf.float32)
    output = to_rgb(network([2 * luminance - 1, histograms(rng, 1)]), color_space)
    # L of Lab is not quite linear in luminance.
    np.testing.assert_allclose(output, tf.repeat(luminance, 3, axis=-1), atol=1e-3 if color_space != "lab" else 0.05)
    assert np.ptp(output, axis=-1).max() < 2e-3


@pytest.mark.parametrize("guide", ("curves", "network"))
def test_every_weight_has_a_gradient_and_the_reference_matters(rng, guide):
    keras.utils.set_random_seed(0)
    network = hdrnet_generator(64, bins=16, guide=guide, batch_norm=True, histogram_channels=13)
    source, reference = tf.constant(rng.uniform(-1, 1, [2, 64, 64, 3]), tf.float32), histograms(rng, 2, 13)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(network([source, reference], training=True) - 0.3))
    gradients = tape.gradient(loss, network.trainable_weights)
    assert [w.name for w, g in zip(network.trainable_weights, gradients, strict=True) if not np.any(g)] == []
    assert np.abs(network([source, reference]) - network([source, reference[::-1]])).max() > 1e-4


def test_with_a_reference_it_does_not_know_the_borders(rng):
    keras.utils.set_random_seed(0)
    network = hdrnet_generator(64, bins=16)
    grid = keras.Model(network.inputs, network.get_layer("grid").output)
    cells = grid([tf.fill([1, 64, 64, 3], 0.3), histograms(rng, 1)])
    np.testing.assert_allclose(cells, tf.broadcast_to(cells[:, 8:9, 8:9], cells.shape), atol=1e-5)
    assert np.ptp(cells, axis=3).max() > 0.01  # the levels differ


@pytest.mark.long
@pytest.mark.parametrize("size,side", [(None, 256), (512, 256), (255, 128), ((128, 300), 128), (100, 64), (20, 64)])
def test_the_small_copy_is_as_large_as_the_images_allow(size, side):
    assert hdrnet_generator(size).get_layer("copy").side == side


def test_one_network_takes_every_size(rng):
    network = hdrnet_generator(64, bins=16)
    for size in ((64, 64), (33, 90), (300, 20), (16, 16)):
        source = tf.constant(rng.uniform(-1, 1, [1, *size, 3]), tf.float32)
        assert network([source, histograms(rng, 1)]).shape == (1, *size, 3)


def test_the_small_copy_holds_means_of_rectangles(rng):
    image = rng.uniform(-1, 1, [2, 96, 64, 3])
    copy = AveragedCopy(32)(tf.constant(image, tf.float32))
    np.testing.assert_allclose(copy, image.reshape([2, 32, 3, 32, 2, 3]).mean(axis=(2, 4)), atol=1e-6)
    odd = AveragedCopy(7)(tf.constant(image[:, :10, :5], tf.float32))  # the same, of pixels repeated seven times
    repeated = np.repeat(np.repeat(image[:, :10, :5], 7, axis=1), 7, axis=2)
    np.testing.assert_allclose(odd, repeated.reshape([2, 7, 10, 7, 5, 3]).mean(axis=(2, 4)), atol=1e-6)


@pytest.mark.parametrize(
    "options,name",
    [({"encoder": "embedding"}, "encoder"), ({"guide": "luminance"}, "guide"), ({"grid": (16, 12, 8)}, "grid")],
)
def test_a_wrong_option_is_named(options, name):
    with pytest.raises(ValueError, match=name):
        hdrnet_generator(**options)


@pytest.mark.long
def test_a_saved_and_reloaded_network_gives_the_same_image(tmp_path, rng):
    network = hdrnet_generator(64, bins=16, guide="network")
    inputs = [tf.constant(rng.uniform(-1, 1, [1, 70, 50, 3]), tf.float32), histograms(rng, 1)]
    network.save(tmp_path / "network.keras")
    reloaded = keras.models.load_model(tmp_path / "network.keras")
    np.testing.assert_allclose(reloaded(inputs), network(inputs), atol=1e-6)
