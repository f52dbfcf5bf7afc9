"""What an image's colors are: pixels, histograms, quantiles and moments, as layers without weights."""

import numpy as np
import tensorflow as tf
from tensorflow import keras

from histogram_layers import hard_histogram
from models.networks.lut.polynomials import TERMS, affine_coefficients
from utils.colors import COLOR_SPACES, to_network

LEAST_VARIANCE = 0.03**2  # of colors in [0, 1], so that a flat source is not stretched without bound
STEEPEST = 4.0  # largest entry of a Monge-Kantorovich matrix


@keras.utils.register_keras_serializable(package="huenet")
class PixelGrid(keras.layers.Layer):
    """A layer that takes at most ``side`` rows and columns of images: ``[B, H, W, C]`` to ``[B, h, w, C]``.

    They are evenly spaced. Unlike a reduced copy, they keep the distribution of the colors.
    """

    def __init__(self, side, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        self.side = side

    def call(self, images) -> tf.Tensor:
        for axis in (1, 2):
            length = tf.shape(images)[axis]
            side = tf.minimum(length, self.side)
            images = tf.gather(images, (2 * tf.range(side) + 1) * length // (2 * side), axis=axis)
        return images

    def compute_output_shape(self, input_shape) -> tuple:
        return (input_shape[0], None, None, input_shape[-1])

    def get_config(self) -> dict:
        return {**super().get_config(), "side": self.side}


@keras.utils.register_keras_serializable(package="huenet")
class HardHistogram(keras.layers.Layer):
    """`histogram_layers.hard_histogram` as a layer: ``[B, H, W, C]`` to ``[B, C, bins]``. It has no gradient."""

    def __init__(self, bins, value_range=(-1.0, 1.0), dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        self.bins, self.value_range = bins, tuple(value_range)

    def call(self, images) -> tf.Tensor:
        return hard_histogram(images, self.bins, self.value_range)

    def compute_output_shape(self, input_shape) -> tuple:
        return (input_shape[0], input_shape[-1], self.bins)

    def get_config(self) -> dict:
        return {**super().get_config(), "bins": self.bins, "value_range": self.value_range}


@keras.utils.register_keras_serializable(package="huenet")
class Quantiles(keras.layers.Layer):
    """A layer that computes quantiles of histograms: ``[B, C, K]`` to ``[B, C, count]``.

    The levels are ``sin^2(pi (j + 1/2) / (2 count))``, close together near 0 and 1. Between the edges of a bin, the CDF
    is linear. The layer passes no gradient on, because the quantiles jump where bins are empty.
    """

    def __init__(self, count, value_range=(-1.0, 1.0), dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        self.count, self.value_range = count, tuple(value_range)

    def call(self, histogram) -> tf.Tensor:
        low, high = self.value_range
        levels = np.float32(np.sin(np.pi * (np.arange(self.count) + 0.5) / (2 * self.count)) ** 2)
        before = tf.cumsum(histogram, axis=-1, exclusive=True)[..., None]  # [B,C,K,1]
        passed = (levels - before) / tf.maximum(histogram[..., None], 1e-7)
        bins = tf.reduce_sum(tf.clip_by_value(passed, 0.0, 1.0), axis=2)  # [B,C,count]
        return tf.stop_gradient(low + (high - low) / histogram.shape[-1] * bins)

    def compute_output_shape(self, input_shape) -> tuple:
        return (*input_shape[:2], self.count)

    def get_config(self) -> dict:
        return {**super().get_config(), "count": self.count, "value_range": self.value_range}


@keras.utils.register_keras_serializable(package="huenet")
class MongeKantorovich(keras.layers.Layer):
    """A layer that computes the linear map between two images' colors (Pitie and Kokaram 2007), of their histograms.

    The map gives the source the mean and the covariance of the reference. Both follow from the means and variances
    along the 13 directions of the color space ``directions``, by least squares. The inputs are the histograms
    ``[source, reference]``, each ``[B, 13, K]``. The output is the map minus the identity, as coefficients
    ``[B, TERMS, 3]`` of polynomials. Histograms of other color spaces do not show the covariance, so for them it is 0.
    """

    def __init__(self, value_range=(-1.0, 1.0), dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        self.value_range = tuple(value_range)
        self._of_means, self._of_variances = _least_squares()

    def call(self, inputs) -> tf.Tensor:
        if inputs[1].shape[1] != len(COLOR_SPACES["directions"].channels):
            return tf.zeros([tf.shape(inputs[1])[0], TERMS, 3])
        (mean, covariance), (wanted_mean, wanted) = (self._moments(histogram) for histogram in inputs)
        root, inverse = _powers(covariance, 0.5, -0.5, least=LEAST_VARIANCE)
        (middle,) = _powers(root @ wanted @ root, 0.5, least=0.0)
        matrix = inverse @ middle @ inverse
        matrix = tf.clip_by_value(matrix, -STEEPEST, STEEPEST)
        return affine_coefficients(tf.concat([matrix - tf.eye(3), wanted_mean - matrix @ mean], axis=-1))

    def _moments(self, histogram):
        """Return the mean ``[B, 3, 1]`` and the covariance ``[B, 3, 3]`` of RGB in [0, 1]."""
        low, high = self.value_range
        bins = histogram.shape[-1]
        length = (high - low) / bins
        centers = tf.constant(low + length * (np.arange(bins) + 0.5), tf.float32)
        means = tf.linalg.matvec(histogram, centers)  # [B,13]
        variances = tf.reduce_sum(histogram * tf.square(centers - means[..., None]), axis=-1)
        variances -= length**2 / 12  # of the values within a bin
        mean = means @ self._of_means
        covariance = tf.reshape(variances @ self._of_variances, [-1, 3, 3])
        return (mean[..., None] + 1) / 2, covariance / 4

    def compute_output_shape(self, input_shape) -> tuple:
        return (input_shape[0][0], TERMS, 3)

    def get_config(self) -> dict:
        return {**super().get_config(), "value_range": self.value_range}


def _powers(matrices, *exponents, least):
    """Return powers of symmetric matrices ``[B, 3, 3]``. Eigenvalues below ``least`` are raised to it."""
    values, vectors = tf.linalg.eigh(matrices)
    values = tf.maximum(values, least)
    return [tf.einsum("bij,bj,bkj->bik", vectors, values**power, vectors) for power in exponents]


def _least_squares():
    """Return the matrices that turn the 13 means and variances to RGB's mean ``[3]`` and covariance ``[9]``."""
    axes = np.asarray(to_network(tf.concat([tf.zeros([1, 3]), tf.eye(3)], axis=0), "directions"))
    directions = np.float64(axes[1:] - axes[:1]).T / 2  # [13,3]
    products = directions[:, :, None] * directions[:, None]  # variance = sum of products * covariance
    return [np.float32(np.linalg.pinv(x)).T for x in (directions, products.reshape(-1, 9))]
