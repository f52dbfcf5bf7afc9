"""Distribution: whether all outputs together look like real images."""

import functools

import numpy as np
from tensorflow import keras

from metrics.registry import MetricText, register_for_sets

_SIZE = 299
_BATCH = 32


@register_for_sets(
    fid=MetricText(
        family="distribution",
        better="lower",
        text="Frechet distance of InceptionV3's features of all outputs to those of real images: 0 for the same set.",
    )
)
def fid(images):
    """Frechet distance of the outputs' features to those of the targets or, without targets, of the references (Heusel
    et al. 2017): ``fid``.

    With exemplars there is neither: a handful of them, or one, is no sample of how outputs should look as a set.

    The features are the 2,048 of Keras's InceptionV3 with its ImageNet weights. This is not the network of the original
    FID: figures compare with each other, but not with published ones.
    """
    wanted = images.get("target", images.get("reference"))
    if wanted is None:
        return "fid is left out: it does not apply to exemplars"
    if len(images["output"]) < 2:
        return "fid is left out: it takes two images or more"
    network, reason = _inception_or_reason()
    if network is None:
        return reason
    return {"fid": frechet_distance(*(features(network, group) for group in (images["output"], wanted)))}


@functools.cache
def _inception_or_reason():
    """`inception` with its weights, or None and why they cannot be had."""
    try:
        return inception(), ""
    except Exception as error:  # what Keras raises has no other type
        if "URL fetch failure" not in str(error):
            raise
        return None, f"fid is left out: the weights of InceptionV3 are not in ~/.keras and cannot be had ({error})"


def inception(weights="imagenet"):
    """InceptionV3 without its last layer: ``[N, 299, 299, 3]`` in [-1, 1] to ``[N, 2048]``."""
    return keras.applications.InceptionV3(include_top=False, weights=weights, pooling="avg")


def features(network, images):
    """A sequence of uint8 ``[H, W, 3]``, of any sizes, to float64 ``[N, 2048]``."""
    resize, found = keras.layers.Resizing(_SIZE, _SIZE), []
    for start in range(0, len(images), _BATCH):
        batch = (images[index] for index in range(start, min(start + _BATCH, len(images))))
        resized = np.concatenate([resize(np.float32(image[None])) for image in batch])
        scaled = keras.applications.inception_v3.preprocess_input(resized)
        found.append(np.asarray(network(scaled, training=False), np.float64))
    return np.concatenate(found)


def frechet_distance(first, second):
    """|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)) of the means and covariances of ``[N, F]`` and ``[M, F]``; N, M > 1.

    With X, Y less their means, S1 = X'X/(N-1), and so on, the root's trace is the nuclear norm of XY'/sqrt((N-1)(M-1)).
    That norm is the same of R_X R_Y', the triangles of QR decompositions: no matrix is larger than F x F, however many
    images there are.
    """
    centered = [group - group.mean(0) for group in (first, second)]
    variances = [(group**2).sum() / (len(group) - 1) for group in centered]
    triangles = [np.linalg.qr(group, mode="r") for group in centered]  # [min(N, F), F]
    root = np.linalg.norm(triangles[0] @ triangles[1].T, "nuc") / np.sqrt((len(first) - 1) * (len(second) - 1))
    return np.sum((first.mean(0) - second.mean(0)) ** 2) + sum(variances) - 2 * root
