"""Joint color metrics, which compare the colors of output and reference in all channels together."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from metrics.registry import MetricText, register

PIXELS = 512  # number of pixels drawn from each image


@register(
    rgb_w1=MetricText(
        family="color",
        better="lower",
        text="Wasserstein distance between the colors of output and reference, in RGB from 0 to 1. It depends on "
        "the proportions of the colors. It is about 0.04 for equal images, because it compares random pixels.",
        baseline="rgb_w1_source",
    ),
    rgb_w1_source=MetricText(
        family="color",
        better="lower",
        text="Wasserstein distance between the colors of source and reference: the distance before translation.",
    ),
)
def rgb_w1(sample):
    """Compute the Wasserstein distance of order 1 between the colors of two images.

    ``rgb_w1`` compares output and reference, and ``rgb_w1_source`` compares source and reference. The distance is the
    exact optimal transport between 512 random pixels of each image, with Euclidean distances in RGB in [0, 1]. Two
    random draws from the same photograph are about 0.04 apart.
    """
    names = {"output": "rgb_w1", "source": "rgb_w1_source"}
    return {name: color_transport(sample.rgb[image], sample.rgb["reference"]) for image, name in names.items()}


def color_transport(image, reference):
    """Compute the distance of `rgb_w1` between two uint8 images ``[H, W, 3]`` of any sizes."""
    return _transport_cost(_draw(image, seed=1), _draw(reference, seed=0))


def _draw(image, seed):
    """Draw random pixels from a uint8 image ``[H, W, 3]``: float64 ``[PIXELS, 3]`` in [0, 1]."""
    colors = image.reshape(-1, 3)
    return colors[np.random.default_rng(seed).integers(0, len(colors), PIXELS)] / 255


def _transport_cost(first, second):
    """Return the smallest mean distance over all one-to-one pairings of two sets of points, each ``[N, 3]``."""
    distances = np.linalg.norm(first[:, None] - second, axis=-1)
    return distances[linear_sum_assignment(distances)].mean()
