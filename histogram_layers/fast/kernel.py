"""The kernel of a pixel: its weights on all bins, expressed by a few bumps around the nearest edge.

In units of bins, the position of a value x is u = (x - v0)/L. Let n be the edge nearest to u, and let t = u - n be the
offset from this edge, in [-1/2, 1/2]. Let s be the logistic sigmoid, and r = L/W the kernel width ratio. Bin n + d lies
between the edges n + d and n + d + 1. The pixel's weight on it is

    p_{n+d}(x) = s(r (t - d)) - s(r (t - d - 1)),    d = ..., -2, -1, 0, 1, ...

Far from its edge, a sigmoid is nearly a sum of a few exponentials, s(z) = e^z - e^{2z} + ..., which are the same for
all far bins. Therefore a few functions of t, the bumps q_a, give the weights on all bins with an error up to 1e-7:

    p_{n+d}(x) = sum_a A[a, d] q_a(t),    q_a(t) = s(z_a) s(-z_{a+1}),    z_a = r t - h a,    a = -3 ... 2.

The step is h = max(r, 1). Because q_a = (s(z_a) - s(z_{a+1})) / (1 - e^-h), if h = r, the bumps are proportional to
the weights on the six nearest bins. A kernel with r < 2 has eight bumps. A very sharp kernel reaches fewer than six
bins, and has fewer bumps.

The gradient is computed similarly. If a value changes, weight moves across the edges, so the derivative of
``sum_k g(k) p_k(x)`` with respect to t is

    sum_d r s'(r (t - d)) (g(n + d) - g(n + d - 1)).

The peaks s'(z) = s(z) s(-z) at five edges or fewer give the peaks at all edges, with an error of 2e-5 of their height:

    s'(r (t - d)) = sum_e B[e, d] c_e(t),    c_e(t) = s(z_e) s(-z_e),    e = -2 ... 2.

The method is similar to the fast Gauss transform (Greengard and Strain 1991). Instead of polynomials, it uses some of
the functions themselves (an interpolative decomposition: Cheng, Gimbutas, Martinsson and Rokhlin 2005).
"""

import functools
import math

import numpy as np
import tensorflow as tf

from histogram_layers.boundary import fold_matrix
from histogram_layers.fast.banded import ROWS, Banded

# Reach of the kernel, in bandwidths. The part s(-16) = 1e-7 of the kernel lies beyond it.
REACH = 16.0
# Values of t at which functions are fitted: Chebyshev points.
OFFSETS = np.cos(np.pi * (np.arange(400) + 0.5) / 400)[:, None] / 2  # [T,1]


class Kernel:
    """The weights of a pixel on K bins. The boundary rule folds in mass beyond the ends of the range.

    With the rule ``none``, an additional bin collects the dropped mass. A pixel's weights sum to 1 over all K' bins,
    where K' is K + 1 with ``none`` and K otherwise.

    Args:
        bins: number of bins, K.
        ratio: kernel width ratio, r.
        boundary: a single boundary rule.

    Attributes:
        edges: E, the number of edges that can be nearest to a pixel.
        bump_count, peak_count: Q and P, the numbers of bumps and of peaks.
        all_bins: K', the number of bins including the bin for dropped mass.
        spread: S, float64 ``[E, Q, K']``. A pixel's weight on bin k is ``sum_a S[n, a, k] q_a(t)``.
        slope_spread: D, float64 ``[E, P, K']``. The derivative of this weight with respect to t is
            ``r sum_e D[n, e, k] c_e(t)``.

    The methods use offsets in bandwidths, y = r t.
    """

    def __init__(self, bins, ratio, boundary):
        self.bins, self.ratio = bins, ratio
        reach = math.ceil(REACH / ratio + 0.5)  # R, in bins: d = -R ... R - 1
        bump_side, peak_side = min(reach, 3 if ratio >= 2 else 4), min(reach - 1, 2)
        step = max(ratio, 1.0)  # h
        self._bump_edges = step * np.arange(-bump_side, bump_side + 1)  # h a
        self._peak_edges = step * np.arange(-peak_side, peak_side + 1)  # h e
        # With `none`, values outside the range have their own edges. The other rules fold values in first.
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
    def soft_bands(self) -> tuple[Banded, Banded]:
        """S and D as banded matrices: ``[K', (n, a)]`` and ``[(n, e), K']``."""
        spread, slope_spread = (matrix.reshape([-1, self.all_bins]) for matrix in (self.spread, self.slope_spread))
        return Banded(spread.T, rows=1), Banded(slope_spread, rows=1)

    @functools.lru_cache(maxsize=16)  # noqa: B019 - `functional` keeps only 16 kernels
    def joint_bands(self, count) -> list[tuple[Banded, Banded]]:
        """Split S into parts of ``count`` bumps, each as two banded matrices: ``[K', (n, a)]`` and ``[(n, a), K']``."""
        parts = [self.spread[:, first : first + count] for first in range(0, self.bump_count, count)]
        matrices = [part.reshape([-1, self.all_bins]) for part in parts]
        return [(Banded(matrix.T), Banded(matrix, rows=ROWS * count)) for matrix in matrices]

    def nearest(self, positions) -> tuple[tf.Tensor, tf.Tensor]:
        """Return nearest edges (int64, 0 to E - 1) and offsets y (float32) of positions u (float64, any shape)."""
        edges = tf.round(positions)
        offsets = tf.cast((positions - edges) * self.ratio, tf.float32)
        numbers = tf.maximum(tf.cast(edges, tf.int64) - self._first_edge, 0)  # NaN can become any integer
        return (tf.minimum(numbers, self.edges - 1) if self._first_edge else numbers), offsets

    def bumps(self, offsets) -> tf.Tensor:
        """Compute the bumps q_a(y), from 0 to 1, of offsets ``[...]``: float32 ``[..., Q]``."""
        y = tf.expand_dims(offsets, -1)
        edges = np.float32(self._bump_edges)
        return tf.sigmoid(y - edges[:-1]) * tf.sigmoid(edges[1:] - y)

    def peaks(self, offsets) -> tf.Tensor:
        """Compute the peaks c_e(y), from 0 to 1/4, of offsets ``[...]``: float32 ``[..., P]``."""
        z = tf.expand_dims(offsets, -1) - np.float32(self._peak_edges)
        return tf.sigmoid(z) * tf.sigmoid(-z)


def _bins_of_bumps(ratio, reach, edges):
    """Return the matrix A ``[Q, 2R]`` that turns bumps into the weights on all bins."""
    if len(edges) == 2 * reach + 1:
        return np.eye(2 * reach) * -math.expm1(-ratio)
    below = _sigmoid(ratio * (OFFSETS - np.arange(-reach, reach + 1)))
    below[:, 0], below[:, -1] = 1, 0  # mass beyond the reach goes to the outermost bins
    z = ratio * OFFSETS - edges
    return _fit(_sigmoid(z[:, :-1]) * _sigmoid(-z[:, 1:]), -np.diff(below))


def _edges_of_peaks(ratio, reach, edges):
    """Return the matrix B ``[P, 2R - 1]`` that turns a few peaks into the peaks at all edges."""
    all_z = ratio * (OFFSETS - np.arange(1 - reach, reach))
    z = ratio * OFFSETS - edges
    return _fit(_sigmoid(z) * _sigmoid(-z), _sigmoid(all_z) * _sigmoid(-all_z))


def _fit(basis, functions):
    """Return the matrix ``[Q, D]`` for which ``basis [T, Q] @ matrix`` is closest to ``functions [T, D]``.

    The fit minimizes squared errors, which are relative to each function's maximum.
    """
    basis_heights, heights = basis.max(axis=0), functions.max(axis=0)
    solution, *_ = np.linalg.lstsq(basis / basis_heights, functions / heights, rcond=None)
    return solution / basis_heights[:, None] * heights


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(z / 2)
