"""Predict the color map of a pair by the network of a lut, in one pass."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

from models.networks import color_histogram, polynomial_terms, predict_coefficients
from models.transfer import ColorMap
from utils.colors import identity_lut

SIZE = 33  # entries along each axis of a map's table


def predict_map(
    weights: Sequence[np.ndarray], sources: Sequence[np.ndarray], reference: np.ndarray, **options
) -> ColorMap:
    """Predict one map of RGB for all sources.

    Args:
        weights: the weights of a lut, float32.
        sources: images, RGB float32 ``[h, w, 3]`` in [0, 1], of any sizes. If there are several, such as the frames of
            a video, the map is the mean of their maps.
        reference: an image, RGB float32 ``[h', w', 3]`` in [0, 1].
        options: the options of the histograms, as in `predict_coefficients`.
    """
    histogram = color_histogram(tf.constant(reference[None]), **options)
    coefficients = [predict_coefficients(weights, tf.constant(x[None]), histogram, **options)[0] for x in sources]
    colors = identity_lut(SIZE)
    return ColorMap(colors + polynomial_terms(colors).numpy() @ np.mean(coefficients, axis=0))
