"""The kernel of a pixel: its weights on all bins as sums of a few bumps around the nearest edge.

In units of bins, a value's position is u = (x - v0)/L. Let n be the edge nearest to u, t = u - n its offset in
[-1/2, 1/2], s the logistic sigmoid and r = L/W the kernel width ratio. The pixel's weight on bin n + d, which lies
between the edges n + d and n + d + 1, is

    p_{n+d}(x) = s(r (t - d)) - s(r (t - d - 1)),    d = ..., -2, -1, 0, 1, ...

Far from its edge a sigmoid is the sum of a few exponentials, s(z) = e^z - e^{2z} + ..., the same ones for all far bins.
So a few functions of t, the bumps q_a, make the weights on all bins, with an error of at most 1e-7:

    p_{n+d}(x) = sum_a A[a, d] q_a(t),    q_a(t) = s(z_a) s(-z_{a+1}),    z_a = r t - h a,    a = -3 ... 2.

The step h is r, but at least 1. As q_a = (s(z_a) - s(z_{a+1})) / (1 - e^-h), with h = r the bumps are the weights on
the six nearest bins, but for a factor. A kernel of r < 2 has eight bumps; a sharp one reaches fewer bins and has fewer.

The gradient: a pixel that moves takes weight over the edges, so the derivative of ``sum_k g(k) p_k(x)`` by t is

    sum_d r s'(r (t - d)) (g(n + d) - g(n + d - 1)).

In the same way the peaks s'(z) = s(z) s(-z) at five edges or fewer make those at all edges, to 2e-5 of their height:

    s'(r (t - d)) = sum_e B[e, d] c_e(t),    c_e(t) = s(z_e) s(-z_e),    e = -2 ... 2.

The idea is the fast Gauss transform's (Greengard and Strain 1991); in the place of its polynomials stand some of the
functions themselves (an interpolative decomposition: Cheng, Gimbutas, Martinsson and Rokhlin 2005).
"""

import functools
import math

import numpy as np
import tensorflow as tf

from histogram_layers.banded import ROWS, Banded
from histogram_layers.boundary import fold_matrix

# In bandwidths: s(-16) = 1e-7 of the kernel lies beyond.
REACH = 16.0
# Where functions of t are compared: Chebyshev's points.
OFFSETS = np.cos(np.pi * (np.arange(400) + 0.5) / 400)[:, None] / 2  # [T,1]


class Kernel:
    """How pixels weigh on ``bins`` bins, with what spills over the ends folded in by the boundary rule.

    The rule ``none`` has one bin more, for what it drops. So all weights of a pixel sum to 1 on K' bins, K or K + 1.

    Attributes:
        edges: E, the number of edges that can be the nearest one.
        bump_count, peak_count: Q and P, the numbers of bumps and of peaks.
        all_bins: K'.
        spread: S, float64 ``[E, Q, K']``: a weight on bin k is ``sum_a S[n, a, k] q_a(t)``.
        slope_spread: D, float64 ``[E, P, K']``: that weight's derivative by t is ``r sum_e D[n, e, k] c_e(t)``.

    The methods take offsets in bandwidths, y = r t.
    """

    def __init__(self, bins, ratio, boundary):
        self.bins, self.ratio = bins, ratio
        reach = math.ceil(REACH / ratio + 0.5)  # R, in bins: d = -R ... R - 1
        bump_side, peak_side = min(reach, 3 if ratio >= 2 else 4), min(reach - 1, 2)
        step = max(ratio, 1.0)  # h
        self._bump_edges = step * np.arange(-bump_side, bump_side + 1)  # h a
        self._peak_edges = step * np.arange(-peak_side, peak_side + 1)  # h e
        # With none, values outside have edges of their own. The other rules fold them in first.
        margin = reach if boundary == "none" else 0
        self._first_edge = -margin
        self.edges = bins + 1 + 2 * margin
        self.bump_count, self.peak_count = 2 * bump_side, 2 * peak_side + 1

        fold = fold_matrix(bins, margin + reach, boundary)  # [K + 2 (margin + R), K']
        self.all_bins = fold.shape[-1]
        near_bins = np.arange(self.edges)[:, None] + np.arange(2 * reach)  # [E,2R]
        self.spread = _bins_of_bumps(ratio, reach, self._bump_edges) @ fold[near_bins]
        steps = np.diff(fold, axis=0)  # [K + 2 (margin + R) - 1, K']
        self.slope_spread = _edges_of_peaks(ratio, reach, self._peak_edges) @ steps[near_bins[:, :-1]]

    @functools.cached_property
    def soft_bands(self):
        """S as a banded matrix ``[K', (n, a)]``, and D as one ``[(n, e), K']``."""
        spread, slope_spread = (matrix.reshape([-1, self.all_bins]) for matrix in (self.spread, self.slope_spread))
        return Banded(spread.T, rows=1), Banded(slope_spread, rows=1)

    @functools.lru_cache(maxsize=16)  # noqa: B019 - no more kernels are kept
    def joint_bands(self, count):
        """S as a list, ``count`` bumps each: pairs of banded matrices, ``[K', (n, a)]`` and ``[(n, a), K']``."""
        parts = [self.spread[:, first : first + count] for first in range(0, self.bump_count, count)]
        matrices = [part.reshape([-1, self.all_bins]) for part in parts]
        return [(Banded(matrix.T), Banded(matrix, rows=ROWS * count)) for matrix in matrices]

    def nearest(self, positions):
        """Positions u, float64 of any shape, to their nearest edges, int64 in 0 ... E - 1, and offsets y, float32."""
        edges = tf.round(positions)
        offsets = tf.cast((positions - edges) * self.ratio, tf.float32)
        numbers = tf.maximum(tf.cast(edges, tf.int64) - self._first_edge, 0)  # NaN may become any integer
        return (tf.minimum(numbers, self.edges - 1) if self._first_edge else numbers), offsets

    def bumps(self, offsets):
        """q_a(y), from 0 to 1: offsets ``[...]`` to float32 ``[..., Q]``."""
        y = tf.expand_dims(offsets, -1)
        edges = np.float32(self._bump_edges)
        return tf.sigmoid(y - edges[:-1]) * tf.sigmoid(edges[1:] - y)

    def peaks(self, offsets):
        """c_e(y), from 0 to 1/4: offsets ``[...]`` to float32 ``[..., P]``."""
        z = tf.expand_dims(offsets, -1) - np.float32(self._peak_edges)
        return tf.sigmoid(z) * tf.sigmoid(-z)


def _bins_of_bumps(ratio, reach, edges):
    """A ``[Q, 2R]``, which makes the weights on all bins of bumps."""
    if len(edges) == 2 * reach + 1:
        return np.eye(2 * reach) * -math.expm1(-ratio)
    below = _sigmoid(ratio * (OFFSETS - np.arange(-reach, reach + 1)))
    below[:, 0], below[:, -1] = 1, 0  # what is beyond the reach goes to its last bins
    z = ratio * OFFSETS - edges
    return _fit(_sigmoid(z[:, :-1]) * _sigmoid(-z[:, 1:]), -np.diff(below))


def _edges_of_peaks(ratio, reach, edges):
    """B ``[P, 2R - 1]``, which makes the peaks at all edges of a few."""
    all_z = ratio * (OFFSETS - np.arange(1 - reach, reach))
    z = ratio * OFFSETS - edges
    return _fit(_sigmoid(z) * _sigmoid(-z), _sigmoid(all_z) * _sigmoid(-all_z))


def _fit(basis, functions):
    """The matrix ``[Q, D]`` for which ``basis [T, Q] @ matrix`` is nearest to ``functions [T, D]``, in least squares.

    Errors count relative to a function's highest value.
    """
    basis_heights, heights = basis.max(axis=0), functions.max(axis=0)
    solution, *_ = np.linalg.lstsq(basis / basis_heights, functions / heights, rcond=None)
    return solution / basis_heights[:, None] * heights


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(z / 2)
