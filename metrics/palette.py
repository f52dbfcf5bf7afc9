"""Palette metrics, which compare the colors of output and reference regardless of their proportions."""

import numpy as np
from scipy.spatial import KDTree
from skimage.color import rgb2lab

from metrics.registry import MetricText, register

PIXELS = 2048  # number of pixels drawn from each image


@register(
    palette=MetricText(
        family="color",
        better="lower",
        text="Mean distance in Lab from a pixel of the output to the nearest color of the reference: small if the "
        "reference has every color of the output.",
    ),
    coverage=MetricText(
        family="color",
        better="lower",
        text="Mean distance in Lab from a pixel of the reference to the nearest color of the output: small if the "
        "output has every color of the reference.",
    ),
)
def palette(sample):
    """Compute `palette_distance` from output to reference (``palette``) and from reference to output (``coverage``)."""
    output, reference = sample.rgb["output"], sample.rgb["reference"]
    return {"palette": palette_distance(output, reference), "coverage": palette_distance(reference, output)}


def palette_distance(image, other):
    """Compute the mean distance in Lab from a pixel of ``image`` to the nearest pixel of ``other``.

    Up to 2,048 random pixels of each image are compared.

    Args:
        image, other: uint8 ``[H, W, 3]`` of any sizes.

    Returns:
        A float, in Lab units.
    """
    distances, _ = KDTree(_draw(other)).query(_draw(image))
    return float(distances.mean())


def _draw(image):
    """Draw ``[PIXELS, 3]`` pixels of an image, in Lab, with a fixed seed. Return all pixels if it has fewer."""
    colors = image.reshape(-1, 3)
    if len(colors) > PIXELS:
        colors = np.random.default_rng(0).choice(colors, PIXELS, replace=False)
    return rgb2lab(colors)
