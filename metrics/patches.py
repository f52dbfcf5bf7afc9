"""Patch metrics, which test whether pixels that are similar in the source are still similar in the output."""

import numpy as np
from skimage.color import rgb2lab
from skimage.segmentation import felzenszwalb

from metrics.registry import MetricText, register

CELL = 6.0  # side of a cell of similar colors, in Lab units
REGIONS = {"scale": 200, "sigma": 0.8, "min_size": 200}  # arguments of `skimage.segmentation.felzenszwalb`
SLACK = 2.0  # added spread of a region that is ignored, in Lab units


@register(
    consistency=MetricText(
        family="structure",
        better="lower",
        text="Spread in Lab of the output over pixels of one color in the source, minus the source's own spread: "
        "0 if the same color always becomes the same color.",
    ),
    tint=MetricText(
        family="structure",
        better="lower",
        text="False tints: spread in a and b of the output within regions of the source, minus the source's own "
        "spread and 2 Lab units.",
    ),
)
def patches(sample):
    """Compute `consistency` and `tint` of source and output."""
    pair = sample.rgb["source"], sample.rgb["output"]
    return {"consistency": consistency(*pair), "tint": tint(*pair)}


def consistency(source, output):
    """Measure how much pixels of one source color spread in the output: ``mean of max(s_output - s_source, 0)``.

    Lab space is divided into cells with sides of 6 units, and the source's pixels are grouped by cell. In each group,
    s is the square root of the summed variances of L, a and b. The mean is weighted by the number of pixels. It is 0 if
    the output is a map of the source's colors that raises no contrast.

    Args:
        source, output: uint8 ``[H, W, 3]``.

    Returns:
        A float, in Lab units.
    """
    before, after = (rgb2lab(image).reshape(-1, 3) for image in (source, output))
    _, cells = np.unique(np.floor(before / CELL).astype(int), axis=0, return_inverse=True)
    return _mean_excess(cells.ravel(), before, after)


def tint(source, output):
    """Measure the color variation that the output adds in regions: ``mean of max(s_output - s_source - 2, 0)``.

    The source is segmented into regions with the method of Felzenszwalb and Huttenlocher (2004). In each region,
    s_output is the square root of the summed variances of the output's a and b. s_source is the same for the source's
    L, a and b. The mean is weighted by area.

    Args:
        source, output: uint8 ``[H, W, 3]``.

    Returns:
        A float, in Lab units.
    """
    regions = felzenszwalb(source, **REGIONS).ravel()
    before, after = (rgb2lab(image).reshape(-1, 3) for image in (source, output))
    return _mean_excess(regions, before, after[:, 1:], slack=SLACK)


def _mean_excess(groups, before, after, *, slack=0.0):
    """Average ``max(spread of after - spread of before - slack, 0)`` over the groups, weighted by number of pixels."""
    excess = _spread(groups, after) - _spread(groups, before) - slack
    return float(np.average(np.maximum(excess, 0), weights=np.bincount(groups)))


def _spread(groups, values):
    """Return the square root of the summed variances of ``values [N, C]`` in each group: ``[G]``."""
    counts = np.bincount(groups)
    means = np.stack([np.bincount(groups, channel) for channel in values.T], axis=1) / counts[:, None]
    squares = np.square(values - means[groups]).sum(axis=1)
    return np.sqrt(np.bincount(groups, squares) / counts)
