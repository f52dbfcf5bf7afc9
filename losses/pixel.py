"""Losses of images, pixel by pixel."""

import tensorflow as tf


def pixel_loss(real, image, *, kind="l1"):
    """The difference of two images ``[B, H, W, C]`` in the network's range [-1, 1]: as many values.

    Args:
        real, image: the images.
        kind: ``"l1"``: ``|real - image|``, whose mean is pix2pix's L1 loss; ``"l2"``: ``(real - image)^2 / 4``, the
            squared error of values in [0, 1], as the study of loss functions for enhancement has it.

    Raises:
        ValueError: for another kind.
    """
    if kind not in ("l1", "l2"):
        raise ValueError(f"kind must be 'l1' or 'l2'; received {kind!r}")
    return tf.abs(real - image) if kind == "l1" else tf.square((real - image) / 2)


def squared_excess(image):
    """``relu(|image| - 1)^2`` of an image ``[B, H, W, C]``: how far values lie outside [-1, 1], squared.

    The histograms fold such values back and the display clips them, so a generator without a tanh must be kept from
    using them.
    """
    return tf.square(tf.nn.relu(tf.abs(image) - 1))
