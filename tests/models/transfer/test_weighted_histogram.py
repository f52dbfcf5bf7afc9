"""Histograms of pixels with weights, against NumPy and finite differences."""

import numpy as np
import tensorflow as tf

from models.transfer.weighted_histogram import BINS, weighted_histogram

CENTERS = (np.arange(BINS) + 0.5) * 2 / BINS - 1


def test_a_value_is_shared_between_the_two_nearest_centers(rng):
    values, weights = rng.uniform(-1, 1, (300, 2)), rng.dirichlet(np.ones(300))
    expected = [
        [
            np.sum(weights * np.maximum(1 - np.abs(np.clip(v, CENTERS[0], CENTERS[-1]) - m) * BINS / 2, 0))
            for m in CENTERS
        ]
        for v in values.T
    ]
    found = weighted_histogram(tf.constant(values, tf.float32), tf.constant(weights, tf.float32))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_allclose(np.sum(found, axis=1), 1, atol=1e-6)


def test_gradients_are_finite_differences(rng):
    # Away from the centers, where the histogram has corners.
    values = CENTERS[rng.integers(0, BINS - 1, (20, 3))] + rng.uniform(0.2, 0.8, (20, 3)) * 2 / BINS
    weights = rng.dirichlet(np.ones(20))
    by_bin = tf.constant(rng.normal(size=(3, BINS)), tf.float32)

    def total(values, weights):
        tensors = (tf.convert_to_tensor(x, tf.float32) for x in (values, weights))
        return tf.reduce_sum(by_bin * weighted_histogram(*tensors))

    pair = [tf.constant(x, tf.float32) for x in (values, weights)]
    with tf.GradientTape() as tape:
        tape.watch(pair)
        result = total(*pair)
    by_values, by_weights = tape.gradient(result, pair)
    step = 1e-3
    for place in [(0, 0), (7, 2), (19, 1)]:
        moved = values.copy()
        moved[place] += step
        slope = (total(moved, weights) - total(values, weights)) / step
        np.testing.assert_allclose(by_values[place], slope, rtol=0.02, atol=2e-3)
    heavier = weights.copy()
    heavier[4] += 0.1
    slope = (total(values, heavier) - total(values, weights)) / 0.1
    np.testing.assert_allclose(by_weights[4], slope, rtol=1e-3, atol=1e-4)
