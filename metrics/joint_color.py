"""Joint color metrics: the distance between the colors of output and reference, all channels together."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from metrics.registry import MetricText, register

PIXELS = 512  # drawn from each image


@register(
    rgb_w1=MetricText(
        family="color",
        better="lower",
        text="Wasserstein distance between the colors of output and reference, in RGB from 0 to 1. It counts "
        "proportions: how much of each color there is. About 0.04 for equal images, because it samples their pixels.",
        baseline="rgb_w1_source",
    ),
    rgb_w1_source=MetricText(
        family="color",
        better="lower",
        text="Wasserstein distance between the colors of source and reference: the distance before translation.",
    ),
)
def rgb_w1(sample):
    """Wasserstein distance of order 1 between the colors of output and reference, ``rgb_w1``, and between those of
    source and reference, ``rgb_w1_source``.

    It is the exact optimal transport between 512 random pixels of each image, with Euclidean distances in RGB in
    [0, 1]. Two draws from one photograph are about 0.04 apart.
    """
    names = {"output": "rgb_w1", "source": "rgb_w1_source"}
    return {name: color_transport(sample.rgb[image], sample.rgb["reference"]) for image, name in names.items()}


def color_transport(image, reference):
    """The distance that `rgb_w1` measures, between two uint8 images ``[H, W, 3]`` of any sizes."""
    return _transport_cost(_draw(image, seed=1), _draw(reference, seed=0))


def _draw(image, seed):
    """Random pixels of a uint8 image ``[H, W, 3]``, float64 ``[PIXELS, 3]`` in [0, 1]."""
    colors = image.reshape(-1, 3)
    return colors[np.random.default_rng(seed).integers(0, len(colors), PIXELS)] / 255


def _transport_cost(first, second):
    """The smallest mean distance over all one-to-one pairings of ``[N, 3]`` and ``[N, 3]``."""
    distances = np.linalg.norm(first[:, None] - second, axis=-1)
    return distances[linear_sum_assignment(distances)].mean()
