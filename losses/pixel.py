"""Losses of images, pixel by pixel."""

import tensorflow as tf


def absolute_difference(real, image):
    """``|real - image|`` of images ``[B, H, W, C]``: as many values. Its mean is pix2pix's L1 loss."""
    return tf.abs(real - image)


def squared_excess(image):
    """``relu(|image| - 1)^2`` of an image ``[B, H, W, C]``: how far values lie outside [-1, 1], squared.

    The histograms fold such values back and the display clips them, so a generator without a tanh must be kept from
    using them.
    """
    return tf.square(tf.nn.relu(tf.abs(image) - 1))
