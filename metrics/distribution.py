"""Distribution metrics, which compare the set of outputs with a set of real images."""

import functools

import numpy as np
from tensorflow import keras

from metrics.registry import MetricText, register_for_sets
from utils import warn

_SIZE = 299
_BATCH = 32
_FEATURES = 2048


@register_for_sets(
    fid=MetricText(
        family="distribution",
        better="lower",
        text="Frechet distance between the InceptionV3 features of all outputs and of real images: 0 for equal sets.",
    )
)
def fid(images):
    """Compute ``fid``, the Frechet distance between the features of outputs and of real images (Heusel et al. 2017).

    The real images are the targets or, if there are none, the references. The metric does not apply to exemplars,
    because a few images do not represent the distribution that the outputs should have.

    The 2,048 features come from Keras's InceptionV3 with ImageNet weights. The original FID uses other weights, so do
    not compare the values with published ones. With fewer images than features, the value is too high, and a
    warning says so: so few images cannot show how the features vary.
    """
    wanted, count = images.get("target", images.get("reference")), len(images["output"])
    if wanted is None:
        return "fid is left out: it does not apply to exemplars"
    if count < 2:
        return "fid is left out: it needs at least two images"
    network, reason = _inception_or_reason()
    if network is None:
        return reason
    if count < _FEATURES:
        warn(
            f"fid is computed from {count} images; with fewer than {_FEATURES:,} it is far too high, even for equally "
            "good images, so compare it only with the fid of the same number of images"
        )
    return {"fid": frechet_distance(*(features(network, group) for group in (images["output"], wanted)))}


@functools.cache
def _inception_or_reason():
    """Return `inception` and an empty string, or None and the reason why its weights are not available."""
    try:
        return inception(), ""
    except Exception as error:  # Keras raises a plain Exception
        if "URL fetch failure" not in str(error):
            raise
        reason = f"the weights of InceptionV3 are not available in ~/.keras or online ({error})"
        return None, f"fid is left out: {reason}"


def inception(weights="imagenet"):
    """Return InceptionV3 without its last layer. It maps images ``[N, 299, 299, 3]`` in [-1, 1] to ``[N, 2048]``."""
    return keras.applications.InceptionV3(include_top=False, weights=weights, pooling="avg")


def features(network, images):
    """Return the features, float64 ``[N, 2048]``, for a sequence of uint8 images ``[H, W, 3]`` of any sizes."""
    resize, found = keras.layers.Resizing(_SIZE, _SIZE), []
    for start in range(0, len(images), _BATCH):
        batch = (images[index] for index in range(start, min(start + _BATCH, len(images))))
        resized = np.concatenate([resize(np.float32(image[None])) for image in batch])
        scaled = keras.applications.inception_v3.preprocess_input(resized)
        found.append(np.asarray(network(scaled, training=False), np.float64))
    return np.concatenate(found)


def frechet_distance(first, second):
    """Compute the Frechet distance |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)) of features ``[N, F]`` and ``[M, F]``.

    m1 and m2 are the means, S1 and S2 the covariances of the features; N and M are at least 2.

    With centered features X and Y, S1 = X'X/(N-1) and S2 = Y'Y/(M-1), so the trace of the root is the nuclear norm of
    XY'/sqrt((N-1)(M-1)). Let R_X and R_Y be the triangular factors of the QR decompositions of X and Y. Then R_X R_Y'
    has the same norm as XY', but its size is at most ``[F, F]``, for any number of images.
    """
    centered = [group - group.mean(0) for group in (first, second)]
    variances = [(group**2).sum() / (len(group) - 1) for group in centered]
    triangles = [np.linalg.qr(group, mode="r") for group in centered]  # [min(N, F), F]
    root = np.linalg.norm(triangles[0] @ triangles[1].T, "nuc") / np.sqrt((len(first) - 1) * (len(second) - 1))
    return np.sum((first.mean(0) - second.mean(0)) ** 2) + sum(variances) - 2 * root
