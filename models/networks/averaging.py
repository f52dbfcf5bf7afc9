"""Make a small square copy of an image of any size."""

import tensorflow as tf
from tensorflow import keras


@keras.utils.register_keras_serializable(package="huenet")
class AveragedCopy(keras.layers.Layer):
    """A layer that averages images ``[B, H, W, C]`` to ``[B, side, side, C]``.

    Each pixel of the copy is the mean over a rectangle of the image. A pixel on the rectangle's edge is
    weighted by the share of its area inside. The layer uses two matrix products, so it also has a gradient under XLA.
    """

    def __init__(self, side, **kwargs):
        super().__init__(**kwargs)
        self.side = side

    def call(self, images) -> tf.Tensor:
        height, width = tf.unstack(tf.shape(images)[1:3])
        rows, columns = (tf.cast(_shares(length, self.side), images.dtype) for length in (height, width))
        copy = tf.einsum("yh,bhwc->bywc", rows, images)
        return tf.einsum("xw,bywc->byxc", columns, copy)

    def compute_output_shape(self, input_shape) -> tuple:
        return (input_shape[0], self.side, self.side, input_shape[-1])

    def get_config(self) -> dict:
        return {**super().get_config(), "side": self.side}


def _shares(length, side):
    """The matrix ``[side, length]`` that averages ``length`` pixels into ``side`` intervals. Each row sums to 1."""
    step = tf.cast(length, tf.float64) / side  # pixels in an interval
    starts = tf.range(side, dtype=tf.float64)[:, None] * step
    pixels = tf.range(tf.cast(length, tf.float64), dtype=tf.float64)
    shared = tf.minimum(starts + step, pixels + 1) - tf.maximum(starts, pixels)
    return tf.maximum(shared, 0) / step
