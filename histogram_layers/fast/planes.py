"""Sums over the pixels of planes, and their gradients. A plane is one channel of an image or of a tile.

For each pixel, n is the nearest edge to its value in the first image, and y is the offset from this edge in bandwidths.
In the second image, they are m and v. With the bumps q_a and their spread S (see `kernel`), the histograms, before
division by the number of pixels, are

    P(k)    = sum S[n, a, k] M[n, a]                      M[n, a]       = sum of q_a(y)         over the pixels near n,
    J(i, j) = sum S[n, a, i] M[n, a, m, b] S[m, b, j]     M[n, a, m, b] = sum of q_a(y) q_b(v)  over those near n and m.

The backward pass uses the peaks c_e, their spread D, and g, the gradient of the loss with respect to the histogram. For
each pixel, it looks up the entries of G for the pixel's edges:

    dL/dy = sum_e     c_e(y)        G[n, e]               G[n, e]       = sum_k  D[n, e, k] g(k),
    dL/dv = sum_{a,e} q_a(y) c_e(v) G[n, a, m, e]         G[n, a, m, e] = sum_ij S[n, a, i] g(i, j) D[m, e, j].

The indices k, i and j run over K' bins: the K bins and, with the rule ``none``, one bin for dropped mass. `arithmetic`
limits how many planes p, and how many bumps a of the first image, are processed at once. The M and G of such a group
have the layout ``[(n, a), (p, m, b)]``.
"""

import math

import numpy as np
import tensorflow as tf

from histogram_layers.fast.arithmetic import TILE, at_once, product, sum_to_cells


def soft_sums(kernel, edges, offsets) -> tf.Tensor:
    """Compute P for each plane, float32 ``[P, K']``, from nearest edges n and offsets y, both ``[P, N]``."""
    plane_bytes = 8 * kernel.bump_count * max(kernel.edges, _pixels(edges))

    @tf.custom_gradient
    def histograms(offsets):
        value = _in_groups(_soft, kernel, plane_bytes, edges, offsets)
        return value, lambda upstream: _in_groups(_soft_gradient, kernel, plane_bytes, edges, offsets, upstream)

    return histograms(offsets)


def joint_sums(kernel, edges, first, second) -> tf.Tensor:
    """Compute J for each pair of planes.

    Args:
        kernel: the images' `Kernel`.
        edges: nearest edges ``(n, m)`` of the first and second image, each int64 ``[P, N]``.
        first, second: offsets y and v from these edges, each float32 ``[P, N]``.

    Returns:
        float32 ``[P, K', K']``.
    """
    plane_bytes = 8 * kernel.bump_count**2 * max(kernel.edges**2, _pixels(first))
    fixed = tf.stop_gradient(first), tf.stop_gradient(second)
    joint = _in_groups(_joint, kernel, plane_bytes, *edges, *fixed)

    @tf.custom_gradient
    def first_gradient(_):
        def gradient(upstream):
            swapped = tf.linalg.matrix_transpose(upstream)
            return _in_groups(_joint_gradient, kernel, plane_bytes, *edges[::-1], second, first, swapped)

        return tf.zeros_like(joint), gradient

    @tf.custom_gradient
    def second_gradient(_):
        def gradient(upstream):
            return _in_groups(_joint_gradient, kernel, plane_bytes, *edges, first, second, upstream)

        return tf.zeros_like(joint), gradient

    # Each term adds zero, but carries the gradient of one image. TensorFlow computes only the gradients it needs.
    return joint + first_gradient(first) + second_gradient(second)


def _pixels(planes):
    return planes.shape[1] or TILE


def _in_groups(function, kernel, plane_bytes, *planes):
    """Call ``function(kernel, *planes)`` on groups of planes, as large as the limit of memory allows."""
    count = planes[0].shape[0]
    limit = at_once(2**31 - 1 if count is None else max(count, 1), plane_bytes)
    with tf.name_scope("histogram_sums"):  # otherwise the operations of gradients have no name
        if count == limit:
            return function(kernel, *planes)
        count = count or tf.shape(planes[0])[0]
        # An empty batch becomes one group of zeros, so that the results have a shape.
        groups = tf.maximum(-(-count // limit), 1)
        size = tf.maximum(-(-count // groups), 1)
        grouped = [_padded(values, groups, size) for values in planes]
        # Gradients run outside the functions that are marked do_not_convert, so mark this one too.
        work = tf.autograph.experimental.do_not_convert(lambda group: function(kernel, *group))
        results = tf.map_fn(work, grouped, fn_output_signature=tf.float32, parallel_iterations=1)
        return tf.reshape(results, tf.concat([[-1], tf.shape(results)[2:]], axis=0))[:count]


def _padded(values, groups, size):
    """Reshape ``[P, ...]`` to ``[groups, size, ...]``. Zeros pad the last group."""
    shape = tf.shape(values)
    more = [[0, groups * size - shape[0]]] + [[0, 0]] * (values.shape.rank - 1)
    return tf.reshape(tf.pad(values, more), tf.concat([[groups, size], shape[1:]], axis=0))


def _soft(kernel, edges, offsets):
    cells = _with_plane(kernel, edges)
    sums = sum_to_cells(kernel.bumps(offsets), cells, kernel.edges * _count(edges))  # [pE,Q]
    sums = tf.reshape(sums, [-1, kernel.edges * kernel.bump_count])
    return _histogram(kernel.soft_bands[0].times_vectors(sums), offsets)


def _soft_gradient(kernel, edges, offsets, upstream):
    """Compute dL/dy ``[p, N]``."""
    table = tf.reshape(kernel.soft_bands[1].times_vectors(upstream), [-1, kernel.peak_count])  # [pE,P]
    slopes = tf.gather(table, _with_plane(kernel, edges))  # [p,N,P]
    return tf.reduce_sum(kernel.peaks(offsets) * slopes, axis=-1)


def _joint(kernel, first_edges, second_edges, y, v):
    planes = _count(y)
    columns = tf.expand_dims(kernel.bumps(v), -2)  # [p,N,1,Q]
    half = 0.0
    for rows, to_bins, _ in _bands(kernel, y):
        cells, count = _cells(kernel, rows, first_edges, second_edges)
        sums = sum_to_cells(tf.expand_dims(rows, -1) * columns, cells, count)
        half += to_bins @ tf.reshape(sums, [to_bins.columns, planes * kernel.edges * kernel.bump_count])
    half = half[: kernel.all_bins]  # [K',pEQ]
    spread = kernel.spread.reshape([-1, kernel.all_bins])  # [EQ,K']
    joint = product(tf.reshape(half, [-1, len(spread)]), tf.constant(spread, tf.float32))  # [K'p,K']
    joint = tf.reshape(joint, [kernel.all_bins, planes, kernel.all_bins])
    return _histogram(tf.transpose(joint, [1, 0, 2]), y + v)


def _joint_gradient(kernel, first_edges, second_edges, y, v, upstream):
    """Compute dL/dv ``[p, N]``."""
    upstream = tf.reshape(tf.transpose(upstream, [1, 0, 2]), [-1, kernel.all_bins])  # [K'p,K']
    spread = kernel.slope_spread.reshape([-1, kernel.all_bins]).T  # [K',EP]
    half = tf.reshape(product(upstream, tf.constant(spread, tf.float32)), [kernel.all_bins, -1])  # [K',pEP]
    peaks = tf.expand_dims(kernel.peaks(v), -2)  # [p,N,1,P]
    gradient = 0.0
    for rows, _, to_edges in _bands(kernel, y):
        cells, _ = _cells(kernel, rows, first_edges, second_edges)
        table = tf.reshape(to_edges @ half, [-1, kernel.peak_count])
        gradient += tf.reduce_sum(tf.expand_dims(rows, -1) * peaks * tf.gather(table, cells), axis=(-2, -1))
    return gradient


def _bands(kernel, offsets):
    """Split the bumps into groups. For each group, return its values ``[p, N, a]`` and S as two banded matrices."""
    bands = kernel.joint_bands(at_once(kernel.bump_count, 8 * kernel.bump_count * kernel.edges**2))
    bumps = kernel.bumps(offsets)
    parts = (
        [bumps] if len(bands) == 1 else tf.split(bumps, [to_bins.columns // kernel.edges for to_bins, _ in bands], -1)
    )
    return [(rows, *matrices) for rows, matrices in zip(parts, bands, strict=True)]


def _cells(kernel, rows, first_edges, second_edges):
    """Return the cell ``[(n, a), (p, m)]`` of each pixel and bump a, int64 ``[p, N, a]``, and the number of cells."""
    bumps = rows.shape[-1]
    width = kernel.edges * _count(first_edges)
    cells = tf.expand_dims(first_edges * (bumps * width) + _with_plane(kernel, second_edges), -1)
    return cells if bumps == 1 else cells + width * np.arange(bumps), kernel.edges * bumps * width


def _with_plane(kernel, edges):
    """Return the cells ``[(p, n)]`` of edges ``[p, N]``."""
    return edges if edges.shape[0] == 1 else edges + kernel.edges * tf.range(_count(edges), dtype=tf.int64)[:, None]


def _count(planes):
    return planes.shape[0] or tf.shape(planes, tf.int64)[0]


def _histogram(sums, offsets):
    """Turn sums ``[p, K']`` or ``[p, K', K']`` into histograms: never negative, and all NaN if any offset is NaN.

    Some entries of the spread are negative, so rounding can make a bin near 0 negative. The sums alone would not keep
    NaN, because they can be sums of integers.
    """
    lost = tf.reduce_any(tf.math.is_nan(offsets), axis=1)
    return tf.where(tf.reshape(lost, [-1] + [1] * (sums.shape.rank - 1)), math.nan, tf.nn.relu(sums))
