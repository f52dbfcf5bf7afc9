"""Sums and products that keep float32's precision, and how much is worked at a time: all that depends on the device.

A CPU works as many planes at once as stay in its caches, and sums in float64. A GPU works many more, as each operation
costs it a launch, and sums integers, which is exact in whatever order it adds. TensorFlow computes most operations of
int32 on the host even where there is a GPU, so maps of integers are int64 or uint32. The few of int32 in `sum_to_cells`
are those that TensorFlow has for a GPU.
"""

import numpy as np
import tensorflow as tf

# At most so many pixels of a plane are worked at a time, so that large images take no more memory than they must.
TILE = 2**18
# The bytes that the sums, and the weights that they add, may take at a time.
GPU_BYTES = 2**28
CPU_BYTES = 2**22
# Two integers of so many bits hold a weight: an int32 holds the sum of 2^18 of either, all pixels of a tile.
WORD_BITS = 13


def on_gpu():
    """Whether TensorFlow may use a GPU: there the histograms are worked. The results are right on any device."""
    return bool(tf.config.get_visible_devices("GPU"))


def at_once(total, each):
    """How many of ``total`` things are worked at once, if each needs ``each`` bytes."""
    return min(total, max(1, (GPU_BYTES if on_gpu() else CPU_BYTES) // each))


def sum_to_cells(values, cells, count):
    """Sums of the rows of ``values`` that share a cell.

    Args:
        values: float32 ``[*S, W]``, from 0 to 1. At most `TILE` rows share a cell.
        cells: int64 ``[*S]``, from 0 to count - 1.
        count: the number of cells.

    Returns:
        float32 ``[count, W]``.
    """
    if not on_gpu():
        return tf.cast(tf.math.unsorted_segment_sum(tf.cast(values, tf.float64), cells, count), tf.float32)
    base = 2**WORD_BITS
    one = (base - 1) * base  # what 1 becomes: it fits two words, and float32 holds it exactly
    fixed = tf.cast(tf.expand_dims(values * one, -1), tf.int32)
    words = tf.bitwise.bitwise_and(tf.bitwise.right_shift(fixed, [WORD_BITS, 0]), base - 1)  # [*S,W,2]
    sums = tf.math.unsorted_segment_sum(words, cells, count)
    return tf.reduce_sum(tf.cast(sums, tf.float32) * np.float32([base / one, 1 / one]), axis=-1)


def product(first, second):
    """``first @ second`` to float32's precision: ``[..., R, C]`` and ``[..., C, N]`` to ``[..., R, N]``.

    TF32, a GPU's default, keeps 11 bits of a factor, so each factor is split into two parts of as many. The product of
    the two lower parts, at most 2^-22 of the whole, is left out.
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
    """Two float32 whose sum is ``values``; TF32 holds the first exactly, and 11 bits of the second."""
    # Of the 23 bits behind the leading one, 10 remain; adding half of the last one's unit rounds to the nearest.
    bits = tf.bitwise.bitwise_and(tf.bitcast(values, tf.uint32) + 2**12, 2**32 - 2**13)
    high = tf.bitcast(bits, tf.float32)
    return high, values - high
