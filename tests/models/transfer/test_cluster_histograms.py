"""Histograms of clusters of colors, against NumPy and finite differences."""

import numpy as np
import tensorflow as tf

from models.transfer.cluster_histograms import BINS, cluster_histograms

CENTERS = (np.arange(BINS) + 0.5) * 2 / BINS - 1


def test_a_value_is_shared_between_the_two_nearest_centers(rng):
    values = rng.uniform(-1, 1, (4, 300, 2))
    within = np.clip(values, CENTERS[0], CENTERS[-1])
    expected = np.maximum(1 - np.abs(within[..., None] - CENTERS) * BINS / 2, 0).mean(1)
    found = cluster_histograms(tf.constant(values, tf.float32))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_allclose(np.sum(found, axis=-1), 1, atol=1e-6)


def test_values_on_and_beyond_the_ends_count_in_the_end_bins():
    values = np.float32([-3, -1, CENTERS[0], CENTERS[-1], 1, 3]).reshape(1, 6, 1)
    found = cluster_histograms(tf.constant(values))[0, 0].numpy()
    np.testing.assert_allclose(found[[0, -1]], 0.5, atol=1e-6)
    np.testing.assert_allclose(found[1:-1], 0, atol=1e-6)


def test_gradients_are_finite_differences(rng):
    # Away from the centers, where the histograms have corners.
    values = CENTERS[rng.integers(0, BINS - 1, (3, 20, 2))] + rng.uniform(0.2, 0.8, (3, 20, 2)) * 2 / BINS
    by_bin = tf.constant(rng.normal(size=(3, 2, BINS)), tf.float32)

    def total(values):
        return tf.reduce_sum(by_bin * cluster_histograms(tf.convert_to_tensor(values, tf.float32)))

    point = tf.constant(values, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(point)
        result = total(point)
    slopes = tape.gradient(result, point)
    step = 1e-3
    for place in [(0, 0, 0), (1, 7, 1), (2, 19, 1)]:
        moved = values.copy()
        moved[place] += step
        np.testing.assert_allclose(slopes[place], (total(moved) - total(values)) / step, rtol=0.02, atol=2e-3)


def test_values_beyond_the_ends_have_no_gradient():
    values = tf.constant([[[-1.5], [-0.999], [0.999], [1.5]]])
    with tf.GradientTape() as tape:
        tape.watch(values)
        moment = tf.reduce_sum(cluster_histograms(values) * tf.range(BINS, dtype=tf.float32))
    np.testing.assert_array_equal(tape.gradient(moment, values), np.zeros((1, 4, 1)))
