"""Soft and joint histograms as pure functions of images (HueNet, doi 10.1109/TPAMI.2023.3278287, section 3).

With K bins of length L = (v1 - v0)/K on [v0, v1], edges e_k = v0 + k L, the logistic sigmoid s and the bandwidth
W = L / kernel_width_ratio, a value x weighs on bin k

    p_k(x) = s((x - e_k)/W) - s((x - e_{k+1})/W),

however far away the bin; what lies, or spills, beyond the ends of the range is folded in by the boundary rule. How
they are computed without a map of pixels x bins is told in `kernel` and `planes`.
"""

import functools
import math

import tensorflow as tf

from histogram_layers.boundary import fold_values, rules_of
from histogram_layers.kernel import Kernel
from histogram_layers.planes import joint_sums, soft_sums

# Pixels of a plane that are worked at a time, so that large images take no more memory than they must.
TILE = 2**18


# AutoGraph would take seconds to convert the functions, which have nothing to convert.
@tf.autograph.experimental.do_not_convert
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
    images = tf.convert_to_tensor(images)
    kernel = _kernel(int(bins), float(kernel_width_ratio), rules_of(boundary))
    edges, offsets = _nearest(kernel, images, value_range, boundary)
    return _normalized(soft_sums(kernel, edges, offsets), images, kernel, 1)


@tf.autograph.experimental.do_not_convert
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
    kernel = _kernel(int(bins), float(kernel_width_ratio), rules_of(boundary))
    first_edges, first_offsets = _nearest(kernel, first, value_range, boundary)
    second_edges, second_offsets = _nearest(kernel, second, value_range, boundary)
    sums = joint_sums(kernel, (first_edges, second_edges), first_offsets, second_offsets)
    return _normalized(sums, first, kernel, 2)


@tf.autograph.experimental.do_not_convert
def hard_histogram(images, bins=256, value_range=(-1.0, 1.0)):
    """Counts over the number of pixels; a value outside the range counts in the end bin. It has no gradient.

    Args and result as in `soft_histogram`: ``[B, H, W, C]`` to float32 ``[B, C, K]``, summing to 1 a channel.
    """
    check_options(bins, value_range)
    low, high = value_range
    positions = (tf.cast(images, tf.float32) - low) * (bins / (high - low))  # [B,H,W,C]
    index = tf.cast(tf.clip_by_value(tf.floor(positions), 0, bins - 1), tf.int32)
    shape = tf.shape(index)
    planes = shape[3] * tf.range(shape[0])[:, None, None, None] + tf.range(shape[3])  # [B,1,1,C]
    counts = tf.math.unsorted_segment_sum(
        tf.ones_like(index, tf.float32), bins * planes + index, bins * shape[0] * shape[3]
    )
    by_channel = tf.reshape(counts, [-1, index.shape[-1] or shape[-1], bins])
    return by_channel / tf.cast(shape[1] * shape[2], tf.float32)


def check_options(bins, value_range, kernel_width_ratio=1.0):
    """Raise a ValueError that names the option which is out of its range, and its value."""
    if int(bins) != bins or bins < 1:
        raise ValueError(f"bins must be a whole number of at least 1; received {bins!r}")
    if not value_range[0] < value_range[1]:
        raise ValueError(f"value_range must be (low, high) with low < high; received {value_range!r}")
    if not 0 < kernel_width_ratio < math.inf:
        raise ValueError(f"kernel_width_ratio must be above 0 and finite; received {kernel_width_ratio!r}")


_kernel = functools.lru_cache(maxsize=16)(Kernel)


def _nearest(kernel, images, value_range, boundary):
    """The nearest edges and the offsets of all pixels, ``[B, H, W, C]`` to two of ``[B T C, N]``: T tiles a plane."""
    low, high = value_range
    # In float64: float32 is too coarse for the edges of a sharp kernel.
    positions = (tf.cast(images, tf.float64) - low) * (kernel.bins / (high - low))
    edges, offsets = kernel.nearest(fold_values(positions, kernel.bins, boundary))
    # Bumps are zero infinitely far from their edge: what fills the last tile counts for nothing.
    return _tiles(edges, 0), _tiles(offsets, math.inf)


def _tiles(values, fill):
    """``[B, H, W, C]`` to ``[B T C, N]``, N at most `TILE`, the last of the T tiles filled up."""
    batch, height, width, channels = tf.unstack(tf.shape(values))
    pixels = height * width
    tiles = _tile_count(pixels)
    size = -(-pixels // tiles)
    flat = tf.reshape(values, [batch, pixels, channels])
    flat = tf.pad(flat, [[0, 0], [0, tiles * size - pixels], [0, 0]], constant_values=fill)
    tiled = tf.transpose(tf.reshape(flat, [batch, tiles, size, channels]), [0, 1, 3, 2])
    return tf.reshape(tiled, [batch * tiles * channels, size])


def _tile_count(pixels):
    return -(-pixels // TILE)


def _normalized(sums, images, kernel, rank):
    """Sums of tiles ``[B T C, K']``, or ``[B T C, K', K']`` of rank 2, to the histograms of planes ``[B, C, K (, K)]``.

    The sum over all bins is the number of pixels but for rounding; divided by itself, the histogram sums to 1.
    """
    batch, height, width, channels = tf.unstack(tf.shape(images))
    tiles = [batch, _tile_count(height * width), images.shape[-1] or channels]
    planes = tf.reduce_sum(tf.reshape(sums, tiles + [kernel.all_bins] * rank), axis=1)
    total = tf.reduce_sum(tf.cast(planes, tf.float64), axis=list(range(2, 2 + rank)), keepdims=True)
    shown = planes[(..., *[slice(kernel.bins)] * rank)]
    return shown / tf.cast(tf.stop_gradient(total), tf.float32)
