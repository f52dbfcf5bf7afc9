"""One measurement of histogram losses in TensorFlow, in a process of its own: see histograms.py, which calls it.

python -m benchmarks.histograms_tensorflow METHOD IMAGES.npz BINS
"""

import json
import sys

import numpy as np
import tensorflow as tf
from tensorflow import keras

from benchmarks.measuring import measured
from histogram_layers import joint_histogram, reference, soft_histogram
from losses import conditional_entropy, earth_movers_distance
from models import HueNet, augment, patchgan_discriminator, unet_generator

ORACLE_PIXELS = 256**2  # the oracle takes 70 kB a pixel


def released_soft(images, bins=256, value_range=(-1.0, 1.0), kernel_width_ratio=2.5, boundary="reflect"):
    """`soft_histogram` by the released formula."""
    return tf.reduce_mean(_maps(images, bins, value_range, kernel_width_ratio), axis=-1)


def released_joint(first, second, bins=256, value_range=(-1.0, 1.0), kernel_width_ratio=2.5, boundary="reflect"):
    """`joint_histogram` by the released formula."""
    first, second = (_maps(images, bins, value_range, kernel_width_ratio) for images in (first, second))
    return tf.matmul(first, second, transpose_b=True) / tf.cast(tf.shape(first)[-1], tf.float32)


def _maps(images, bins, value_range, ratio):
    """The released formula: a map of pixels x bins an image, six sigmoids an entry: ``[B, C, K, N]``."""
    low, high = value_range
    length = (high - low) / bins
    centers = tf.constant(low + length * (np.arange(bins) + 0.5), tf.float32)[:, None]  # [K,1]

    def kernel(x):
        upper = tf.sigmoid((x - centers + length / 2) * (ratio / length))
        return upper - tf.sigmoid((x - centers - length / 2) * (ratio / length))

    shape = tf.shape(images)
    values = tf.reshape(images, [shape[0], shape[1] * shape[2], 1, images.shape[-1]])
    values = tf.transpose(tf.cast(values, tf.float32), [0, 3, 2, 1])  # [B,C,1,N]
    return kernel(values) + kernel(2 * low - values) + kernel(2 * high - values)


def with_histograms(soft, joint, bins):
    """The losses with two histogram functions, ours or the oracle's."""

    def losses(content, wanted, output):
        return color_and_structure(soft(wanted, bins), soft(output, bins), joint(content, output, bins))

    return losses


def color_and_structure(wanted, histogram, joint):
    return tf.reduce_sum(earth_movers_distance(wanted, histogram)) + tf.reduce_sum(conditional_entropy(joint))


def with_gradient(losses, **options):
    """A function of the images to the losses' sum and its gradient by the output."""

    @tf.function(**options)
    def step(content, wanted, output):
        with tf.GradientTape() as tape:
            tape.watch(output)
            loss = losses(content, wanted, output)
        return loss, tape.gradient(loss, output)

    return step


def errors(losses, exact, images):
    """Relative errors of the loss and of its gradient (2-norm) against float64, one channel of one image."""
    plane = [image[:1, ..., :1] for image in images]
    loss, gradient = with_gradient(losses)(*plane)
    exact_loss, exact_gradient = with_gradient(exact)(*(tf.cast(image, tf.float64) for image in plane))
    distance = np.linalg.norm(gradient - exact_gradient.numpy()) / np.linalg.norm(exact_gradient)
    return {"loss_error": abs(float(loss) / float(exact_loss) - 1), "gradient_error": float(distance)}


def networks(size):
    """Both networks' training step without histograms: U-Net and PatchGAN, forward, backward and updates."""
    model = HueNet(
        augment(unet_generator((size, size))),
        patchgan_discriminator((size, size)),
        {"adversarial": "vanilla"},
        {"adversarial": 1.0},
    )
    model.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), keras.optimizers.Adam(2e-4, beta_1=0.5))
    return tf.function(model.train_step)


def main(method, images, bins):
    images = [tf.constant(image) for image in np.load(images).values()]
    small = [image[:, :8, :8] for image in images]
    if method == "networks":
        step, batch = (
            networks(images[0].shape[1]),
            dict(zip(("target", "reference", "source"), images, strict=True)),
        )
        return measured(lambda: step(batch), lambda: None)
    ours = soft_histogram, joint_histogram
    losses = with_histograms(*((released_soft, released_joint) if method == "released" else ours), bins)
    step = with_gradient(losses, jit_compile=method == "ours, XLA")
    result = measured(lambda: step(*images)[1].numpy(), lambda: step(*small)[1].numpy())
    if images[0].shape[1] ** 2 <= ORACLE_PIXELS:
        exact = with_histograms(reference.soft_histogram, reference.joint_histogram, bins)
        result |= errors(losses, exact, images)
    return result


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
