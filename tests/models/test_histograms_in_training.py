"""Training with the dense oracle, and at the weights of each step the layers' own loss and gradient."""

import numpy as np
import tensorflow as tf
from tensorflow import keras

from histogram_layers import joint_histogram, reference, soft_histogram
from losses import conditional_entropy, earth_movers_distance
from models import unet_generator


def test_twenty_steps_with_the_oracle_have_the_layers_losses_and_gradients(photographs):
    keras.utils.set_random_seed(1)
    target = np.float32(photographs[:, :32, :32])
    source = target.mean(axis=-1, keepdims=True).repeat(3, axis=-1)
    generator = unet_generator((32, 32), encoder=None)
    optimizer = keras.optimizers.Adam(2e-3, beta_1=0.5)

    def losses(soft, joint, output, dtype):
        wanted = tf.constant(target, dtype)
        colour = tf.reduce_mean(earth_movers_distance(soft(wanted), soft(output)))
        return 20 * colour + tf.reduce_mean(conditional_entropy(joint(wanted, output)))

    seen = []
    for _ in range(20):
        with tf.GradientTape(persistent=True) as tape:
            output = generator(source, training=True)
            exact_output = tf.cast(output, tf.float64)
            tape.watch(exact_output)
            exact = losses(reference.soft_histogram, reference.joint_histogram, exact_output, tf.float64)
            ours = losses(soft_histogram, joint_histogram, output, tf.float32)
        np.testing.assert_allclose(ours, exact, rtol=1e-5)
        gradient, expected = tape.gradient(ours, output).numpy(), tape.gradient(exact, exact_output).numpy()
        assert np.linalg.norm(gradient - expected) < 1e-3 * np.linalg.norm(expected)
        weights = generator.trainable_variables
        optimizer.apply_gradients(
            zip(tape.gradient(output, weights, tf.constant(expected, tf.float32)), weights, strict=True)
        )
        seen.append(float(exact))
    assert seen[-1] < 0.9 * seen[0]
