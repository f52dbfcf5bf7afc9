"""Losses that are computed for each pixel."""

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike


def pixel_loss(real: tf.Tensor | np.ndarray, image: tf.Tensor | np.ndarray, *, kind: str = "l1") -> tf.Tensor:
    """Compute the difference of two images in [-1, 1] at each pixel: ``|real - image|`` or ``(real - image)^2 / 4``.

    Args:
        real, image: float ``[B, H, W, C]``.
        kind: ``"l1"`` for the absolute difference, whose mean is pix2pix's L1 loss; or ``"l2"`` for the squared
            difference after scaling to [0, 1], as in Mustafa, You and Mantiuk's study of loss functions for
            enhancement.

    Returns:
        float ``[B, H, W, C]``.

    Raises:
        ValueError: kind is neither ``"l1"`` nor ``"l2"``.
    """
    if kind not in ("l1", "l2"):
        raise ValueError(f"kind must be 'l1' or 'l2'; received {kind!r}")
    return tf.abs(real - image) if kind == "l1" else tf.square((real - image) / 2)


def squared_excess(image: ArrayLike) -> tf.Tensor:
    """Compute ``relu(|image| - 1)^2``, the squared distance of each value ``[B, H, W, C]`` from the range [-1, 1].

    A generator that does not end in tanh can return values outside the range. Histograms can fold such values back in,
    and displays clip them. This loss penalizes them.
    """
    return tf.square(tf.nn.relu(tf.abs(image) - 1))
