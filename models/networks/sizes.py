"""Sizes of tensors. Known sizes are ints, so that nothing is computed of them at run time; others are tensors."""

import numpy as np
import tensorflow as tf


def sizes_of(tensor) -> list:
    """Return the shape of a tensor as a list, with an int for each size that is known. LiteRT needs those."""
    return [tf.shape(tensor)[axis] if known is None else known for axis, known in enumerate(tensor.shape)]


def clip_size(size, low, high) -> int | tf.Tensor:
    """Clip a size. The result is an int if size and high are."""
    if isinstance(size, int) and isinstance(high, int):
        return min(max(size, low), high)
    return tf.clip_by_value(size, low, high)


def numbers_below(size) -> np.ndarray | tf.Tensor:
    """Return the numbers 0, 1, ..., size - 1: int64 in an array if the size is an int, else a tensor of its type."""
    return np.arange(size) if isinstance(size, int) else tf.range(size)
