"""Fit one color map to a pair, so that the source gets the look of the reference. This needs no training set.

The map starts as the identity. Adam minimizes a sliced Wasserstein distance between the colors of the output and the
reference: the mean Earth Mover's Distance of order 1 along 13 directions of RGB. Source and reference rarely show the
same things in the same amounts. The shares of their color clusters are therefore learned with the map. The loss also
penalizes the divergence from the true shares, a rough map, a map that makes light colors darker than dark ones, and
colors that cannot be displayed.
"""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf
from tensorflow import keras

from losses import squared_excess
from models.state import assign, values_of
from models.transfer.cluster_histograms import cluster_histograms
from models.transfer.color_map import ColorMap
from models.transfer.descent import take_steps
from models.transfer.grid_fitter import GridFitter
from models.transfer.local_map import LocalMap
from models.transfer.palette import CLUSTERS, COPY_SIDE, PIXELS, find_palette
from models.transfer.penalties import disorder, roughness
from utils import UserError
from utils.colors import interpolate_lattices, tent_weights, to_network
from utils.images import fill, shrink

SIZE = 9  # points along each axis of the lattice
STEPS = 150
RATE = 0.02
LOGIT_UNIT = 5.0  # so that shares change faster than colors
SMOOTHNESS = 0.3
ORDER = 1.0
DIVERGENCE = 0.003
ARRIVED = 1e-3  # differences of cumulative histograms below this hardly count, so that matched colors stay


class PairFitter:
    """A fitter of color maps to pairs of images of any sizes, one pair at a time.

    Args:
        steps: number of Adam steps, by default STEPS. The learning rate falls to 0 along a cosine.
        seed: seed of the color clusters.
        local: whether to fit a bilateral grid after the map. Colors and proportions then come closest to the reference.

    Attributes:
        steps: total number of steps of a fit, including the steps of the grid.
    """

    def __init__(self, steps: int | None = None, seed: int = 0, *, local: bool = False) -> None:
        self._map_steps, self._seed = steps or STEPS, seed
        self._grid_fitter = GridFitter(steps, seed) if local else None
        self.steps = self._map_steps + (self._grid_fitter.steps if local else 0)
        self._affine = tf.Variable(np.eye(3, 4, dtype=np.float32))
        self._lattice = tf.Variable(tf.zeros([SIZE, SIZE, SIZE, 3]))
        self._logits = tf.Variable(tf.zeros([2, CLUSTERS]))  # changes of the source's and the reference's shares
        self._trained = [self._affine, self._lattice, self._logits]
        self._optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(RATE, self._map_steps))
        self._optimizer.build(self._trained)
        self._variables = [*self._trained, *self._optimizer.variables]
        self._initial = values_of(self._variables)
        self._step = tf.function(self._take_step, autograph=False)

    def fit(
        self,
        sources: Sequence[np.ndarray],
        reference: np.ndarray,
        *,
        proportions: float = 0.5,
        on_step: Callable[[int, float], None] | None = None,
    ) -> ColorMap | LocalMap:
        """Fit a map to a pair.

        Args:
            sources: a list of images, RGB uint8 or uint16 ``[h, w, 3]``: the source, or several frames that share one
                map. The map is fitted to the pixels of all frames together. A fourth channel, if there is one, is the
                weight of each pixel.
            reference: an image, RGB uint8 or uint16 ``[h', w', 3]`` or, with weights, ``[h', w', 4]``.
            proportions: from 0 to 1. With 0, the reference is only a palette of colors. With 1, the output should have
                each color in the same amount as the reference.
            on_step: a function that is called after each step with the step's number, from 1, and the loss before the
                step. If it raises an exception, the fit ends.

        Returns:
            A `ColorMap`, or a `LocalMap` if a grid is fitted too.

        Raises:
            UserError: if proportions is outside [0, 1], or a loss is not finite.
        """
        if not 0 <= proportions <= 1:
            raise UserError(f"proportions must be from 0 to 1; received {proportions}")
        color_map = self._fit_map(sources, reference, proportions, on_step=on_step)
        if not self._grid_fitter:
            return color_map

        def on_grid_step(step, loss):
            if on_step:
                on_step(self._map_steps + step, loss)

        copies = [shrink(image, COPY_SIDE) for image in sources]
        mapped = [np.dstack([color_map.translate(fill(copy)), copy[..., 3:]]) for copy in copies]
        return LocalMap(color_map, self._grid_fitter.fit(mapped, reference, on_grid_step))

    def _fit_map(self, sources, reference, proportions, *, on_step):
        source, wanted = (find_palette(images, seed=self._seed) for images in (sources, [reference]))
        colors, wanted_colors = (tf.reshape(palette.colors, [-1, 3]) for palette in (source, wanted))
        shares = tf.math.log([source.shares, wanted.shares])
        pair = colors, tent_weights(colors[None], SIZE), _histograms(wanted_colors), shares
        gray = tf.constant(max(np.ptp(palette.colors, axis=-1).max() for palette in (source, wanted)) == 0)
        assign(self._variables, self._initial)
        proportions = tf.constant(proportions, tf.float32)
        take_steps(lambda: self._step(pair, proportions, gray=gray), self._map_steps, on_step)
        return ColorMap.from_lattice(self._affine.numpy(), self._lattice.numpy())

    def _take_step(self, pair, proportions, *, gray):
        """Take one Adam step.

        Args:
            pair: the source's colors ``[N, 3]`` and their `tent_weights`, the reference's histograms, and the log
                shares of both ``[2, CLUSTERS]``.
            proportions: as in `fit`.
            gray: whether both images are gray.

        Returns:
            The loss before the step.
        """
        colors, weights, wanted, shares = pair
        with tf.GradientTape() as tape:
            outputs = colors @ tf.transpose(self._affine[:, :3]) + self._affine[:, 3]
            outputs += interpolate_lattices(self._lattice[None], weights)[0]
            # Every step overshoots the single chroma of two gray images, so their intensity alone is fitted.
            outputs = tf.where(gray, tf.reduce_mean(outputs, axis=-1, keepdims=True), outputs)
            logits = tf.where(proportions < 1, self._logits, 0.0)  # at 1 the shares are not learned
            learned = tf.nn.log_softmax(LOGIT_UNIT * logits + shares)
            totals = [
                tf.tensordot(tf.exp(share), histograms, 1)
                for share, histograms in zip(tf.unstack(learned), (_histograms(outputs), wanted), strict=True)
            ]
            loss = (
                distance(*totals)
                + _divergence(learned, shares, proportions)
                + tf.reduce_mean(squared_excess(2 * outputs - 1))
                + SMOOTHNESS * roughness(self._lattice)
                + ORDER * disorder(self._affine, self._lattice)
            )
        gradients = tape.gradient(loss, self._trained)
        self._optimizer.apply_gradients(zip(gradients, self._trained, strict=True))
        return loss


@tf.function(autograph=False)  # a graph everywhere: equal colors then have equal histograms, to the bit
def _histograms(colors):
    """Return the histograms of the clusters' colors ``[N, 3]`` along the directions, ``[CLUSTERS, 13, BINS]``."""
    directions = to_network(colors, "directions")
    return cluster_histograms(tf.reshape(directions, [CLUSTERS, PIXELS, -1]))


def _divergence(learned, shares, proportions):
    """Penalize learned log shares. The source's are always penalized, because all of the source should be mapped."""
    source, reference = tf.unstack(tf.reduce_sum(tf.exp(learned) * (learned - shares), axis=-1))
    return tf.math.divide_no_nan(DIVERGENCE, 1 - proportions) * (source + proportions * reference)


def distance(first: tf.Tensor, second: tf.Tensor) -> tf.Tensor:
    """Return the mean Earth Mover's Distance of order 1 of histograms ``[13, K]``, smoothed near 0."""
    difference = tf.cumsum(second - first, axis=-1)
    return tf.reduce_mean(tf.sqrt(tf.square(difference) + ARRIVED**2) - ARRIVED)
