"""From RGB samples to the network's images."""

import numpy as np
import pytest
import tensorflow as tf
from skimage.color import rgb2yuv

from models import network_batch
from utils.colors import gray


@pytest.fixture
def samples(rng):
    images = {name: tf.constant(rng.uniform(size=[2, 5, 7, 3]), tf.float32) for name in ("source", "target")}
    return images | {"index": tf.constant([3, 1], tf.int64)}


def test_images_are_in_the_networks_colors_and_the_target_is_the_reference(samples):
    batch = network_batch(samples, color_space="yuv")
    for name in ("source", "target"):
        expected = rgb2yuv(samples[name].numpy()) * 2 - np.array([1, 0, 0])
        np.testing.assert_allclose(batch[name], expected, atol=1e-4)
    assert batch["reference"] is batch["target"] and batch["index"] is samples["index"]


def test_a_reference_of_its_own_stays(samples):
    reference = samples["target"][::-1]
    batch = network_batch(samples | {"reference": reference}, color_space="rgb")
    np.testing.assert_allclose(batch["reference"], reference * 2 - 1, atol=1e-6)
    assert set(network_batch({"source": reference}, color_space="rgb")) == {"source"}


def test_the_task_makes_the_source(samples):
    batch = network_batch(samples, to_source=gray, color_space="yuv")
    expected = network_batch({"target": samples["source"]}, color_space="yuv")["target"]
    np.testing.assert_allclose(batch["source"][..., 0], expected[..., 0], atol=1e-5)
    np.testing.assert_allclose(batch["source"][..., 1:], 0, atol=1e-5)


@pytest.mark.parametrize("channels,out_channels", [(1, 3), (3, 1), (1, 1)])
def test_one_channel_is_luminance(samples, channels, out_channels):
    batch = network_batch(samples, color_space="lab", channels=channels, out_channels=out_channels)
    assert batch["source"].shape[-1] == channels and batch["target"].shape[-1] == out_channels
    one = batch["source" if channels == 1 else "target"]
    rgb = samples["source" if channels == 1 else "target"]
    np.testing.assert_allclose(one[..., 0], rgb2yuv(rgb.numpy())[..., 0] * 2 - 1, atol=1e-4)


def test_it_maps_over_a_pipeline(samples):
    images = {name: samples[name] for name in ("source", "target")}
    (mapped,) = tf.data.Dataset.from_tensors(images).map(network_batch)
    for name, values in network_batch(images).items():
        np.testing.assert_allclose(mapped[name], values, atol=1e-6)
