"""Training with the dense oracle. At each step, the histogram layers must have the same loss and gradient."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from histogram_layers import dense, joint_histogram, soft_histogram
from losses import conditional_entropy, earth_movers_distance
from models import unet_generator


@pytest.mark.long
def test_losses_and_gradients_match_the_oracle_in_twenty_training_steps(photographs):
    keras.utils.set_random_seed(1)
    target = np.float32(photographs[:, :32, :32])
    source = target.mean(axis=-1, keepdims=True).repeat(3, axis=-1)
    generator = unet_generator((32, 32), encoder=None, filters=8)
    weights = generator.trainable_variables
    optimizer = keras.optimizers.Adam(2e-3, beta_1=0.5)
    optimizer.build(weights)

    def loss_and_gradient(soft, joint, output):
        image = tf.constant(target, output.dtype)
        with tf.GradientTape() as tape:
            tape.watch(output)
            color = tf.reduce_mean(earth_movers_distance(soft(image), soft(output)))
            loss = 20 * color + tf.reduce_mean(conditional_entropy(joint(image, output)))
        return loss, tape.gradient(loss, output)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            output = generator(source, training=True)
        layers = loss_and_gradient(soft_histogram, joint_histogram, output)
        formulas = dense.soft_histogram, dense.joint_histogram
        oracle = loss_and_gradient(*formulas, tf.cast(output, tf.float64))
        gradients = tape.gradient(output, weights, tf.cast(oracle[1], tf.float32))
        optimizer.apply_gradients(zip(gradients, weights, strict=True))
        return layers, oracle

    losses = []
    for _ in range(20):
        (layers_loss, gradient), (oracle_loss, expected) = step()
        np.testing.assert_allclose(layers_loss, oracle_loss, rtol=1e-5)
        assert np.linalg.norm(gradient.numpy() - expected.numpy()) < 1e-3 * np.linalg.norm(expected)
        losses.append(float(oracle_loss))
    assert losses[-1] < 0.9 * losses[0]
