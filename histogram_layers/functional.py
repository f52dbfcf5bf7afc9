"""Soft and joint histograms as pure functions of images (HueNet, doi 10.1109/TPAMI.2023.3278287, section 3).

The range [v0, v1] has K bins of length L = (v1 - v0)/K, with edges e_k = v0 + k L. With the logistic sigmoid s and the
bandwidth W = L / kernel_width_ratio, the weight of a value x on bin k is

    p_k(x) = s((x - e_k)/W) - s((x - e_{k+1})/W).

The boundary rule says what happens to values and weights beyond the ends of the range. The functions do not store a
weight for each pair of a pixel and a bin; the modules of `fast` explain how they avoid it.
"""

import functools
import math

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from histogram_layers.boundary import Boundary, fold_values, rules_of
from histogram_layers.fast import TILE, Kernel, joint_sums, soft_sums
from histogram_layers.inputs import as_images

RATIOS = (0.1, 5000)  # of bin length and bandwidth; a wider kernel takes too much memory, a sharper one is not exact


# AutoGraph has nothing to convert here, but would take seconds to find that out.
@tf.autograph.experimental.do_not_convert
def soft_histogram(
    images: ArrayLike,
    bins: int = 256,
    value_range: tuple[float, float] = (-1.0, 1.0),
    kernel_width_ratio: float = 2.5,
    boundary: Boundary = "reflect",
) -> tf.Tensor:
    """Compute a differentiable histogram of each channel: ``P(k) = mean over pixels of p_k(x)``.

    Args:
        images: float ``[B, H, W, C]``. Integers are taken only if the range is longer than 2, such as (0, 255).
        bins: number of bins, K.
        value_range: range ``(v0, v1)``. The boundary rule determines the treatment of values outside it.
        kernel_width_ratio: bin length divided by bandwidth, L / W, from 0.1 to 5000. A larger ratio gives a sharper
            kernel.
        boundary: ``"reflect"``, ``"cyclic"`` or ``"none"``, or a sequence of them, one per channel.

    Returns:
        float32 ``[B, C, K]``, never negative. With ``reflect`` and ``cyclic``, each channel sums to 1.

    Raises:
        ValueError: an option is out of its range, or the images have the wrong rank or type, or masked pixels.

    Example:
        >>> soft_histogram(tf.zeros([1, 8, 8, 3]), bins=4).shape
        TensorShape([1, 3, 4])
    """
    check_options(bins, value_range, kernel_width_ratio)
    images = as_images(images, value_range)

    def histogram(rule, images):
        kernel = _kernel(int(bins), float(kernel_width_ratio), rule)
        edges, offsets = _nearest(kernel, images, value_range, rule)
        return _normalized(soft_sums(kernel, edges, offsets), images, kernel, 1)

    return _by_rule(histogram, boundary, images)


@tf.autograph.experimental.do_not_convert
def joint_histogram(
    first: ArrayLike,
    second: ArrayLike,
    bins: int = 256,
    value_range: tuple[float, float] = (-1.0, 1.0),
    kernel_width_ratio: float = 2.5,
    boundary: Boundary = "reflect",
) -> tf.Tensor:
    """Compute a differentiable joint histogram per channel: ``J(i, j) = mean over pixels of p_i(x) p_j(y)``.

    Args:
        first, second: float ``[B, H, W, C]``, of the same shape; x and y are their values at the same pixel.
        bins, value_range, kernel_width_ratio, boundary: as in `soft_histogram`, for both images.

    Returns:
        float32 ``[B, C, K, K]``: ``[..., i, j] = P(first in bin i, second in bin j)``.

    Raises:
        ValueError: as in `soft_histogram`, and if the images differ in shape.
    """
    check_options(bins, value_range, kernel_width_ratio)
    first, second = as_images(first, value_range, "first"), as_images(second, value_range, "second")
    if not first.shape.is_compatible_with(second.shape):
        raise ValueError(f"first and second must have the same shape; received {first.shape} and {second.shape}")

    def histogram(rule, first, second):
        kernel = _kernel(int(bins), float(kernel_width_ratio), rule)
        first_edges, first_offsets = _nearest(kernel, first, value_range, rule)
        second_edges, second_offsets = _nearest(kernel, second, value_range, rule)
        sums = joint_sums(kernel, (first_edges, second_edges), first_offsets, second_offsets)
        return _normalized(sums, first, kernel, 2)

    return _by_rule(histogram, boundary, first, second)


@tf.autograph.experimental.do_not_convert
def hard_histogram(images: ArrayLike, bins: int = 256, value_range: tuple[float, float] = (-1.0, 1.0)) -> tf.Tensor:
    """Compute an ordinary histogram of each channel: counts divided by the number of pixels. It has no gradient.

    Args:
        images: float ``[B, H, W, C]``.
        bins: number of bins, K.
        value_range: range ``(v0, v1)``. Values outside it are counted in the end bins.

    Returns:
        float32 ``[B, C, K]``. Each channel sums to 1.

    Raises:
        ValueError: an option is out of its range.
    """
    check_options(bins, value_range)
    images = as_images(images, value_range)
    low, high = value_range
    positions = (tf.cast(images, tf.float32) - low) * (bins / (high - low))  # [B,H,W,C]
    index = tf.cast(tf.clip_by_value(positions, 0, bins - 1), tf.int64)
    batch, height, width, channels = _shape(index)
    count = tf.cast(batch * channels, tf.int64)
    planes = tf.reshape(tf.range(count), [batch, 1, 1, channels])
    # Integers, because a float32 stops counting at 2^24. TensorFlow sums int32, but not int64, on a GPU.
    ones = tf.cast(tf.ones_like(index), tf.int32)
    counts = tf.math.unsorted_segment_sum(ones, bins * planes + index, bins * count)
    shares = tf.cast(counts, tf.float32) / tf.cast(height * width, tf.float32)
    return tf.reshape(shares, [batch, channels, bins])


def check_options(bins, value_range, kernel_width_ratio=1.0) -> None:
    """Raise a ValueError if an option is out of range. The message names the option and its value."""
    if not (1 <= bins < math.inf and int(bins) == bins):
        raise ValueError(f"bins must be a whole number of at least 1; received {bins!r}")
    if not -math.inf < value_range[0] < value_range[1] < math.inf:
        raise ValueError(f"value_range must be (low, high) with low < high, both finite; received {value_range!r}")
    if not RATIOS[0] <= kernel_width_ratio <= RATIOS[1]:
        raise ValueError(f"kernel_width_ratio must be from {RATIOS[0]} to {RATIOS[1]}; received {kernel_width_ratio!r}")


_kernel = functools.lru_cache(maxsize=16)(Kernel)


def _by_rule(histogram, boundary, *images):
    """Call ``histogram(rule, *images)`` once per boundary rule, with the channels that have this rule."""
    rules = rules_of(boundary)
    if len(rules) > 1 and images[0].shape[-1] not in (None, len(rules)):
        raise ValueError(
            f"boundary must be one rule or one per channel; received {boundary!r} for {images[0].shape[-1]} channels"
        )
    if len(set(rules)) == 1:
        return histogram(rules[0], *images)
    members = {rule: [channel for channel, its in enumerate(rules) if its == rule] for rule in rules}
    parts = [
        histogram(rule, *(tf.gather(image, channels, axis=-1) for image in images))
        for rule, channels in members.items()
    ]
    return tf.gather(tf.concat(parts, axis=1), np.argsort(np.concatenate([*members.values()])), axis=1)


def _nearest(kernel, images, value_range, rule):
    """Return the pixels' nearest edges and the offsets from them, each ``[B * T * C, N]``, for T tiles of N pixels."""
    low, high = value_range
    scale = kernel.bins / (high - low)
    planes, is_pixel = _tiles(images)
    # float32 is too coarse for the edges of a sharp kernel.
    positions, direction = fold_values(tf.cast(planes, tf.float64) * scale - low * scale, kernel.bins, rule)
    edges, offsets = kernel.nearest(positions)
    if is_pixel is not None:
        # Padding is infinitely far from its edge, where all bumps are zero.
        offsets = tf.where(is_pixel, offsets, math.inf)
    slope = tf.cast(direction, tf.float32) * (kernel.ratio * scale)

    @tf.custom_gradient
    def differentiable(planes):
        return offsets, lambda upstream: tf.cast(upstream * slope, planes.dtype)

    return edges, differentiable(planes)


def _tiles(images):
    """Split images ``[B, H, W, C]`` into T tiles of N pixels, N at most `TILE`: ``[B * T * C, N]``.

    Zeros pad the last tile. The second result is a mask that is True for pixels and False for padding, or None if one
    tile holds the whole image.
    """
    batch, height, width, channels = _shape(images)
    pixels = height * width
    tiles = _tile_count(pixels)
    if isinstance(tiles, int) and tiles == 1:
        return tf.reshape(tf.transpose(images, [0, 3, 1, 2]), [batch * channels, pixels]), None
    size = -(-pixels // tiles)
    flat = tf.pad(tf.reshape(images, [batch, pixels, channels]), [[0, 0], [0, tiles * size - pixels], [0, 0]])
    tiled = tf.transpose(tf.reshape(flat, [batch, tiles, size, channels]), [0, 1, 3, 2])
    is_pixel = tf.reshape(tf.range(tiles * size) < pixels, [1, tiles, 1, size])
    return [
        tf.reshape(values, [batch * tiles * channels, size])
        for values in (tiled, tf.broadcast_to(is_pixel, tf.shape(tiled)))
    ]


def _tile_count(pixels):
    return -(-pixels // TILE)


def _normalized(sums, images, kernel, rank):
    """Normalize sums of tiles, ``[B * T * C, K']`` or, for rank 2, ``[B * T * C, K', K']``, to histograms.

    The histograms are ``[B, C, K]`` or ``[B, C, K, K]``. The sum over all bins is the number of pixels, except for
    rounding. Division by this sum, rather than by the number of pixels, makes each histogram sum to 1.
    """
    batch, height, width, channels = _shape(images)
    tiles = [batch, _tile_count(height * width), channels]
    planes = _sum_of_tiles(tf.reshape(sums, tiles + [kernel.all_bins] * rank))
    inner = planes if kernel.all_bins == kernel.bins else planes[(..., *[slice(kernel.bins)] * rank)]
    # Differences of the entropies of joint histograms can be so small that an error of 1e-7 would matter.
    precise = tf.cast(planes, tf.float64) if rank == 2 else planes
    total = tf.reduce_sum(precise, axis=list(range(2, 2 + rank)), keepdims=True)
    return inner / tf.cast(tf.stop_gradient(total), tf.float32)


def _sum_of_tiles(histograms):
    return tf.squeeze(histograms, axis=1) if histograms.shape[1] == 1 else tf.reduce_sum(histograms, axis=1)


def _shape(images):
    """Return the sizes of the dimensions: static sizes as numbers, the others as tensors."""
    return [tf.shape(images)[axis] if known is None else known for axis, known in enumerate(images.shape)]
