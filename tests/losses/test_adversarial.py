"""Adversarial losses, against Keras and against formulas in numpy."""

import numpy as np
import pytest
from tensorflow import keras

from losses import discriminator_loss, generator_adversarial_loss


@pytest.fixture
def logits(rng):
    return np.float32(rng.normal(scale=3, size=[4, 6, 6, 1])), np.float32(rng.normal(scale=3, size=[4, 6, 6, 1]))


def test_vanilla_is_binary_cross_entropy_from_logits(logits):
    real, fake = logits
    bce = keras.losses.BinaryCrossentropy(from_logits=True)
    np.testing.assert_allclose(generator_adversarial_loss(fake), bce(np.ones_like(fake), fake), rtol=1e-5)
    expected = bce(np.ones_like(real), real) + bce(np.zeros_like(fake), fake)
    np.testing.assert_allclose(discriminator_loss(real, fake), expected, rtol=1e-5)


def test_lsgan_is_the_mean_squared_error(logits):
    real, fake = logits
    np.testing.assert_allclose(generator_adversarial_loss(fake, "lsgan"), np.mean((fake - 1) ** 2), rtol=1e-5)
    expected = np.mean((real - 1) ** 2) + np.mean(fake**2)
    np.testing.assert_allclose(discriminator_loss(real, fake, "lsgan"), expected, rtol=1e-5)


def test_hinge_matches_its_formula(logits):
    real, fake = logits
    np.testing.assert_allclose(generator_adversarial_loss(fake, "hinge"), -np.mean(fake), rtol=1e-5)
    expected = np.mean(np.maximum(0, 1 - real)) + np.mean(np.maximum(0, 1 + fake))
    np.testing.assert_allclose(discriminator_loss(real, fake, "hinge"), expected, rtol=1e-5)


def test_a_perfect_discriminator_has_zero_loss_and_large_logits_are_exact():
    large = np.full([2, 3], 1000.0, np.float32)
    assert discriminator_loss(large, -large) == 0
    assert generator_adversarial_loss(-large) == 1000


def test_an_unknown_kind_is_an_error(logits):
    for loss in (lambda: generator_adversarial_loss(logits[0], "wgan"), lambda: discriminator_loss(*logits, "wgan")):
        with pytest.raises(ValueError, match="wgan"):
            loss()
