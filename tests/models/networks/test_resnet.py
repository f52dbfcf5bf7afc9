"""The ResNet generator: the layers of CycleGAN, with an encoder of the reference histogram, at all allowed sizes."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from models import resnet_generator
from models.networks.instance_norm import EPSILON, instance_norm

BINS = 8


def published_parameters(blocks):
    """The number of CycleGAN's parameters: convolutions are 3x3, the first and last 7x7; norms have two per channel."""
    normalized = [(3, 64, 7), (64, 128, 3), (128, 256, 3), *[(256, 256, 3)] * 2 * blocks, (256, 128, 3), (128, 64, 3)]
    return sum(inputs * outputs * size**2 + 2 * outputs for inputs, outputs, size in normalized) + 64 * 3 * 7**2 + 3


@pytest.mark.long
@pytest.mark.parametrize("blocks", (6, 9))
def test_the_resnet_has_the_parameters_of_cyclegan(blocks):
    assert resnet_generator(64, encoder=None, blocks=blocks).count_params() == published_parameters(blocks)


@pytest.mark.parametrize("encoder", ("embedding", "dense"))
@pytest.mark.parametrize("size", (64, (24, 36)))
def test_the_reference_histogram_changes_the_output(encoder, size, rng):
    model = resnet_generator(size, bins=BINS, encoder=encoder, blocks=2)
    height, width = (size, size) if isinstance(size, int) else size
    source = np.float32(rng.uniform(-1, 1, [2, height, width, 3]))
    flat, peaked = np.full([2, 3, BINS], 1 / BINS, np.float32), np.eye(BINS, dtype=np.float32)[[[3] * 3] * 2]
    first, second = model([source, flat]).numpy(), model([source, peaked]).numpy()
    assert first.shape == (2, height, width, 3) and np.abs(first).max() <= 1
    # Instance normalization does not remove the effect of the histogram.
    assert np.abs(first - second).mean() > 1e-3 * np.abs(first).mean()


@pytest.mark.parametrize("size", (66, (64, 30), 4))
def test_a_size_that_is_too_small_or_not_a_multiple_of_4_is_an_error(size):
    with pytest.raises(ValueError, match=r"(66x66|64x30|4x4).*multiples of 4"):
        resnet_generator(size)


def test_instance_norm_normalizes_each_channel_of_each_image(rng):
    images = np.float32(rng.normal(3, 2, [2, 5, 7, 4]))
    layer = instance_norm("norm")
    layer.build(images.shape)
    gamma, beta = np.float32(rng.uniform(0.5, 2, [2, 4]))
    layer.set_weights([gamma, beta])  # both TensorFlow stacks have this order
    mean, variance = images.mean((1, 2), keepdims=True), images.var((1, 2), keepdims=True)
    expected = gamma * (images - mean) / np.sqrt(variance + EPSILON) + beta
    np.testing.assert_allclose(layer(images), expected, atol=1e-5)


def test_weights_are_in_the_order_of_construction():
    model = resnet_generator(64, blocks=2)
    layer_names = {id(weight): layer.name for layer in model.layers for weight in layer.weights}
    order = [
        name for name in dict.fromkeys(layer_names[id(weight)] for weight in model.weights) if "reference" not in name
    ]
    blocks = [f"block_{block}_{half}" for block in range(2) for half in range(2)]
    before, after = (
        [f"{name}_{part}" for name in names for part in ("conv", "norm")]
        for names in (("first", "down_0", "down_1"), blocks)
    )
    assert order == [*before, "mix", *after, "up_0", "up_0_norm", "up_1", "up_1_norm", "last"]


@pytest.mark.long
def test_a_reloaded_generator_has_the_same_output(tmp_path, rng):
    model = resnet_generator(32, bins=BINS, blocks=1)
    model.save(tmp_path / "generator.keras")
    inputs = [np.float32(rng.uniform(-1, 1, [1, 32, 32, 3])), np.full([1, 3, BINS], 1 / BINS, np.float32)]
    reloaded = keras.models.load_model(tmp_path / "generator.keras")
    np.testing.assert_allclose(reloaded(inputs), model(inputs), atol=1e-6)


@pytest.mark.long
def test_training_gives_outputs_the_colors_of_the_reference(rng):
    keras.utils.set_random_seed(1)
    model = resnet_generator(16, bins=BINS, encoder="dense", blocks=1)
    source = tf.constant(rng.uniform(-1, 1, [2, 16, 16, 3]), tf.float32)
    histogram = tf.constant(np.eye(BINS)[[[1] * 3, [6] * 3]], tf.float32)
    target = tf.reshape(tf.constant([-0.6, 0.6]), [2, 1, 1, 1]) + 0.1 * source
    optimizer = keras.optimizers.Adam(2e-3)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.abs(model([source, histogram], training=True) - target))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss

    losses = [float(step()) for _ in range(60)]
    assert losses[-1] < 0.25 * losses[0]
