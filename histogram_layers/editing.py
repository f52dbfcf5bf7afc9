"""Give some channels of an image other histograms, for example drawn by hand."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from histogram_layers.functional import soft_histogram
from histogram_layers.inputs import as_images, refuse_non_histogram
from histogram_layers.matching import match_histograms


def replace_channels(histogram: np.ndarray, curves: Mapping[int, ArrayLike]) -> np.ndarray:
    """Replace some channels of a histogram with curves.

    Args:
        histogram: array ``[1, C, K]``.
        curves: ``{channel index: curve}``. A curve is ``[K']``, with any number of bins and any sum.

    Returns:
        A copy ``[1, C, K]``. Each curve is resampled to K bins that sum to 1. Its CDF is interpolated linearly within
        bins.

    Raises:
        ValueError: a curve has another rank, or a bin is negative or not finite, or all bins are 0.

    Example:
        >>> replace_channels(np.full([1, 3, 4], 0.25), {1: [1.0, 0.0]})[0, 1]
        array([0.5, 0.5, 0. , 0. ])
    """
    bins, replaced = histogram.shape[-1], np.array(histogram)
    for channel, curve in curves.items():
        curve = np.asarray(curve, np.float64)
        refuse_non_histogram(curve, f"the curve of channel {channel}")
        cdf = np.append(0, np.cumsum(curve)) / np.sum(curve)
        places = np.linspace(0, len(curve), bins + 1)
        replaced[0, channel] = np.diff(np.interp(places, np.arange(len(curve) + 1), cdf))
    return replaced


def match_channels(
    images: ArrayLike,
    curves: Mapping[int, ArrayLike],
    *,
    bins: int = 256,
    value_range: tuple[float, float] = (-1.0, 1.0),
) -> tf.Tensor:
    """Match some channels of an image to curves with `match_histograms`. The other channels stay unchanged.

    Args:
        images: float ``[1, H, W, C]``.
        curves: ``{channel index: curve}``, as in `replace_channels`.
        bins: number of bins of the matched histograms.
        value_range: range ``(v0, v1)`` of the images.

    Returns:
        float32 ``[1, H, W, C]``.

    Raises:
        ValueError: as in `soft_histogram` and `replace_channels`.
    """
    images = tf.cast(as_images(images, value_range), tf.float32)
    wanted = replace_channels(soft_histogram(images, bins, value_range).numpy(), curves)
    matched = match_histograms(images, wanted, value_range)
    return tf.where([channel in curves for channel in range(images.shape[-1])], matched, images)
