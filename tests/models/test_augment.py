"""Network augmentation: a generator with the histogram of its image and its joint histogram with the content."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from histogram_layers import hard_histogram, joint_histogram, soft_histogram
from losses import conditional_entropy, earth_movers_distance
from models import HueNet, augment, patchgan_discriminator, unet_generator

SIZE, BINS = 32, 16


def test_the_augmented_generator_gives_image_histogram_and_joint_histogram(batch):
    augmented = augment(unet_generator(SIZE, bins=BINS, filters=8), bins=BINS, boundary="cyclic")
    outputs = augmented([batch["source"], hard_histogram(batch["reference"], BINS), batch["target"]])
    assert set(outputs) == {"image", "histogram", "joint"}
    image, options = outputs["image"], {"bins": BINS, "boundary": "cyclic"}
    np.testing.assert_allclose(outputs["histogram"], soft_histogram(image, **options), atol=1e-6)
    np.testing.assert_allclose(outputs["joint"], joint_histogram(batch["target"], image, **options), atol=1e-6)


def test_a_generator_without_a_reference_histogram_is_augmented_too(batch):
    augmented = augment(unet_generator(SIZE, bins=BINS, encoder=None, filters=8), bins=BINS)
    inputs = [batch["source"], tf.zeros([2, 3, BINS]), batch["target"]]
    assert augmented(inputs)["joint"].shape == (2, 3, BINS, BINS)


@pytest.mark.long
def test_an_augmented_generator_is_saved_and_reloaded(tmp_path, batch):
    augmented = augment(unet_generator(SIZE, bins=BINS, filters=8), bins=BINS)
    augmented.save(tmp_path / "augmented.keras")
    inputs = [batch["source"], hard_histogram(batch["reference"], BINS), batch["target"]]
    expected, reloaded = augmented(inputs), keras.models.load_model(tmp_path / "augmented.keras")(inputs)
    for name, value in expected.items():
        np.testing.assert_allclose(reloaded[name], value, atol=1e-6)


@pytest.mark.long
def test_any_keras_model_with_a_source_can_be_the_generator(batch):
    source = keras.Input((SIZE, SIZE, 3), name="source")
    mine = keras.Model(source, keras.layers.Conv2D(3, 3, padding="same", activation="tanh")(source), name="mine")
    model = HueNet(
        augment(mine, bins=BINS),
        patchgan_discriminator(SIZE, filters=8),
        losses={"adversarial": "vanilla", "structure": conditional_entropy, "color": earth_movers_distance},
        weights={"adversarial": 1.0, "structure": 2.0, "color": 20.0, "pixel": 5.0},
    )
    model.compile(keras.optimizers.Adam(), keras.optimizers.Adam(), jit_compile=False)
    assert np.isfinite(model.train_step(batch)["generator_loss"])
    np.testing.assert_allclose(model(batch), mine(batch["source"]), atol=1e-6)
