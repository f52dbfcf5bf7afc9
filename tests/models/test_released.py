"""The variant `released`: a training step's losses and gradient, against the released formulas."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

import config
import histogram_layers.layers
from engine import build_model
from histogram_layers import dense

SIZE, BINS, RATIO = 32, 16, 2.5
LEARNING_RATE = 1e4  # so large that float32 weights show the gradient in one step


def bin_weights(images):
    """Bin weights [B,C,N,K] of [B,H,W,C]: a value and its mirror images at -1 and 1 have two sigmoids each."""
    length = 2 / BINS
    centers = -1 + length * (np.arange(BINS) + 0.5)
    weights = 0
    for mirrored in (images, -2 - images, 2 - images):
        offset = mirrored[..., None] - centers
        upper, lower = (tf.sigmoid(RATIO / length * (offset + side * length / 2)) for side in (1, -1))
        weights += upper - lower
    return tf.reshape(tf.transpose(weights, [0, 3, 1, 2, 4]), [images.shape[0], 3, -1, BINS])


def released_losses(image, batch, content, fake_logits):
    images = (image, batch["reference"], batch[content])
    of_image, of_reference, of_content = (bin_weights(tf.cast(values, tf.float64)) for values in images)
    difference = tf.cumsum(tf.reduce_mean(of_reference, 2), -1) - tf.cumsum(tf.reduce_mean(of_image, 2), -1)
    emd = (1 / BINS) ** 0.5 * tf.norm(difference, axis=-1)
    joint = tf.matmul(of_content, of_image, transpose_a=True) / SIZE**2
    marginal = tf.reduce_sum(joint, axis=-2, keepdims=True)
    entropy = -tf.reduce_sum(joint * tf.math.log(joint / marginal), axis=[-2, -1])
    bce = -tf.reduce_mean(tf.math.log_sigmoid(tf.cast(fake_logits, tf.float64)))
    return {"adversarial": bce, "structure": tf.reduce_mean(entropy), "color": tf.reduce_mean(emd)}


def in_float64(function):
    def oracle(*images, **options):
        return tf.cast(function(*(tf.cast(image, tf.float64) for image in images), **options), tf.float32)

    return oracle


def released_model(task):
    keras.utils.set_random_seed(3)
    options = config.load(task, variant="released", img_h=SIZE, img_w=SIZE, bin_num=BINS, filters=8)
    model = build_model(options)
    model.compile(keras.optimizers.SGD(LEARNING_RATE), keras.optimizers.SGD(LEARNING_RATE), jit_compile=False)
    return model, options.losses.weights


@pytest.mark.parametrize("oracle,bound", [(False, 1e-3), pytest.param(True, 1e-5, marks=pytest.mark.long)])
@pytest.mark.parametrize("task,content", [("colorization", "source"), ("color_transfer", "reference")])
def test_a_training_step_has_the_losses_and_the_gradient_of_the_released_code(
    task, content, oracle, bound, monkeypatch, rng
):
    if oracle:
        for name in ("soft_histogram", "joint_histogram"):
            monkeypatch.setattr(histogram_layers.layers, name, in_float64(getattr(dense, name)))
    names = ("source", "reference") if task == "color_transfer" else ("source", "reference", "target")
    batch = {name: tf.constant(rng.uniform(-1, 1, [2, SIZE, SIZE, 3]), tf.float32) for name in names}
    model, weights = released_model(task)
    other, _ = released_model(task)
    real = batch.get("target", batch["source"])
    with tf.GradientTape() as tape:
        histogram = other.reference_histogram(batch["reference"])
        image = other.generator([batch["source"], histogram, batch[content]], training=True)["image"]
        inputs_of = (lambda image: image) if task == "color_transfer" else (lambda image: [batch["source"], image])
        other.discriminator(inputs_of(real), training=True)
        terms = released_losses(image, batch, content, other.discriminator(inputs_of(image), training=True))
        total = sum(weights[name] * term for name, term in terms.items())
    expected = tape.gradient(total, other.generator.trainable_variables)

    logs = model.train_step(batch)
    for name, term in terms.items():
        np.testing.assert_allclose(logs[f"{name}_loss"], term, rtol=1e-5)
    np.testing.assert_allclose(logs["generator_loss"], total, rtol=1e-5)
    changes = [
        (old - new).numpy() / LEARNING_RATE
        for old, new in zip(other.generator.trainable_variables, model.generator.trainable_variables, strict=True)
    ]
    expected = [tf.convert_to_tensor(gradient).numpy() for gradient in expected]
    gradient, expected = (np.concatenate([part.ravel() for part in parts]) for parts in (changes, expected))
    assert np.linalg.norm(gradient - expected) < bound * np.linalg.norm(expected)
