"""Soft and joint histograms as pure functions of images (HueNet, doi 10.1109/TPAMI.2023.3278287, section 3).

With K bins of length L = (v1 - v0)/K on [v0, v1], edges e_k = v0 + k L, the logistic sigmoid s and the bandwidth
W = L / kernel_width_ratio, a value x weighs on bin k

    p_k(x) = s((x - e_k)/W) - s((x - e_{k+1})/W),

so that neighbouring bins share an edge's sigmoid. The kernel's tails leave the range; they are gathered in some bins
more at each end and folded in by the boundary rule.
"""

import math

import numpy as np
import tensorflow as tf

from histogram_layers.boundary import fold_matrix, fold_values

# What the kernel leaves beyond this many bandwidths, s(-18) = 1.5e-8, is below half a float32 step at 1.
REACH = 18.0


def soft_histogram(images, bins=256, value_range=(-1.0, 1.0), kernel_width_ratio=2.5, boundary="reflect"):
    """Differentiable histogram of each channel: ``P(k) = mean over pixels of p_k(x)``.

    Args:
        images: float ``[B, H, W, C]``.
        bins: K, the number of bins.
        value_range: ``(v0, v1)``. A value outside is first folded in by the boundary rule.
        kernel_width_ratio: L / W, bin length over bandwidth; the larger, the sharper.
        boundary: ``"reflect"``, ``"cyclic"`` or ``"none"``, or a sequence of them, one a channel.

    Returns:
        float32 ``[B, C, K]``, never negative; summing to 1 a channel with ``reflect`` and ``cyclic``.

    Raises:
        ValueError: an option that is out of its range.

    Example:
        >>> soft_histogram(tf.zeros([1, 8, 8, 3]), bins=4).shape
        TensorShape([1, 3, 4])
    """
    check_options(bins, value_range, kernel_width_ratio)
    weights, fold = _bin_weights(images, bins, value_range, kernel_width_ratio, boundary)  # [B,C,N,E], [C,E,K]
    wide = tf.reduce_mean(weights, axis=2)  # [B,C,E]
    return tf.einsum("bce,cek->bck", wide, fold)


def joint_histogram(first, second, bins=256, value_range=(-1.0, 1.0), kernel_width_ratio=2.5, boundary="reflect"):
    """Differentiable joint histogram of two images, a channel at a time: ``J(i, j) = mean of p_i(x) p_j(y)``.

    Args:
        first, second: float ``[B, H, W, C]``, of one shape; x and y are their values at the same pixel.
        bins, value_range, kernel_width_ratio, boundary: as in `soft_histogram`, for both images.

    Returns:
        float32 ``[B, C, K, K]``: ``[..., i, j] = P(first in bin i, second in bin j)``.

    Raises:
        ValueError: an option that is out of its range, or images of different shapes.
    """
    check_options(bins, value_range, kernel_width_ratio)
    first, second = tf.convert_to_tensor(first), tf.convert_to_tensor(second)
    if not first.shape.is_compatible_with(second.shape):
        raise ValueError(f"first and second must have one shape; received {first.shape} and {second.shape}")
    rows, fold = _bin_weights(first, bins, value_range, kernel_width_ratio, boundary)  # [B,C,N,E]
    columns, _ = _bin_weights(second, bins, value_range, kernel_width_ratio, boundary)
    pixels = tf.cast(tf.shape(rows)[2], tf.float32)
    wide = tf.matmul(rows, columns, transpose_a=True) / pixels  # [B,C,E,E]
    return tf.einsum("cei,bcef,cfj->bcij", fold, wide, fold)  # [B,C,K,K]


def hard_histogram(images, bins=256, value_range=(-1.0, 1.0)):
    """Counts over the number of pixels; a value outside the range counts in the end bin. It has no gradient.

    Args and result as in `soft_histogram`: ``[B, H, W, C]`` to float32 ``[B, C, K]``, summing to 1 a channel.
    """
    check_options(bins, value_range)
    values = _channels_first(images)  # [B,C,N]
    low, high = value_range
    index = tf.cast(tf.floor((values - low) * (bins / (high - low))), tf.int32)
    index = tf.clip_by_value(index, 0, bins - 1)
    shape = tf.shape(values)
    rows = shape[0] * shape[1]
    segments = tf.reshape(index, [rows, -1]) + bins * tf.range(rows)[:, None]
    counts = tf.math.unsorted_segment_sum(tf.ones_like(segments, tf.float32), segments, rows * bins)
    channels = values.shape[1] or shape[1]
    return tf.reshape(counts, [-1, channels, bins]) / tf.cast(shape[2], tf.float32)


def check_options(bins, value_range, kernel_width_ratio=1.0):
    """Raise a ValueError that names the option which is out of its range, and its value."""
    if int(bins) != bins or bins < 1:
        raise ValueError(f"bins must be a whole number of at least 1; received {bins!r}")
    if not value_range[0] < value_range[1]:
        raise ValueError(f"value_range must be (low, high) with low < high; received {value_range!r}")
    if not kernel_width_ratio > 0:
        raise ValueError(f"kernel_width_ratio must be above 0; received {kernel_width_ratio!r}")


def _channels_first(images):
    """``[B, H, W, C]`` to float32 ``[B, C, N]``, N = H W."""
    images = tf.cast(images, tf.float32)
    channels = images.shape[-1] or tf.shape(images)[-1]
    return tf.reshape(tf.transpose(images, [0, 3, 1, 2]), [tf.shape(images)[0], channels, -1])


def _bin_weights(images, bins, value_range, kernel_width_ratio, boundary):
    """Each pixel's weight on each of E = K + 2 margin bins ``[B, C, N, E]``, and the fold ``[C, E, K]``."""
    low, high = value_range
    length = (high - low) / bins
    margin = math.ceil(REACH / kernel_width_ratio)
    edges = low + length * np.arange(-margin, bins + margin + 1)
    values = _channels_first(fold_values(tf.cast(images, tf.float32), value_range, boundary))
    offsets = values[..., None] - tf.constant(edges, tf.float32)  # [B,C,N,E+1]
    below = tf.sigmoid(offsets * (kernel_width_ratio / length))
    # Two sigmoids near 1 can round into the wrong order; a weight is never negative.
    weights = tf.nn.relu(below[..., :-1] - below[..., 1:])
    fold = tf.constant(fold_matrix(bins, margin, boundary), tf.float32)
    # One matrix a channel: TensorFlow 2.21's matmul on the CPU writes out of bounds where it broadcasts a single one.
    return weights, tf.broadcast_to(fold, [tf.shape(values)[1], *fold.shape[1:]])
