"""Reference implementation of the histograms by their formulas, in any float dtype, for reading and for tests.

Under the boundary rule, a value x has copies x': x itself, and its mirror images or its shifts by full turns.

    p_k(x) = sum over the copies x' of
             s((x' - m_k + L/2)/W) - s((x' - m_k - L/2)/W),    m_k = v0 + L (k + 1/2)
    P(k)    = mean over pixels of p_k(x)
    J(i, j) = mean over pixels of p_i(x) p_j(y)

The functions store a weight for each pair of a pixel and a bin, so keep images small. The options are the same as in
`histogram_layers.soft_histogram`.
"""

import math

import tensorflow as tf
from numpy.typing import ArrayLike

from histogram_layers.boundary import Boundary
from histogram_layers.inputs import as_images


def soft_histogram(
    images: ArrayLike,
    bins: int = 256,
    value_range: tuple[float, float] = (-1.0, 1.0),
    kernel_width_ratio: float = 2.5,
    boundary: Boundary = "reflect",
) -> tf.Tensor:
    """Compute the soft histograms ``[B, C, K]`` of images ``[B, H, W, C]``, in the dtype of the images."""
    weights = bin_weights(images, bins, value_range, kernel_width_ratio, boundary)
    return tf.reduce_mean(weights, axis=(1, 2))


def joint_histogram(
    first: ArrayLike,
    second: ArrayLike,
    bins: int = 256,
    value_range: tuple[float, float] = (-1.0, 1.0),
    kernel_width_ratio: float = 2.5,
    boundary: Boundary = "reflect",
) -> tf.Tensor:
    """Compute the joint histograms ``[B, C, K, K]`` of images ``[B, H, W, C]``, in the dtype of the images."""
    rows = bin_weights(first, bins, value_range, kernel_width_ratio, boundary)
    columns = bin_weights(second, bins, value_range, kernel_width_ratio, boundary)
    pixels = tf.cast(tf.shape(rows)[1] * tf.shape(rows)[2], rows.dtype)
    return tf.einsum("bhwci,bhwcj->bcij", rows, columns) / pixels


def bin_weights(
    images: ArrayLike,
    bins: int,
    value_range: tuple[float, float],
    kernel_width_ratio: float,
    boundary: Boundary,
) -> tf.Tensor:
    """Compute p_k for every pixel of images ``[B, H, W, C]``: ``[B, H, W, C, K]``."""
    images = as_images(images, value_range)
    options = bins, value_range, kernel_width_ratio
    if isinstance(boundary, str):
        return _by_one_rule(images, boundary, options)
    channels = zip(tf.split(images, len(boundary), axis=-1), boundary, strict=True)
    return tf.concat([_by_one_rule(channel, rule, options) for channel, rule in channels], axis=-2)


def _by_one_rule(x, rule, options):
    return sum(_kernel(image_of_x, *options) for image_of_x in _images_of(x, rule, *options))


def _kernel(x, bins, value_range, kernel_width_ratio):
    v0, v1 = value_range
    bin_length = (v1 - v0) / bins
    bandwidth = bin_length / kernel_width_ratio
    centers = v0 + bin_length * (tf.range(bins, dtype=x.dtype) + 0.5)
    distance = x[..., None] - centers
    weight = tf.sigmoid((distance + bin_length / 2) / bandwidth) - tf.sigmoid((distance - bin_length / 2) / bandwidth)
    return tf.nn.relu(weight)  # rounding can make the difference of two sigmoids near 1 negative


def _images_of(x, rule, bins, value_range, kernel_width_ratio):
    """Return the copies of x within the kernel's reach: 40 bandwidths, because exp(-40) = 4e-18 is negligible."""
    v0, v1 = value_range
    length = v1 - v0
    reach = math.ceil(40 / (kernel_width_ratio * bins))  # in units of the range's length
    if rule == "none":
        return [x]
    if rule == "cyclic":
        x = v0 + tf.math.floormod(x - v0, length)
        return [x + n * length for n in range(-reach, reach + 1)]
    if rule == "reflect":
        x = v1 - tf.abs(length - tf.math.floormod(x - v0, 2 * length))
        shifts = [2 * n * length for n in range(-reach, reach + 1)]
        return [x + shift for shift in shifts] + [2 * v0 - x + shift for shift in shifts]
    raise ValueError(f"boundary must be 'reflect', 'cyclic' or 'none'; received {rule!r}")
