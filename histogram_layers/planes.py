"""Sums over the pixels of planes, and their gradients. A plane is one channel of an image, or a part of it.

A pixel of the first image is near the edge n with an offset t, one of the second near m with v. With the bumps q_a and
their spread S (see `kernel`), the histograms, but for the number of pixels, are

    P(k)    = sum S[n, a, k] M[n, a]                      M[n, a]       = sum of q_a(t)         over the pixels near n,
    J(i, j) = sum S[n, a, i] M[n, a, m, b] S[m, b, j]     M[n, a, m, b] = sum of q_a(t) q_b(v)  over those near n and m.

Backward, with the peaks c_e, their spread D and the gradient g of the histogram, each pixel looks its own edges up:

    dL/dt = r sum_e     c_e(t)        G[n, e]             G[n, e]       = sum_k  D[n, e, k] g(k),
    dL/dv = r sum_{a,e} q_a(t) c_e(v) G[n, a, m, e]       G[n, a, m, e] = sum_ij S[n, a, i] g(i, j) D[m, e, j].

Bins k, i, j are K': K, and where a rule drops weight one more for it. One plane and one `a` are worked at a time: the
largest tensors are N x Q and E x E Q, for N pixels, Q bumps and E edges.
"""

import tensorflow as tf


def soft_sums(kernel, edges, offsets):
    """P of each plane: nearest edges n and offsets t ``[P, N]`` to float32 ``[P, K']``."""

    @tf.custom_gradient
    def histograms(offsets):
        value = _each_plane(_soft, kernel, edges, offsets)
        return value, lambda upstream: _each_plane(_soft_gradient, kernel, edges, offsets, upstream)

    return histograms(offsets)


def joint_sums(kernel, edges, first, second):
    """J of each pair of planes.

    Args:
        kernel: a `Kernel`.
        edges: the nearest edges ``(n, m)`` of the first and the second image, two of int32 ``[P, N]``.
        first, second: their offsets t and v, two of float32 ``[P, N]``.

    Returns:
        float32 ``[P, K', K']``.
    """
    pairs = edges[0] * kernel.edges + edges[1]
    joint = _each_plane(_joint, kernel, pairs, tf.stop_gradient(first), tf.stop_gradient(second))

    @tf.custom_gradient
    def first_gradient(_):
        def gradient(upstream):
            swapped = edges[1] * kernel.edges + edges[0]
            return _each_plane(_joint_gradient, kernel, swapped, second, first, tf.linalg.matrix_transpose(upstream))

        return tf.zeros_like(joint), gradient

    @tf.custom_gradient
    def second_gradient(_):
        def gradient(upstream):
            return _each_plane(_joint_gradient, kernel, pairs, first, second, upstream)

        return tf.zeros_like(joint), gradient

    # Zeros that carry each image's gradient: that of a constant image is never computed.
    return joint + first_gradient(first) + second_gradient(second)


def _each_plane(function, kernel, *planes):
    """``function(kernel, channel of S, each argument's plane)``, one plane after the other, stacked."""
    channels = tf.range(tf.shape(planes[0])[0]) % len(kernel.spread)
    return tf.map_fn(
        lambda elements: function(kernel, *elements),
        (channels, *planes),
        fn_output_signature=tf.float32,
        parallel_iterations=1,
    )


def _soft(kernel, channel, edges, offsets):
    # In float64: a float32 sum of many equal numbers drifts.
    bumps = tf.cast(kernel.bumps(offsets), tf.float64)  # [N,Q]
    sums = tf.math.unsorted_segment_sum(bumps, edges, kernel.edges)  # [E,Q]
    spread = _of_channel(kernel.spread, channel, tf.float64)  # [E,Q,K']
    return _never_negative(tf.einsum("na,nak->k", sums, spread))


def _soft_gradient(kernel, channel, edges, offsets, upstream):
    """dL/dt ``[N]``."""
    spread = _of_channel(kernel.slope_spread, channel, tf.float64)  # [E,P,K']
    table = tf.cast(tf.einsum("nek,k->ne", spread, tf.cast(upstream, tf.float64)), tf.float32)  # [E,P]
    return kernel.ratio * tf.reduce_sum(kernel.peaks(offsets) * tf.gather(table, edges), axis=-1)


def _joint(kernel, channel, pairs, t, v):
    dtype = _product_dtype()
    to_bins = _of_channel(kernel.to_bins.values, channel, dtype)
    rows = tf.cast(kernel.bumps(t), tf.float64)  # [N,Q]
    columns = tf.cast(kernel.bumps(v), tf.float64)  # [N,Q]
    half = 0.0
    for a in range(kernel.bump_count):
        sums = tf.math.unsorted_segment_sum(rows[:, a, None] * columns, pairs, kernel.edges**2)  # [EE,Q]
        sums = tf.reshape(tf.cast(sums, dtype), [kernel.edges, -1])  # [E,EQ]
        half += kernel.to_bins.matmul(to_bins[a], sums)  # [K',EQ]
    spread = _flat(_of_channel(kernel.spread, channel, dtype))  # [EQ,K']
    return _never_negative(tf.matmul(half, spread))  # [K',K']


def _joint_gradient(kernel, channel, pairs, t, v, upstream):
    """dL/dv ``[N]``."""
    dtype = _product_dtype()
    to_edges = _of_channel(kernel.to_edges.values, channel, dtype)
    spread = _flat(_of_channel(kernel.slope_spread, channel, dtype))  # [EP,K']
    half = tf.matmul(tf.cast(upstream, dtype), spread, transpose_b=True)  # [K',EP]
    bumps, peaks = kernel.bumps(t), kernel.peaks(v)  # [N,Q], [N,P]
    gradient = 0.0
    for a in range(kernel.bump_count):
        table = tf.cast(kernel.to_edges.matmul(to_edges[a], half), tf.float32)  # [E,EP]
        table = tf.reshape(table, [kernel.edges**2, -1])  # [EE,P]
        gradient += bumps[:, a] * tf.reduce_sum(peaks * tf.gather(table, pairs), axis=-1)  # [N]
    return kernel.ratio * gradient


def _never_negative(sums):
    """In float32. Some entries of the spread are negative: a bin of almost nothing may round to less than nothing."""
    return tf.nn.relu(tf.cast(sums, tf.float32))


def _flat(spread):
    return tf.reshape(spread, [-1, spread.shape[-1]])


def _of_channel(values, channel, dtype):
    return tf.constant(values[0], dtype) if len(values) == 1 else tf.constant(values, dtype)[channel]


def _product_dtype():
    """The type in which matrix products have at least float32's precision: TF32, a GPU's default, has 10 bits."""
    tf32 = tf.config.list_physical_devices("GPU") and tf.config.experimental.tensor_float_32_execution_enabled()
    return tf.float64 if tf32 else tf.float32
