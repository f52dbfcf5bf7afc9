"""Joint color: how far the output's colors are from the reference's, all channels together."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from metrics.registry import MetricText, register

PIXELS = 512  # of each image


@register(
    rgb_w1=MetricText(
        family="color",
        better="lower",
        text="Wasserstein distance of the output's colors to the reference's, in RGB from 0 to 1. It counts how much "
        "of each color there is. Equal images have about 0.04.",
        baseline="rgb_w1_source",
    ),
    rgb_w1_source=MetricText(
        family="color",
        better="lower",
        text="Wasserstein distance of the source's colors to the reference's: how far there was to go.",
    ),
)
def rgb_w1(sample):
    """Wasserstein distance, order 1, of the colors of output and reference: ``rgb_w1``, and, to compare, the source's,
    ``rgb_w1_source``. It is the exact optimal transport between 512 random pixels of each image, Euclidean in RGB in
    [0, 1]. Two draws from one photograph are some 0.04 apart."""
    names = {"output": "rgb_w1", "source": "rgb_w1_source"}
    return {name: color_transport(sample.rgb[image], sample.rgb["reference"]) for image, name in names.items()}


def color_transport(image, reference):
    """The Wasserstein distance of `rgb_w1` between two images, uint8 ``[H, W, 3]`` of any sizes."""
    return _transport_cost(_draw(image, seed=1), _draw(reference, seed=0))


def _draw(image, seed):
    """Random pixels of an image, uint8 ``[H, W, 3]``: float64 ``[PIXELS, 3]`` in [0, 1]."""
    colors = image.reshape(-1, 3)
    return colors[np.random.default_rng(seed).integers(0, len(colors), PIXELS)] / 255


def _transport_cost(first, second):
    """The least mean distance of pairs, over all pairings of ``[N, 3]`` and ``[N, 3]``."""
    distances = np.linalg.norm(first[:, None] - second, axis=-1)
    return distances[linear_sum_assignment(distances)].mean()
