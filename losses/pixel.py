"""Losses of images, pixel by pixel."""

import tensorflow as tf


def absolute_difference(real, image):
    """``|real - image|`` of images ``[B, H, W, C]``: as many values. Its mean is pix2pix's L1 loss."""
    return tf.abs(real - image)
