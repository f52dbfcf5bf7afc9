"""Fit one bilateral grid to a pair, so that the source gets the colors of the reference. This needs no training set.

The grid starts as the identity. Adam minimizes the sliced Wasserstein distance between the colors of the output and the
reference (the mean Earth Mover's Distance of order 1 along 13 directions of RGB). Four other terms of the loss penalize
differences between neighboring cells, contrast in the output where the source is flat, a change of the luminance's
structure (SSIM), and colors that cannot be displayed.
"""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf
from tensorflow import keras

from losses import (
    earth_movers_distance,
    false_contrast,
    flat_share,
    smoothness,
    squared_excess,
    structural_dissimilarity,
)
from models.state import assign, values_of
from models.transfer.descent import take_steps
from models.transfer.grid import BINS, apply_grid, color_histogram, identity_grid
from models.transfer.palette import COPY_SIDE
from utils.images import drawn_pixels, fill, resize, shrink, shrunk_size, to_float, weights_of

STEPS = 300
RATE = 0.1
PIXELS = 2**14  # most pixels that a step draws
SMOOTHNESS = {"space": 6.0, "guide": 3.0}
FALSE_CONTRAST = 0.2  # its weight if at least half of the source is not flat
FLATTEST = 0.3  # lower bound of the source's share that is not flat
SSIM = 0.004
# In drawn pixels, chosen by eye. Without the longest, parts of one face or sky get different colors.
DISTANCES = (4, 16, 48)


class GridFitter:
    """A fitter of grids to pairs of images of any sizes, one pair at a time.

    Args:
        steps: number of Adam steps, by default STEPS. The learning rate falls to 0 along a cosine.
        seed: seed of the pixels that each step draws.
    """

    def __init__(self, steps: int | None = None, seed: int = 0) -> None:
        self.steps, self._seed = steps or STEPS, seed
        self._grid = tf.Variable(identity_grid())
        self._optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(RATE, self.steps))
        self._optimizer.build([self._grid])
        self._variables = [self._grid, *self._optimizer.variables]
        self._initial = values_of(self._variables)
        histogram = tf.TensorSpec([1, 13, BINS])
        self._steps = {  # for images without and with weights
            channels: tf.function(
                self._take_step,
                autograph=False,
                input_signature=[tf.TensorSpec([None, None, None, channels]), histogram],
            )
            for channels in (3, 4)
        }

    def fit(
        self, sources: Sequence[np.ndarray], reference: np.ndarray, on_step: Callable[[int, float], None] | None = None
    ) -> np.ndarray:
        """Fit a grid to small copies of a pair.

        Args:
            sources: a list of images, RGB uint8 or uint16 ``[h, w, 3]``: the source, or several frames that share one
                grid. All are resized to the shape of the first, and share one histogram. A fourth channel, if there is
                one, is the weight of each pixel in it.
            reference: an image, RGB uint8 or uint16 ``[h', w', 3]`` or, with weights, ``[h', w', 4]``.
            on_step: a function that is called after each step with the step's number, from 1, and the loss before the
                step. If it raises an exception, the fit ends.

        Returns:
            The grid, float32 ``[1, h, w, d, 3, 4]``.

        Raises:
            UserError: if a loss is not finite.
        """
        size = shrunk_size(sources[0].shape[:2], COPY_SIDE)
        copies = [resize(image, size, "area") for image in sources]
        images = np.stack([to_float(fill(copy)) for copy in copies])
        if any(copy.shape[-1] == 4 for copy in copies):
            images = np.concatenate([images, to_float(np.stack([weights_of(copy) for copy in copies]))[..., None]], -1)
        histogram = color_histogram(to_float(drawn_pixels(shrink(reference, COPY_SIDE), COPY_SIDE)))
        assign(self._variables, self._initial)
        step, images = self._steps[images.shape[-1]], tf.constant(images)
        take_steps(lambda: step(images, histogram), self.steps, on_step)
        return self._grid.numpy()

    def _take_step(self, sources, reference_histogram):
        drawn = self._draw(sources)
        drawn, weights = drawn[..., :3], drawn[..., 3:]
        with tf.GradientTape() as tape:
            outputs = apply_grid(self._grid, drawn)
            counted = _by_weight(outputs, weights) if sources.shape[-1] == 4 else outputs
            distance = earth_movers_distance(color_histogram(counted), reference_histogram, 1)
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
        """Take every s-th row and column of images, about PIXELS pixels at most. Each step draws where they begin."""
        pixels = tf.cast(tf.reduce_prod(tf.shape(images)[:3]), tf.float32)
        stride = tf.cast(tf.math.ceil(tf.sqrt(pixels / PIXELS)), tf.int32)
        key = tf.stack([self._seed, tf.cast(self._optimizer.iterations, tf.int32)])
        row, column = tf.unstack(tf.random.stateless_uniform([2], key, 0, stride, tf.int32))
        return tf.ensure_shape(images[:, row::stride, column::stride], images.shape)


def _by_weight(colors, weights):
    """Take as many colors ``[N, 3]`` as there are, each as often as its weight says."""
    colors, ends = tf.reshape(colors, [-1, 3]), tf.cumsum(tf.reshape(tf.cast(weights, tf.float64), [-1]))
    count = tf.size(ends)
    places = (tf.range(tf.cast(count, tf.float64)) + 0.5) / tf.cast(count, tf.float64) * ends[-1]
    return tf.gather(colors, tf.minimum(tf.searchsorted(ends, places, side="right"), count - 1))


def _flatness_weight(images):
    """Return the weight of false contrast. It is larger if most of the source is flat, as with a sky."""
    not_flat = tf.clip_by_value(1 - flat_share(images), FLATTEST, 0.5)
    return FALSE_CONTRAST * tf.square(0.5 / not_flat)


def _dissimilarity(images, outputs):
    """Return the mean of ``1 - SSIM`` of the luminances, or 0 if a side is shorter than SSIM's window of 11 pixels."""
    return tf.cond(
        tf.reduce_min(tf.shape(images)[1:3]) >= 11,
        lambda: tf.reduce_mean(structural_dissimilarity(2 * images - 1, 2 * outputs - 1, color_space="rgb")),
        lambda: tf.constant(0.0),
    )
