"""The histograms of the released code, for comparison. They hold a map [pixels, bins] in memory, with six
sigmoids per entry.
"""

import numpy as np
import tensorflow as tf

from losses import conditional_entropy, earth_movers_distance

KERNEL_WIDTH_RATIO = 2.5


def released_soft(images, bins=256):
    """Compute `histogram_layers.soft_histogram` of images in [-1, 1] by the released formula."""
    return tf.reduce_mean(_maps(images, bins), axis=-1)


def released_joint(first, second, bins=256):
    """Compute `histogram_layers.joint_histogram` of images in [-1, 1] by the released formula."""
    pixels = tf.cast(tf.reduce_prod(tf.shape(first)[1:3]), tf.float32)
    return tf.matmul(_maps(first, bins), _maps(second, bins), transpose_b=True) / pixels


def color_and_structure(soft, joint, bins=256):
    """Make the two histogram losses from two histogram functions.

    Args:
        soft: function like `histogram_layers.soft_histogram`.
        joint: function like `histogram_layers.joint_histogram`.
        bins: number of bins.

    Returns:
        A function of content, reference and output ``[B,H,W,C]`` that returns the color loss and the structure loss,
        ``[B,C]`` each.
    """

    def losses(content, reference, output):
        color = earth_movers_distance(soft(reference, bins), soft(output, bins))
        return color, conditional_entropy(joint(content, output, bins))

    return losses


def _maps(images, bins):
    """Compute the weight of each pixel of ``[B,H,W,C]`` in each bin: ``[B,C,K,H*W]``."""
    length = 2 / bins
    centers = tf.constant(-1 + length * (np.arange(bins) + 0.5), tf.float32)[:, None]  # [K,1]

    def kernel(x):
        upper = tf.sigmoid((x - centers + length / 2) * (KERNEL_WIDTH_RATIO / length))
        return upper - tf.sigmoid((x - centers - length / 2) * (KERNEL_WIDTH_RATIO / length))

    shape = tf.shape(images)
    values = tf.reshape(images, [shape[0], shape[1] * shape[2], 1, images.shape[-1]])
    values = tf.transpose(tf.cast(values, tf.float32), [0, 3, 2, 1])  # [B,C,1,N]
    return kernel(values) + kernel(-2 - values) + kernel(2 - values)
