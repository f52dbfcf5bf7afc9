"""Fit one bilateral grid to a pair: a source, and the histogram of the colors that it should have. No training set.

The grid starts as the identity. Adam lowers the sliced Wasserstein distance of the output's colors to the reference's
(the mean Earth Mover's Distance of order 1 along 13 directions of RGB). Four terms balance it: neighboring cells
must be alike, so that the transforms are smooth; where the source is flat, the output must be flat too; the
output's luminance must have the source's structure (SSIM); and colors must be displayable.
"""

import numpy as np
import tensorflow as tf
from tensorflow import keras

from histogram_layers import soft_histogram
from losses import (
    earth_movers_distance,
    false_contrast,
    flat_share,
    smoothness,
    squared_excess,
    structural_dissimilarity,
)
from models.networks import bilateral_slice
from models.state import assign, values_of
from utils import to_float, to_integers, to_network

GRID = (16, 16, 8)  # rows, columns, and levels of luminance
BINS = 64
STEPS = 300
RATE = 0.1
PIXELS = 2**14  # that each step draws, at most
SMOOTHNESS = {"space": 6.0, "guide": 3.0}
FALSE_CONTRAST = 0.2  # where at least half of the source is not flat
FLATTEST = 0.3  # the least share of a source that counts as not flat
SSIM = 0.004
# In pixels that are drawn. By eye: without the longest, parts of one face or sky are given different colors.
DISTANCES = (4, 16, 48)


class PairFit:
    """Fits grids, one after another.

    Args:
        steps: of Adam, by default STEPS. Its rate falls to 0 over them by a cosine.
        seed: of the pixels that each step draws.
    """

    def __init__(self, steps=None, seed=0):
        self.steps, self._seed = steps or STEPS, seed
        self._grid = tf.Variable(_identity_grid())
        self._optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(RATE, self.steps))
        self._optimizer.build([self._grid])
        self._variables = [self._grid, *self._optimizer.variables]
        self._initial = values_of(self._variables)

    def fit(self, sources, reference_histogram):
        """Fit a grid to a pair. A generator that yields the loss before each step; then `grid` is the result.

        Args:
            sources: float ``[N, h, w, 3]``, RGB in [0, 1]: a small copy of the source, or of several frames that are to
                share one grid. Their histogram is that of all pixels together.
            reference_histogram: of `color_histogram`.
        """
        assign(self._variables, self._initial)
        sources = tf.constant(sources, tf.float32)
        for _ in range(self.steps):
            yield float(self._step(sources, reference_histogram))

    @property
    def grid(self):
        """The last grid: float32 ``[1, h, w, d, 3, 4]``."""
        return self._grid.numpy()

    @tf.function(autograph=False, input_signature=[tf.TensorSpec([None, None, None, 3]), tf.TensorSpec([1, 13, BINS])])
    def _step(self, sources, reference_histogram):
        drawn = self._draw(sources)
        with tf.GradientTape() as tape:
            outputs = apply_grid(self._grid, drawn)
            distance = earth_movers_distance(_histogram(outputs), reference_histogram, 1)
            loss = (
                tf.reduce_mean(distance)
                + tf.reduce_mean(squared_excess(2 * outputs - 1))
                + _flatness_weight(drawn) * false_contrast(drawn, outputs, distances=DISTANCES)
                + SSIM * _dissimilarity(drawn, outputs)
                + smoothness(self._grid, **SMOOTHNESS)
            )
        self._optimizer.apply_gradients([(tape.gradient(loss, self._grid), self._grid)])
        return loss

    def _draw(self, images):
        """Every s-th row and column of images, at most PIXELS pixels. Where they begin is drawn in each step."""
        pixels = tf.cast(tf.reduce_prod(tf.shape(images)[:3]), tf.float32)
        stride = tf.cast(tf.math.ceil(tf.sqrt(pixels / PIXELS)), tf.int32)
        key = tf.stack([self._seed, tf.cast(self._optimizer.iterations, tf.int32)])
        row, column = tf.unstack(tf.random.stateless_uniform([2], key, 0, stride, tf.int32))
        return tf.ensure_shape(images[:, row::stride, column::stride], images.shape)


def color_histogram(image):
    """The histogram along 13 directions, ``[1, 13, 64]``, of a reference, RGB ``[h, w, 3]`` in [0, 1]."""
    return _histogram(tf.cast(image, tf.float32)).numpy()


def apply_grid(grid, images, strength=1.0):
    """Apply a grid ``[1,h,w,d,3,4]`` to images, RGB ``[N,H,W,3]`` in [0, 1], whose guide is their luminance.

    ``strength``: from 0, the images themselves, to 1. Returns RGB that may lie somewhat out of [0, 1].
    """
    blended = strength * grid + (1 - strength) * _identity_grid()
    guide = to_network(images, "yuv", channels=1) / 2 + 0.5
    shared = tf.repeat(blended, tf.shape(images)[0], axis=0)
    return bilateral_slice(shared, guide, images)


def translate_by_grid(grid, image, strength=1.0):
    """An image, RGB uint8 or uint16 ``[H, W, 3]``, by a grid: as many bits. ``strength`` is that of `apply_grid`."""
    output = apply_grid(grid, to_float(image)[None], strength).numpy()[0]
    return to_integers(np.clip(output, 0, 1, out=output), image.dtype)


def _flatness_weight(images):
    """The weight of false contrast. It grows where most of the source is flat: a sky has no places for many colors."""
    not_flat = tf.clip_by_value(1 - flat_share(images), FLATTEST, 0.5)
    return FALSE_CONTRAST * tf.square(0.5 / not_flat)


def _dissimilarity(images, outputs):
    """The mean of ``1 - SSIM`` of the luminances. 0 where a side is shorter than SSIM's window of 11 pixels."""
    return tf.cond(
        tf.reduce_min(tf.shape(images)[1:3]) >= 11,
        lambda: tf.reduce_mean(structural_dissimilarity(2 * images - 1, 2 * outputs - 1, color_space="rgb")),
        lambda: tf.constant(0.0),
    )


def _histogram(rgb):
    """The histogram along 13 directions of all pixels together: RGB ``[..., 3]`` to ``[1, 13, 64]``."""
    return soft_histogram(to_network(tf.reshape(rgb, [1, 1, -1, 3]), "directions"), BINS)


def _identity_grid():
    return np.broadcast_to(np.eye(3, 4, dtype=np.float32), [1, *GRID, 3, 4])
