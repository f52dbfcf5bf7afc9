"""What an image's colors are: pixels, quantiles and moments, as pure functions."""

import functools

import numpy as np
import tensorflow as tf

from models.networks.lut.polynomials import TERMS, affine_coefficients
from models.networks.sizes import clip_size, numbers_below, sizes_of
from utils.colors import COLOR_SPACES, to_network

LEAST_VARIANCE = 0.03**2  # of colors in [0, 1], so that a flat source is not stretched without bound
STEEPEST = 4.0  # largest entry of a Monge-Kantorovich matrix


def pixel_grid(images, side) -> tf.Tensor:
    """Take at most ``side`` rows and columns of images: ``[B, H, W, C]`` to ``[B, h, w, C]``.

    They are evenly spaced. Unlike a reduced copy, they keep the distribution of the colors.
    """
    for axis in (1, 2):
        length = sizes_of(images)[axis]
        count = clip_size(length, 1, side)
        images = tf.gather(images, (2 * numbers_below(count) + 1) * length // (2 * count), axis=axis)
    return images


def quantiles(histogram, count, value_range=(-1.0, 1.0)) -> tf.Tensor:
    """Compute quantiles of histograms: ``[B, C, K]`` to ``[B, C, count]``.

    The levels are ``sin^2(pi (j + 1/2) / (2 count))``, close together near 0 and 1. Between the edges of a bin, the CDF
    is linear. They pass no gradient on, because they jump where bins are empty.
    """
    low, high = value_range
    levels = np.float32(np.sin(np.pi * (np.arange(count) + 0.5) / (2 * count)) ** 2)
    before = tf.cumsum(histogram, axis=-1, exclusive=True)[..., None]  # [B,C,K,1]
    passed = (levels - before) / tf.maximum(histogram[..., None], 1e-7)
    bins = tf.reduce_sum(tf.clip_by_value(passed, 0.0, 1.0), axis=2)  # [B,C,count]
    return tf.stop_gradient(low + (high - low) / histogram.shape[-1] * bins)


def monge_kantorovich(source, reference, value_range=(-1.0, 1.0)) -> tf.Tensor:
    """Compute the linear map between two images' colors (Pitie and Kokaram 2007) from their histograms.

    The map gives the source the mean and the covariance of the reference. Both follow from the means and variances
    along the 13 directions of the color space ``directions``, by least squares.

    Args:
        source, reference: histograms ``[B, 13, K]``. Other histograms do not show the covariance, so for them the
            result is 0.
        value_range: range of the histograms.

    Returns:
        The map minus the identity, as coefficients ``[B, TERMS, 3]`` of polynomials.
    """
    if reference.shape[1] != len(COLOR_SPACES["directions"].channels):
        return tf.zeros([tf.shape(reference)[0], TERMS, 3])
    (mean, covariance), (wanted_mean, wanted) = (_moments(each, value_range) for each in (source, reference))
    root, inverse = _powers(covariance, 0.5, -0.5, least=LEAST_VARIANCE)
    (middle,) = _powers(root @ wanted @ root, 0.5, least=0.0)
    matrix = tf.clip_by_value(inverse @ middle @ inverse, -STEEPEST, STEEPEST)
    return affine_coefficients(tf.concat([matrix - np.eye(3, dtype=np.float32), wanted_mean - matrix @ mean], axis=-1))


def _moments(histogram, value_range):
    """Return the mean ``[B, 3, 1]`` and the covariance ``[B, 3, 3]`` of RGB in [0, 1]."""
    low, high = value_range
    bins = histogram.shape[-1]
    length = (high - low) / bins
    centers = tf.constant(low + length * (np.arange(bins) + 0.5), tf.float32)
    means = tf.reduce_sum(histogram * centers, axis=-1)  # [B,13]
    variances = tf.reduce_sum(histogram * tf.square(centers - means[..., None]), axis=-1)
    variances -= length**2 / 12  # of the values within a bin
    of_means, of_variances = _least_squares()
    mean = means @ of_means
    covariance = tf.reshape(variances @ of_variances, [-1, 3, 3])
    return (mean[..., None] + 1) / 2, covariance / 4


def _powers(matrices, *exponents, least):
    """Return powers of symmetric matrices ``[B, 3, 3]``. Eigenvalues below ``least`` are raised to it."""
    values, vectors = tf.linalg.eigh(matrices)
    values = tf.maximum(values, least)
    return [tf.einsum("bij,bj,bkj->bik", vectors, values**power, vectors) for power in exponents]


@functools.cache
def _least_squares():
    """Return the matrices that turn the 13 means and variances to RGB's mean ``[3]`` and covariance ``[9]``."""
    with tf.init_scope():  # numbers, also within a graph
        axes = to_network(tf.constant(np.eye(4, 3, -1), tf.float32), "directions").numpy()  # of black and the axes
    directions = np.float64(axes[1:] - axes[:1]).T / 2  # [13,3]
    products = directions[:, :, None] * directions[:, None]  # variance = sum of products * covariance
    return [np.float32(np.linalg.pinv(x)).T for x in (directions, products.reshape(-1, 9))]
