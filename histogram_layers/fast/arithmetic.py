"""Code that depends on the device: sums and products in full float32 precision, and the size of a group of planes.

On a CPU, a group has as many planes as fit in the caches, and sums are in float64. On a GPU, a group is much larger,
because every operation costs a kernel launch, and sums are of integers, which is exact in any order. TensorFlow runs
most int32 operations on the CPU even if there is a GPU, so arrays of integers are int64 or uint32. `sum_to_cells` uses
the few int32 operations that TensorFlow runs on a GPU.
"""

import numpy as np
import tensorflow as tf

# Maximum number of pixels of a plane that are processed at once. It limits the memory for a large image.
TILE = 2**18
# Maximum number of bytes, at one time, for the sums and for the weights that are added to them.
GPU_BYTES = 2**28
CPU_BYTES = 2**22
# Each weight is stored as two words of this number of bits, so an int32 can hold the sum over a tile (2^18 words).
WORD_BITS = 13


def on_gpu() -> bool:
    """Return whether TensorFlow can use a GPU. This affects the method of computation, not its result."""
    return bool(tf.config.get_visible_devices("GPU"))


def at_once(total, each) -> int:
    """Return how many of ``total`` items to process at once if each item takes ``each`` bytes."""
    return min(total, max(1, (GPU_BYTES if on_gpu() else CPU_BYTES) // each))


def sum_to_cells(values, cells, count) -> tf.Tensor:
    """Sum the rows of ``values`` that belong to the same cell.

    Args:
        values: float32 ``[*S, W]``, from 0 to 1. At most `TILE` rows belong to the same cell.
        cells: the cell of each row, int64 ``[*S]``, from 0 to count - 1.
        count: number of cells.

    Returns:
        float32 ``[count, W]``.
    """
    if not on_gpu():
        return tf.cast(tf.math.unsorted_segment_sum(tf.cast(values, tf.float64), cells, count), tf.float32)
    base = 2**WORD_BITS
    one = (base - 1) * base  # the integer that represents 1; it fits in two words and in a float32
    fixed = tf.cast(tf.expand_dims(values * one, -1), tf.int32)
    words = tf.bitwise.bitwise_and(tf.bitwise.right_shift(fixed, [WORD_BITS, 0]), base - 1)  # [*S,W,2]
    sums = tf.math.unsorted_segment_sum(words, cells, count)
    return tf.reduce_sum(tf.cast(sums, tf.float32) * np.float32([base / one, 1 / one]), axis=-1)


def product(first, second) -> tf.Tensor:
    """Compute ``first @ second``, ``[..., R, C]`` times ``[..., C, N]``, in full float32 precision.

    TF32, the default on a GPU, keeps 11 bits of each factor. Therefore the function splits each factor into two parts
    of 11 bits. It omits the product of the two low parts, which is at most 2^-22 of the result.
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
    """Split ``values`` into two float32 tensors, high + low. TF32 keeps all of the first and 11 bits of the second."""
    # Keep 10 of the 23 bits after the leading one. Adding half a unit of the last bit rounds to nearest.
    bits = tf.bitwise.bitwise_and(tf.bitcast(values, tf.uint32) + 2**12, 2**32 - 2**13)
    high = tf.bitcast(bits, tf.float32)
    return high, values - high
