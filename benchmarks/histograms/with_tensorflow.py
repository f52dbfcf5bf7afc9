"""Measure histogram losses once in TensorFlow. __main__.py runs this file in a new process.

python -m benchmarks.histograms.with_tensorflow METHOD IMAGES.npz BINS
"""

import json
import sys

import numpy as np
import tensorflow as tf
from tensorflow import keras

from benchmarks.histograms.measuring import measured
from benchmarks.released import color_and_structure, released_joint, released_soft
from histogram_layers import dense, joint_histogram, soft_histogram
from models import HueNet, augment, patchgan_discriminator, unet_generator

ORACLE_PIXELS = 256**2  # the dense formulas in float64 take 70 kB per pixel


def with_gradient(losses, **options):
    """Return a function of the images: the sum of the losses, and its gradient with respect to the output."""

    @tf.function(**options)
    def step(content, wanted, output):
        with tf.GradientTape() as tape:
            tape.watch(output)
            loss = tf.add_n([tf.reduce_sum(loss) for loss in losses(content, wanted, output)])
        return loss, tape.gradient(loss, output)

    return step


def errors(losses, exact, images):
    """Return the errors of the loss and its gradient (2-norm) relative to float64, for one channel of one image."""
    plane = [image[:1, ..., :1] for image in images]
    loss, gradient = with_gradient(losses)(*plane)
    exact_loss, exact_gradient = with_gradient(exact)(*(tf.cast(image, tf.float64) for image in plane))
    distance = np.linalg.norm(gradient - exact_gradient.numpy()) / np.linalg.norm(exact_gradient)
    return {"loss_error": abs(float(loss) / float(exact_loss) - 1), "gradient_error": float(distance)}


def networks(images):
    """Return the training step of U-Net and PatchGAN without histograms: forward pass, backward pass and updates."""
    size = images[0].shape[1:3]
    model = HueNet(
        augment(unet_generator(size)),
        patchgan_discriminator(size),
        {"adversarial": "vanilla"},
        {"adversarial": 1.0},
    )
    model.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), keras.optimizers.Adam(2e-4, beta_1=0.5))
    step = tf.function(model.train_step)
    batch = dict(zip(("target", "reference", "source"), images, strict=True))
    return lambda: step(batch)


def main(method, images, bins):
    images = [tf.constant(image) for image in np.load(images).values()]
    small = [image[:, :8, :8] for image in images]
    if method == "networks":
        return measured(networks(images), lambda: None)
    functions = (released_soft, released_joint) if method == "released" else (soft_histogram, joint_histogram)
    losses = color_and_structure(*functions, bins)
    step = with_gradient(losses, jit_compile=method == "ours, XLA")
    result = measured(lambda: step(*images)[1].numpy(), lambda: step(*small)[1].numpy())
    if images[0].shape[1] ** 2 <= ORACLE_PIXELS:
        exact = color_and_structure(dense.soft_histogram, dense.joint_histogram, bins)
        result |= errors(losses, exact, images)
    return result


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
