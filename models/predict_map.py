"""Predict the color map of a pair by a trained lut, in one pass."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from tensorflow import keras

from models.networks import polynomial_terms
from models.transfer import ColorMap
from utils.colors import identity_lut

SIZE = 33  # entries along each axis of a map's table


class MapPredictor:
    """Predicts color maps by a generator from `lut_generator`."""

    def __init__(self, generator: keras.Model) -> None:
        self._find = keras.Model(generator.inputs, generator.get_layer("coefficients").output)
        self._measure = [generator.get_layer(name) for name in ("rgb", "pixel_colors", "pixel_histogram")]
        self._colors = identity_lut(SIZE)
        self._terms = polynomial_terms(tf.constant(self._colors)).numpy()

    def predict(self, sources: Sequence[tf.Tensor], reference: tf.Tensor) -> ColorMap:
        """Predict one map of RGB for all sources.

        Args:
            sources: images ``[h, w, 3]`` in the network's colors, of any sizes. If there are several, such as the
                frames of a video, the map is the mean of their maps.
            reference: an image ``[h', w', 3]`` in the network's colors.
        """
        measured = reference[None]
        for layer in self._measure:
            measured = layer(measured)
        coefficients = np.mean([self._find([source[None], measured])[0] for source in sources], axis=0)
        return ColorMap(self._colors + self._terms @ coefficients)
