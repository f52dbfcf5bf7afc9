"""Make a small square copy of an image of any size."""

import numpy as np
import tensorflow as tf
from tensorflow import keras

from models.networks.sizes import numbers_below, sizes_of


def averaged_copy(images, side) -> tf.Tensor:
    """Average images ``[B, H, W, C]`` to ``[B, side, side, C]``.

    Each pixel of the copy is the mean over a rectangle of the image. A pixel on the rectangle's edge is
    weighted by the share of its area inside. It uses two matrix products, so it also has a gradient under XLA.
    """
    rows, columns = (tf.cast(_shares(length, side), images.dtype) for length in sizes_of(images)[1:3])
    copy = tf.einsum("yh,bhwc->bywc", rows, images)
    return tf.einsum("xw,bywc->byxc", columns, copy)


@keras.utils.register_keras_serializable(package="huenet")
class AveragedCopy(keras.layers.Layer):
    """`averaged_copy` as a layer."""

    def __init__(self, side, **kwargs):
        super().__init__(**kwargs)
        self.side = side

    def call(self, images) -> tf.Tensor:
        return averaged_copy(images, self.side)

    def compute_output_shape(self, input_shape) -> tuple:
        return (input_shape[0], self.side, self.side, input_shape[-1])

    def get_config(self) -> dict:
        return {**super().get_config(), "side": self.side}


def _shares(length, side):
    """The matrix ``[side, length]`` that averages ``length`` pixels into ``side`` intervals. Each row sums to 1."""
    pixels = numbers_below(length if isinstance(length, int) else tf.cast(length, tf.float64))
    step = length / side  # pixels in an interval
    edges = np.arange(side + 1.0)[:, None] * step - pixels
    covered = (abs(edges) - abs(edges - 1) + 1) / 2  # the share of a pixel that lies before an edge, from 0 to 1
    return (covered[1:] - covered[:-1]) / step
