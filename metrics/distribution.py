"""Distribution metrics: how close the set of outputs is to a set of real images."""

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
        text="Frechet distance between the InceptionV3 features of all outputs and of real images: 0 for equal sets.",
    )
)
def fid(images):
    """Frechet distance between the features of the outputs and those of the targets or, without targets, of the
    references (Heusel et al. 2017): ``fid``.

    It does not apply with exemplars: a few of them do not represent the images that the outputs should look like.

    The 2,048 features are those of Keras's InceptionV3 with its ImageNet weights. The original FID uses other weights:
    compare values with each other, but not with published ones.
    """
    wanted = images.get("target", images.get("reference"))
    if wanted is None:
        return "fid is left out: it does not apply to exemplars"
    if len(images["output"]) < 2:
        return "fid is left out: it needs at least two images"
    network, reason = _inception_or_reason()
    if network is None:
        return reason
    return {"fid": frechet_distance(*(features(network, group) for group in (images["output"], wanted)))}


@functools.cache
def _inception_or_reason():
    """`inception` with its weights and an empty string, or None and why they are not available."""
    try:
        return inception(), ""
    except Exception as error:  # Keras raises no narrower type
        if "URL fetch failure" not in str(error):
            raise
        reason = f"the weights of InceptionV3 are not available in ~/.keras or online ({error})"
        return None, f"fid is left out: {reason}"


def inception(weights="imagenet"):
    """InceptionV3 without its last layer: maps ``[N, 299, 299, 3]`` in [-1, 1] to ``[N, 2048]``."""
    return keras.applications.InceptionV3(include_top=False, weights=weights, pooling="avg")


def features(network, images):
    """The network's features, float64 ``[N, 2048]``, of a sequence of uint8 images ``[H, W, 3]`` of any sizes."""
    resize, found = keras.layers.Resizing(_SIZE, _SIZE), []
    for start in range(0, len(images), _BATCH):
        batch = (images[index] for index in range(start, min(start + _BATCH, len(images))))
        resized = np.concatenate([resize(np.float32(image[None])) for image in batch])
        scaled = keras.applications.inception_v3.preprocess_input(resized)
        found.append(np.asarray(network(scaled, training=False), np.float64))
    return np.concatenate(found)


def frechet_distance(first, second):
    """|m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)), with the means m and covariances S of features ``[N, F]`` and
    ``[M, F]``; N, M > 1.

    With centered features X and Y, S1 = X'X/(N-1) and S2 = Y'Y/(M-1), so the trace of the root is the nuclear norm of
    XY'/sqrt((N-1)(M-1)). The triangular factors of QR decompositions, R_X R_Y', have the same norm as XY': no matrix is
    larger than F x F, however many images there are.
    """
    centered = [group - group.mean(0) for group in (first, second)]
    variances = [(group**2).sum() / (len(group) - 1) for group in centered]
    triangles = [np.linalg.qr(group, mode="r") for group in centered]  # [min(N, F), F]
    root = np.linalg.norm(triangles[0] @ triangles[1].T, "nuc") / np.sqrt((len(first) - 1) * (len(second) - 1))
    return np.sum((first.mean(0) - second.mean(0)) ** 2) + sum(variances) - 2 * root
