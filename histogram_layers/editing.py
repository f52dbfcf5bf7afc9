"""Give some channels of an image another histogram, such as one that was drawn by hand."""

import numpy as np
import tensorflow as tf

from histogram_layers.functional import soft_histogram
from histogram_layers.matching import match_histograms


def replace_channels(histogram, curves):
    """Replace some channels of a histogram by curves.

    Args:
        histogram: array ``[1, C, K]``.
        curves: a dict of a channel's number to its curve ``[K']``, of any number of bins and any sum.

    Returns:
        A copy ``[1, C, K]``. Each curve is resampled to K bins that sum to 1: its CDF is linear within a bin.

    Example:
        >>> replace_channels(np.full([1, 3, 4], 0.25), {1: [1.0, 0.0]})[0, 1]
        array([0.5, 0.5, 0. , 0. ])
    """
    bins, replaced = histogram.shape[-1], np.array(histogram)
    for channel, curve in curves.items():
        cdf = np.append(0, np.cumsum(curve)) / np.sum(curve)
        places = np.linspace(0, len(curve), bins + 1)
        replaced[0, channel] = np.diff(np.interp(places, np.arange(len(curve) + 1), cdf))
    return replaced


def match_channels(images, curves, *, bins=256, value_range=(-1.0, 1.0)):
    """Match some channels of an image to curves; the other channels stay as they are (see `match_histograms`).

    Args:
        images: float ``[1, H, W, C]``.
        curves: a dict of a channel's number to its histogram, as in `replace_channels`.
        bins: number of bins of the histograms that are matched.
        value_range: ``(v0, v1)`` of the images.

    Returns:
        float32 ``[1, H, W, C]``.
    """
    images = tf.cast(images, tf.float32)
    wanted = replace_channels(soft_histogram(images, bins, value_range).numpy(), curves)
    matched = match_histograms(images, wanted, value_range)
    return tf.where([channel in curves for channel in range(images.shape[-1])], matched, images)
