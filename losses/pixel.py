"""Pixelwise losses of images."""

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike


def pixel_loss(real: tf.Tensor | np.ndarray, image: tf.Tensor | np.ndarray, *, kind: str = "l1") -> tf.Tensor:
    """Pixelwise difference of two images in the range [-1, 1]: ``|real - image|``, or ``(real - image)^2 / 4``.

    Args:
        real, image: float ``[B, H, W, C]``.
        kind: ``"l1"``, whose mean is pix2pix's L1 loss; or ``"l2"``, the squared error of values in [0, 1], as in
            Mustafa, You and Mantiuk's study of loss functions for enhancement.

    Returns:
        float ``[B, H, W, C]``.

    Raises:
        ValueError: kind is neither.
    """
    if kind not in ("l1", "l2"):
        raise ValueError(f"kind must be 'l1' or 'l2'; received {kind!r}")
    return tf.abs(real - image) if kind == "l1" else tf.square((real - image) / 2)


def squared_excess(image: ArrayLike) -> tf.Tensor:
    """``relu(|image| - 1)^2``: the squared distance of each value ``[B, H, W, C]`` from the range [-1, 1].

    Histograms fold values outside the range back in, and a display clips them. This loss keeps a generator without a
    tanh from using them.
    """
    return tf.square(tf.nn.relu(tf.abs(image) - 1))
