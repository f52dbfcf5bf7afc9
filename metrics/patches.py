"""Patches: whether pixels that are alike in the source are still alike in the output."""

import numpy as np
from skimage.color import rgb2lab
from skimage.segmentation import felzenszwalb

from metrics.registry import MetricText, register

CELL = 6.0  # Lab units: the side of a cell of alike colors
REGIONS = {"scale": 200, "sigma": 0.8, "min_size": 200}  # of `skimage.segmentation.felzenszwalb`
SLACK = 2.0  # Lab units of spread that a region may gain


@register(
    consistency=MetricText(
        family="structure",
        better="lower",
        text="Spread in Lab of the output among pixels of one color in the source, beyond the source's own spread: "
        "0 if the same color always becomes the same color.",
    ),
    tint=MetricText(
        family="structure",
        better="lower",
        text="False tints: spread in a and b of the output within regions of the source, beyond the source's own "
        "spread and 2 Lab units.",
    ),
)
def patches(sample):
    """`consistency` and `tint` of the source and the output."""
    pair = sample.rgb["source"], sample.rgb["output"]
    return {"consistency": consistency(*pair), "tint": tint(*pair)}


def consistency(source, output):
    """How far pixels of one color in the source spread in the output: ``mean of max(s_output - s_source, 0)``.

    The source's Lab is divided into cells of 6 x 6 x 6 units. In each, s is the square root of the summed variances of
    L, a and b; the mean is weighted by pixels. It is 0 for a map of colors that raises no contrast.

    Args:
        source, output: uint8 ``[H, W, 3]``.

    Returns:
        A float, in Lab units.
    """
    before, after = (rgb2lab(image).reshape(-1, 3) for image in (source, output))
    _, cells = np.unique(np.floor(before / CELL).astype(int), axis=0, return_inverse=True)
    return _mean_excess(cells.ravel(), before, after)


def tint(source, output):
    """How much color variation the output adds in regions of the source: ``mean of max(s_output - s_source - 2, 0)``.

    The regions are those of Felzenszwalb and Huttenlocher (2004). In each, s_output is the square root of the summed
    variances of the output's a and b, s_source that of the source's L, a and b; the mean is weighted by area.

    Args:
        source, output: uint8 ``[H, W, 3]``.

    Returns:
        A float, in Lab units.
    """
    regions = felzenszwalb(source, **REGIONS).ravel()
    before, after = (rgb2lab(image).reshape(-1, 3) for image in (source, output))
    return _mean_excess(regions, before, after[:, 1:], slack=SLACK)


def _mean_excess(groups, before, after, *, slack=0.0):
    """The mean over pixels of how far the spread of ``after`` in a pixel's group exceeds that of ``before``."""
    excess = _spread(groups, after) - _spread(groups, before) - slack
    return float(np.average(np.maximum(excess, 0), weights=np.bincount(groups)))


def _spread(groups, values):
    """The square root of the summed variances of values ``[N, C]`` in each group: ``[G]``."""
    counts = np.bincount(groups)
    means = np.stack([np.bincount(groups, channel) for channel in values.T], axis=1) / counts[:, None]
    squares = np.square(values - means[groups]).sum(axis=1)
    return np.sqrt(np.bincount(groups, squares) / counts)
