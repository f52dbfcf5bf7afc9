"""Sums and products that keep float32's precision, and how much is worked at a time: all that depends on the device.

A CPU works one plane after another, which stays in its caches, and sums in float64. A GPU works all planes together, as
each operation costs it a launch, and sums integers, which is exact in whatever order it adds.
"""

import numpy as np
import tensorflow as tf

# What the sums that a GPU works at a time may take.
SUMS_BYTES = 2**28
# Two words of so many bits hold a weight: 2^19 pixels may share a cell of an int32.
WORD_BITS = 12


def on_gpu():
    """Whether TensorFlow sees a GPU: it is where the histograms are worked."""
    return bool(tf.config.list_physical_devices("GPU"))


def at_once(total, each):
    """How many of ``total`` things, each of so many bytes of sums, are worked together."""
    return min(total, max(1, SUMS_BYTES // each)) if on_gpu() else 1


def sum_to_cells(values, cells, count):
    """Sums of the rows of ``values`` that share a cell: float32 ``[*S, W]`` in [0, 1], to float32 ``[count, W]``.

    Args:
        values: float32 ``[*S, W]``, from 0 to 1.
        cells: int32 ``[*S]``, from 0 to count - 1.
        count: the number of cells.
    """
    if not on_gpu():
        return tf.cast(tf.math.unsorted_segment_sum(tf.cast(values, tf.float64), cells, count), tf.float32)
    one, base = 4**WORD_BITS - 1, 2**WORD_BITS
    fixed = tf.expand_dims(tf.cast(values * one, tf.int32), -1)
    words = tf.bitwise.bitwise_and(tf.bitwise.right_shift(fixed, [WORD_BITS, 0]), base - 1)  # [*S,W,2]
    sums = tf.math.unsorted_segment_sum(words, cells, count)
    return tf.reduce_sum(tf.cast(sums, tf.float32) * np.float32([base / one, 1 / one]), axis=-1)


def product(first, second):
    """``first @ second`` to float32's precision: ``[..., R, C]`` and ``[..., C, N]``.

    TF32, a GPU's default, keeps 11 bits of a factor, so each factor is split into two parts of as many. The product of
    the two lower parts, 2^-23 of the whole, is left out.
    """
    if not (on_gpu() and tf.config.experimental.tensor_float_32_execution_enabled()):
        return tf.matmul(first, second)
    return _split_product(first, second)


@tf.custom_gradient
def _split_product(first, second):
    first_high, first_low = _halves(first)
    second_high, second_low = _halves(second)

    def gradients(upstream):
        transposed = tf.linalg.matrix_transpose(first), tf.linalg.matrix_transpose(second)
        return product(upstream, transposed[1]), product(transposed[0], upstream)

    # high @ high + high @ low + low @ high
    rows = tf.concat([first_high, first_high, first_low], axis=-1)
    columns = tf.concat([second_high, second_low, second_high], axis=-2)
    return tf.matmul(rows, columns), gradients


def _halves(values):
    """Two float32 whose sum is ``values``; TF32 holds the first."""
    # Of the 23 bits behind the leading one, 10 remain.
    bits = tf.bitwise.bitwise_and(tf.bitcast(values, tf.int32) + 2**12, -(2**13))
    high = tf.bitcast(bits, tf.float32)
    return high, values - high
