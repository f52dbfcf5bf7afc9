"""Histograms of clusters of colors, fast enough for a fit that takes a second or two."""

import tensorflow as tf

BINS = 64


def cluster_histograms(values: tf.Tensor) -> tf.Tensor:
    """Compute each cluster's histogram of each channel. Each value is shared between the two nearest bin centers.

    Args:
        values: float32 ``[M, P, C]`` in [-1, 1], P values of each of M clusters. Values beyond the center of an end
            bin count fully in that bin and have no gradient.

    Returns:
        float32 ``[M, C, BINS]``. The bins of a channel sum to 1.
    """
    clusters, pixels, channels = values.shape
    inside = tf.cast(tf.abs(values) < 1 - 1 / BINS, tf.float32)
    positions = tf.clip_by_value((values + 1) * (BINS / 2) - 0.5, 0.0, BINS - 1.0)
    lower = tf.minimum(tf.floor(positions), BINS - 2.0)
    fraction = positions - lower
    offsets = BINS * tf.reshape(tf.range(clusters * channels), [clusters, 1, channels])
    cells = tf.cast(lower, tf.int32) + offsets  # [M,P,C]
    parts = tf.stack([1 - fraction, fraction]) / pixels

    @tf.custom_gradient
    def histograms(values):
        def gradient(upstream):
            upstream = tf.reshape(upstream, [-1])
            # No cell is the last bin of a channel, so differences across channels are not used.
            return tf.gather(upstream[1:] - upstream[:-1], cells) * inside * (BINS / 2 / pixels)

        sums = tf.math.unsorted_segment_sum(parts, tf.stack([cells, cells + 1]), clusters * channels * BINS)
        return tf.reshape(sums, [clusters, channels, BINS]), gradient

    return histograms(values)
