"""Histogram matching: give each channel of an image the histogram of a reference.

If F_s is the source's CDF and F_r the reference's CDF, a value x becomes M(x) = F_r^-1(F_s(x)). `match_histograms` is
differentiable, `match_histograms_lut` is the conventional lookup table for 8-bit images, and `sort_matching` is exact.
`match_to_quantiles` is differentiable too, and takes the reference as a quantile function.
"""

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from histogram_layers.boundary import Boundary, rules_of
from histogram_layers.functional import check_options, soft_histogram
from histogram_layers.inputs import as_images, refuse_masked

STRIP = 2**20  # pixels to match at once
STEEPEST = 100.0  # largest slope of M
FLAT = 1e-9  # mass below which a piece of the reference's CDF counts as flat; a pixel of 50 megapixels has 2e-8


@tf.autograph.experimental.do_not_convert
def match_histograms(
    source: ArrayLike,
    reference_histogram: ArrayLike,
    value_range: tuple[float, float] = (-1.0, 1.0),
    kernel_width_ratio: float = 2.5,
    boundary: Boundary = "reflect",
) -> tf.Tensor:
    """Match the channels of images to histograms, differentiably: ``M(x) = F_r^-1(F_s(x))``.

    Both CDFs come from soft histograms and are linear between bin edges. Where F_r is flat, M is the middle of the flat
    interval. Where F_s is 0 or 1, M is the reference's smallest or largest value. A constant channel becomes the
    reference's median.

    The gradient flows to the source, both directly and through F_s, and to the reference's histogram. The slope f_s/f_r
    is limited to 100, so the gradient is finite where the reference has no values.

    Args:
        source: float ``[B, H, W, C]``. Values outside the range are clipped.
        reference_histogram: float ``[B, C, K]`` or ``[1, C, K]``, each channel summing to 1.
        value_range: range ``(v0, v1)`` of the source and of the reference histogram.
        kernel_width_ratio, boundary: as in `soft_histogram`, for the source.

    Returns:
        float32 ``[B, H, W, C]`` in the value range.

    Raises:
        ValueError: as in `soft_histogram`, and if a boundary is cyclic (a circle has no CDF), or the numbers of
            channels differ.

    Example:
        >>> image = tf.random.uniform([1, 8, 8, 3], -1, 1)
        >>> match_histograms(image, soft_histogram(image)).shape
        TensorShape([1, 8, 8, 3])
    """
    source = tf.cast(as_images(source, value_range, "source"), tf.float32)
    reference_histogram = tf.cast(reference_histogram, tf.float32)
    if reference_histogram.shape.rank != 3:
        raise ValueError(f"reference_histogram must be [B, C, K]; received the shape {reference_histogram.shape}")
    bins, channels = reference_histogram.shape[2], source.shape[3]
    positions, cdf = _own_cdf(source, bins, value_range, kernel_width_ratio=kernel_width_ratio, boundary=boundary)
    if reference_histogram.shape[1] != channels:
        raise ValueError(f"reference_histogram must have {channels} channels; received {reference_histogram.shape[1]}")
    reference_cdf = tf.broadcast_to(_cdf(reference_histogram), tf.shape(cdf))
    constant = tf.reduce_max(positions, -1, keepdims=True) == tf.reduce_min(positions, -1, keepdims=True)
    matched = _in_strips(lambda strip: _match(strip, cdf, reference_cdf, constant), positions)
    low, high = value_range
    return _to_images(low + matched * ((high - low) / bins), source)


def refuse_circles(boundary) -> None:
    """Raise a ValueError if the boundary rule of any channel is cyclic."""
    if "cyclic" in rules_of(boundary):
        raise ValueError(f"boundary must not be cyclic: a circle has no CDF; received {boundary!r}")


def match_histograms_lut(source: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """Match 8-bit images with a lookup table: ``M(p) = argmin_q |F_r(q) - F_s(p)|``. A tie gives the smallest q.

    This is the conventional method (Algorithm 1 in the supplement of arXiv 2506.01346). It is not differentiable.

    Args:
        source, reference: uint8 ``[..., C]``. Their sizes may differ.

    Returns:
        uint8, of the source's shape.

    Raises:
        ValueError: an image is not uint8 or has masked pixels, or the numbers of channels differ.
    """
    for name, images in (("source", source), ("reference", reference)):
        refuse_masked(images, name)
    source, reference = np.asarray(source), np.asarray(reference)
    if (source.dtype, reference.dtype) != (np.uint8, np.uint8):
        raise ValueError(f"source and reference must be uint8; received {source.dtype} and {reference.dtype}")
    if source.shape[-1] != reference.shape[-1]:
        raise ValueError(
            f"source and reference must have the same number of channels; received {source.shape} and {reference.shape}"
        )
    matched = np.empty_like(source)
    for channel in range(source.shape[-1]):
        source_cdf, reference_cdf = (_cdf_of_bytes(image[..., channel]) for image in (source, reference))
        table = np.argmin(np.abs(reference_cdf - source_cdf[:, None]), axis=1)
        matched[..., channel] = table[source[..., channel]]
    return matched


@tf.autograph.experimental.do_not_convert
def sort_matching(images: ArrayLike, sorted_values: ArrayLike) -> tf.Tensor:
    """Match exactly: the n-th smallest pixel of a channel gets the n-th smallest value of the target.

    Args:
        images: float ``[B, H, W, C]``. Equal pixels are ordered by row, then column.
        sorted_values: the target, float ``[C, M]``, ascending. Unless M equals the number of pixels, H * W, the target
            is interpolated to H * W values.

    Returns:
        ``[B, H, W, C]``, in the dtype of ``sorted_values``. The gradient flows to ``sorted_values``, not to the images.

    Raises:
        ValueError: the images have the wrong rank or masked pixels.
    """
    images, sorted_values = as_images(images), tf.convert_to_tensor(sorted_values)
    planes = _to_planes(images)
    batch, channels, pixels = tf.unstack(tf.shape(planes))
    values = tf.broadcast_to(_resample(sorted_values, pixels), tf.shape(planes))
    # In the flat array, each plane follows the planes before it.
    starts = tf.reshape(tf.range(batch * channels), [batch, channels, 1]) * pixels
    places = tf.reshape(tf.argsort(planes, stable=True) + starts, [-1, 1])
    matched = tf.scatter_nd(places, tf.reshape(values, [-1]), tf.shape(places)[:1])
    return _to_images(tf.reshape(matched, tf.shape(planes)), images)


@tf.autograph.experimental.do_not_convert
def match_to_quantiles(
    images: ArrayLike,
    quantiles: ArrayLike,
    *,
    value_range: tuple[float, float] = (-1.0, 1.0),
    kernel_width_ratio: float = 2.5,
    boundary: Boundary = "reflect",
) -> tf.Tensor:
    """Match the channels of images to quantile functions, differentiably: ``M(x) = Q(F(x))``.

    F is the CDF of the image's soft histogram. Q is the quantile function, interpolated linearly between its values.

    Args:
        images: float ``[B, H, W, C]``. Values outside the range are clipped.
        quantiles: float ``[C, M]``, ascending: value m is Q((m + 1/2) / M). M is also the number of bins.
        value_range, kernel_width_ratio, boundary: as in `soft_histogram`.

    Returns:
        float32 ``[B, H, W, C]``. The gradient flows to the images, both directly and through F, and to the quantiles.

    Raises:
        ValueError: as in `match_histograms`.
    """
    images, quantiles = tf.cast(as_images(images, value_range), tf.float32), tf.cast(quantiles, tf.float32)
    channels, size = quantiles.shape
    positions, cdf = _own_cdf(images, size, value_range, kernel_width_ratio=kernel_width_ratio, boundary=boundary)
    if images.shape[3] != channels:
        raise ValueError(f"quantiles must have {images.shape[3]} channels; received {channels}")
    shares, _ = _interpolate(cdf, tf.cast(positions, tf.float64))
    values = tf.broadcast_to(quantiles, [tf.shape(images)[0], channels, size])
    matched, _ = _interpolate(values, tf.cast(tf.clip_by_value(shares * size - 0.5, 0, size - 1), tf.float32))
    return _to_images(matched, images)


def _cdf_of_bytes(values):
    sums = np.cumsum(np.bincount(values.ravel(), minlength=256))
    return sums / sums[-1]


def _resample(values, count):
    """Resample ``[C, M]`` to ``[C, count]``, linearly between the midpoints of M intervals."""
    known = values.shape[-1]
    places = (tf.range(tf.cast(count, tf.float64)) + 0.5) * (known / tf.cast(count, tf.float64)) - 0.5
    places = tf.clip_by_value(places, 0, known - 1)
    before = tf.cast(tf.floor(places), tf.int32)
    share = tf.cast(places - tf.floor(places), values.dtype)
    first, second = (tf.gather(values, tf.minimum(before + step, known - 1), axis=-1) for step in (0, 1))
    return (1 - share) * first + share * second


def _to_planes(images):
    """Reshape ``[B, H, W, C]`` to ``[B, C, H * W]``."""
    batch, height, width, channels = tf.unstack(tf.shape(images))
    return tf.transpose(tf.reshape(images, [batch, height * width, channels]), [0, 2, 1])


def _to_images(planes, like):
    """Invert `_to_planes`. The result has the shape of the images ``like``."""
    return tf.ensure_shape(tf.reshape(tf.transpose(planes, [0, 2, 1]), tf.shape(like)), like.shape)


def _own_cdf(images, bins, value_range, *, kernel_width_ratio, boundary):
    """Return the clipped values in units of bins, ``[B, C, N]``, and the images' soft CDFs, ``[B, C, K + 1]``."""
    check_options(bins, value_range, kernel_width_ratio)
    refuse_circles(boundary)
    low, high = value_range
    clipped = tf.clip_by_value(images, low, high)
    histogram = soft_histogram(clipped, bins, value_range, kernel_width_ratio, boundary)
    return _to_planes((clipped - low) * (bins / (high - low))), _cdf(histogram)


def _cdf(histogram):
    """Return the CDF of a histogram ``[B, C, K]`` at its bin edges: float64 ``[B, C, K + 1]``, from 0 to 1.

    Near 1, a float32 cannot hold the mass of one pixel of a large image.
    """
    sums = tf.cumsum(tf.cast(histogram, tf.float64), axis=-1)
    return tf.pad(sums / sums[..., -1:], [[0, 0], [0, 0], [1, 0]])


def _in_strips(function, planes):
    """Apply a function to planes ``[B, C, N]``, to at most STRIP values of each plane at once."""
    if (planes.shape[-1] or STRIP + 1) <= STRIP:
        return function(planes)
    batch, channels, pixels = tf.unstack(tf.shape(planes))
    strips = tf.maximum(-(-pixels // STRIP), 1)
    size = -(-pixels // strips)
    padded = tf.pad(planes, [[0, 0], [0, 0], [0, strips * size - pixels]])
    parts = tf.transpose(tf.reshape(padded, [batch, channels, strips, size]), [2, 0, 1, 3])
    done = tf.map_fn(tf.autograph.experimental.do_not_convert(function), parts, parallel_iterations=1)
    return tf.reshape(tf.transpose(done, [1, 2, 0, 3]), [batch, channels, strips * size])[..., :pixels]


def _match(positions, source_cdf, reference_cdf, constant):
    """Return ``F_r^-1(F_s(x))`` for positions x ``[B,C,N]``, in units of bins.

    Args:
        positions: float32 ``[B, C, N]``, in units of bins.
        source_cdf, reference_cdf: float64 ``[B, C, K + 1]``.
        constant: whether all values of a plane are equal, bool ``[B, C, 1]``.
    """
    place, density = _interpolate(source_cdf, tf.cast(positions, tf.float64))
    place = tf.where(constant, tf.cast(0.5, tf.float64), place)
    within = tf.clip_by_value(tf.stop_gradient(place), 2 * FLAT, 1 - 2 * FLAT)
    fixed = tf.stop_gradient(reference_cdf)
    matched = (_invert(fixed, within - FLAT) + _invert(fixed, within + FLAT)) / 2
    place_there, density_there = _interpolate(reference_cdf, matched)
    # F_r(M(x)) = F_s(x). If one side changes, M changes by that amount divided by the reference's density at M.
    slope = tf.minimum(1 / tf.maximum(density_there, 1e-30), STEEPEST / tf.maximum(density, 1e-30))
    change = (place - tf.stop_gradient(place)) - (place_there - tf.stop_gradient(place_there))
    return tf.cast(matched + tf.stop_gradient(slope) * change, tf.float32)


def _interpolate(values, positions):
    """Interpolate ``values [B,C,K]`` linearly at ``positions [B,C,N]`` in [0, K - 1]. Also return the slopes there."""
    before = tf.cast(tf.clip_by_value(tf.floor(positions), 0, values.shape[-1] - 2), tf.int32)
    low, high = (tf.gather(values, before + step, batch_dims=2) for step in (0, 1))
    return low + (positions - tf.cast(before, positions.dtype)) * (high - low), tf.stop_gradient(high - low)


def _invert(cdf, places):
    """Return the smallest positions ``[B,C,N]`` at which ``cdf [B,C,K+1]`` reaches ``places``, all in (0, 1)."""
    bins = cdf.shape[-1] - 1
    flat = tf.searchsorted(tf.reshape(cdf, [-1, bins + 1]), tf.reshape(places, [-1, tf.shape(places)[-1]]), side="left")
    after = tf.clip_by_value(tf.reshape(flat, tf.shape(places)), 1, bins)
    low, high = (tf.gather(cdf, after - step, batch_dims=2) for step in (1, 0))
    return tf.cast(after - 1, tf.float64) + (places - low) / tf.maximum(high - low, 1e-30)
