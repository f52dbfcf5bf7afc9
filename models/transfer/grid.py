"""A bilateral grid of affine color transforms, applied to photographs (see `models.networks.bilateral_slice`)."""

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from histogram_layers import soft_histogram
from models.networks import GRID, bilateral_slice
from utils.colors import to_network

BINS = 64


def color_histogram(rgb: ArrayLike) -> tf.Tensor:
    """Compute one histogram ``[1, 13, 64]`` of all pixels ``[..., 3]`` in [0, 1] along 13 directions of RGB."""
    rgb = tf.cast(rgb, tf.float32)
    return soft_histogram(to_network(tf.reshape(rgb, [1, 1, -1, 3]), "directions"), BINS)


def identity_grid() -> np.ndarray:
    """Return the grid that does not change images: float32 ``[1, h, w, d, 3, 4]``."""
    return np.broadcast_to(np.eye(3, 4, dtype=np.float32), [1, *GRID, 3, 4])


def apply_grid(grid: tf.Tensor | np.ndarray, images: ArrayLike) -> tf.Tensor:
    """Apply a grid ``[1,h,w,d,3,4]`` to images, RGB ``[N,H,W,3]`` in [0, 1]. The guide is their luminance.

    Return RGB ``[N,H,W,3]``, which may lie slightly outside [0, 1].
    """
    guide = to_network(images, "yuv", channels=1) / 2 + 0.5
    shared = tf.repeat(grid, tf.shape(images)[0], axis=0)
    return bilateral_slice(shared, guide, images)
