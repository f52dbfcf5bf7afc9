"""Clusters of an image's colors. A fit may change their shares, as two images rarely have the same amount of sky."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.cluster.vq import kmeans2

from utils.colors import LAB_UNITS, to_network
from utils.images import evenly_by_weight, shrink, to_float, weights_of

CLUSTERS = 24
PIXELS = 96  # pixels drawn from each cluster
POOL = 2**13  # most pixels that are clustered
COPY_SIDE = 256  # longest side in pixels of the copies that a fit uses
LEAST_SHARE = 1e-6  # share of a cluster without pixels


class Palette(NamedTuple):
    """Clusters of an image's colors.

    Attributes:
        colors: RGB float32 ``[CLUSTERS, PIXELS, 3]`` in [0, 1].
        shares: the clusters' shares of the image, float32 ``[CLUSTERS]``.
    """

    colors: np.ndarray
    shares: np.ndarray


def find_palette(images: Sequence[np.ndarray], *, seed: int = 0) -> Palette:
    """Find one `Palette` of all images by k-means in Lab.

    Args:
        images: RGB uint8 or uint16 ``[h, w, 3]``, or ``[h, w, 4]``, where the fourth channel is each pixel's weight.
        seed: seed of the initial centers.
    """
    copies = [shrink(image, COPY_SIDE) for image in images]
    colors = np.concatenate([to_float(copy[..., :3]).reshape(-1, 3) for copy in copies])
    weights = np.concatenate([weights_of(copy).ravel() for copy in copies])
    colors = colors[evenly_by_weight(weights, POOL)]
    labels = _cluster(colors, seed)
    members = [colors[labels == label] for label in range(CLUSTERS)]
    groups = [group if len(group) else colors for group in members]
    shares = np.array([len(group) for group in members]) / len(colors)
    drawn = np.stack([group[_evenly(len(group), PIXELS)] for group in groups])
    return Palette(drawn, np.float32(np.maximum(shares, LEAST_SHARE)))


def _cluster(colors, seed):
    """Return the cluster of each color, ``[N]``. If there are at most CLUSTERS distinct colors, each is a cluster."""
    distinct, labels = np.unique(colors, axis=0, return_inverse=True)
    if len(distinct) <= CLUSTERS:
        return labels.ravel()
    lab = np.float64(to_network(colors, "lab") * LAB_UNITS)
    return kmeans2(lab, CLUSTERS, minit="++", rng=seed)[1]


def _evenly(count, wanted):
    """Return ``wanted`` indices below ``count``, spaced as evenly as possible."""
    return (np.arange(wanted) * 2 + 1) * count // (2 * wanted)
