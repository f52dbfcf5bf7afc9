"""Sums and products in full float32 precision, and how much is processed at once: all that depends on the device.

A CPU processes as many planes at once as fit in its caches, and sums in float64. A GPU processes many more, because
every operation costs a kernel launch; it sums integers, which is exact in any order. TensorFlow runs most int32
operations on the host even if there is a GPU, so maps of integers are int64 or uint32. `sum_to_cells` uses the few
int32 operations that TensorFlow has for a GPU.
"""

import numpy as np
import tensorflow as tf

# The most pixels of a plane that are processed at once. This bounds the memory that a large image takes.
TILE = 2**18
# The most bytes that the sums, and the weights added to them, take at once.
GPU_BYTES = 2**28
CPU_BYTES = 2**22
# A weight is stored as two words of this many bits. An int32 can hold the sum of 2^18 words, one per pixel of a tile.
WORD_BITS = 13


def on_gpu() -> bool:
    """Whether TensorFlow can use a GPU. Results are correct on any device; this decides how they are computed."""
    return bool(tf.config.get_visible_devices("GPU"))


def at_once(total, each) -> int:
    """How many of ``total`` items are processed at once if each takes ``each`` bytes."""
    return min(total, max(1, (GPU_BYTES if on_gpu() else CPU_BYTES) // each))


def sum_to_cells(values, cells, count) -> tf.Tensor:
    """Sums of the rows of ``values`` that share a cell.

    Args:
        values: float32 ``[*S, W]``, from 0 to 1. At most `TILE` rows share a cell.
        cells: int64 ``[*S]``, from 0 to count - 1.
        count: number of cells.

    Returns:
        float32 ``[count, W]``.
    """
    if not on_gpu():
        return tf.cast(tf.math.unsorted_segment_sum(tf.cast(values, tf.float64), cells, count), tf.float32)
    base = 2**WORD_BITS
    one = (base - 1) * base  # the integer for 1: it fits in two words and in a float32
    fixed = tf.cast(tf.expand_dims(values * one, -1), tf.int32)
    words = tf.bitwise.bitwise_and(tf.bitwise.right_shift(fixed, [WORD_BITS, 0]), base - 1)  # [*S,W,2]
    sums = tf.math.unsorted_segment_sum(words, cells, count)
    return tf.reduce_sum(tf.cast(sums, tf.float32) * np.float32([base / one, 1 / one]), axis=-1)


def product(first, second) -> tf.Tensor:
    """``first @ second`` in full float32 precision: ``[..., R, C]`` and ``[..., C, N]`` to ``[..., R, N]``.

    TF32, the default on a GPU, keeps 11 bits of each factor, so each factor is split into two parts of 11 bits. The
    product of the two low parts, at most 2^-22 of the whole, is left out.
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
    """Two float32 that sum to ``values``. TF32 holds the first exactly, and 11 bits of the second."""
    # Keep 10 of the 23 bits after the leading one. Adding half a unit of the last bit rounds to nearest.
    bits = tf.bitwise.bitwise_and(tf.bitcast(values, tf.uint32) + 2**12, 2**32 - 2**13)
    high = tf.bitcast(bits, tf.float32)
    return high, values - high
