"""The palette: which colors output and reference have, whatever their proportions."""

import numpy as np
from scipy.spatial import KDTree
from skimage.color import rgb2lab

from metrics.registry import MetricText, register

PIXELS = 2048  # drawn from each image


@register(
    palette=MetricText(
        family="color",
        better="lower",
        text="Mean distance in Lab of an output's pixel to the nearest color of the reference: whether every color of "
        "the output is one that the reference has.",
    ),
    coverage=MetricText(
        family="color",
        better="lower",
        text="Mean distance in Lab of a reference's pixel to the nearest color of the output: whether the output has "
        "every color of the reference.",
    ),
)
def palette(sample):
    """`palette_distance` of the output to the reference, ``palette``, and of the reference to it, ``coverage``."""
    output, reference = sample.rgb["output"], sample.rgb["reference"]
    return {"palette": palette_distance(output, reference), "coverage": palette_distance(reference, output)}


def palette_distance(image, other):
    """The mean distance in Lab of a pixel of an image to the nearest of another's: 2,048 pixels drawn from each.

    Args:
        image, other: uint8 ``[H, W, 3]`` of any sizes.

    Returns:
        A float, in Lab units.
    """
    distances, _ = KDTree(_draw(other)).query(_draw(image))
    return float(distances.mean())


def _draw(image):
    """Seeded pixels of an image, in Lab: ``[PIXELS, 3]``. Where the image has fewer, all of them."""
    colors = image.reshape(-1, 3)
    if len(colors) > PIXELS:
        colors = np.random.default_rng(0).choice(colors, PIXELS, replace=False)
    return rgb2lab(colors)
