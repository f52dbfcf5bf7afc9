"""Predict the color map of a pair by a trained lut, in one pass."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from tensorflow import keras

from models.image_model import ImageModel
from models.networks import polynomial_terms
from models.transfer import ColorMap
from utils.colors import identity_lut

SIZE = 33  # entries along each axis of a map's table


class MapPredictor:
    """Predicts color maps by an `ImageModel` or `HueNet` whose generator is a lut."""

    def __init__(self, model: ImageModel) -> None:
        generator = model.generator.get_layer("generator")
        self._find = keras.Model(generator.inputs, generator.get_layer("coefficients").output)
        self._colors = identity_lut(SIZE)
        self._terms = polynomial_terms(tf.constant(self._colors)).numpy()

    def predict(self, sources: Sequence[tf.Tensor], histogram: tf.Tensor) -> ColorMap:
        """Predict one map of RGB for all sources.

        Args:
            sources: images ``[h, w, 3]`` in the network's colors, of any sizes. If there are several, such as the
                frames of a video, the map is the mean of their maps.
            histogram: the reference's histogram ``[1, C, K]``.
        """
        coefficients = np.mean([self._find([source[None], histogram])[0] for source in sources], axis=0)
        return ColorMap(self._colors + self._terms @ coefficients)
