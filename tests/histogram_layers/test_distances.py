"""Earth Mover's Distance: on a line against scipy, on a circle against POT."""

import numpy as np
import ot
import pytest
import tensorflow as tf
from scipy.stats import wasserstein_distance

from histogram_layers import (
    cyclic_earth_movers_distance,
    earth_movers_distance,
    soft_histogram,
)

DISTANCES = (earth_movers_distance, cyclic_earth_movers_distance)


@pytest.fixture
def histograms(photographs):
    return [histogram.numpy().astype(np.float64) for histogram in soft_histogram(np.float32(photographs), bins=32)]


def test_emd_of_order_1_is_the_wasserstein_distance_in_units_of_the_range(histograms):
    h1, h2 = histograms
    positions = np.arange(32) / 32
    expected = [wasserstein_distance(positions, positions, a, b) for a, b in zip(h1, h2, strict=True)]
    np.testing.assert_allclose(earth_movers_distance(h1, h2, order=1), expected, rtol=1e-6)


def test_emd_of_order_2_is_the_mallows_distance(histograms):
    h1, h2 = histograms
    expected = np.sqrt(1 / 32) * np.linalg.norm(np.cumsum(h1, -1) - np.cumsum(h2, -1), axis=-1)
    np.testing.assert_allclose(earth_movers_distance(h1, h2), expected, rtol=1e-10)


def test_cyclic_emd_of_order_1_is_the_wasserstein_distance_on_a_circle(histograms):
    h1, h2 = histograms
    positions = np.arange(32) / 32
    for a, b in zip(h1, h2, strict=True):
        a, b = a / a.sum(), b / b.sum()
        expected = ot.wasserstein_circle(positions[:, None], positions[:, None], a, b, p=1)
        np.testing.assert_allclose(cyclic_earth_movers_distance(a, b, order=1), np.squeeze(expected), atol=1e-7)


@pytest.mark.parametrize("order", (1, 2))
def test_cyclic_emd_is_the_minimum_over_constants_subtracted_from_the_cdf_difference(histograms, order):
    h1, h2 = histograms
    difference = np.cumsum(h1 - h2, axis=-1)
    for c in np.linspace(-1, 1, 101):
        shifted = np.mean(np.abs(difference - c) ** order, axis=-1) ** (1 / order)
        assert np.all(cyclic_earth_movers_distance(h1, h2, order) <= shifted + 1e-12)


@pytest.mark.parametrize("order", (1, 2))
def test_cyclic_emd_is_invariant_to_rotation_of_both_histograms(histograms, order):
    h1, h2 = (histogram / histogram.sum(-1, keepdims=True) for histogram in histograms)
    rotated = cyclic_earth_movers_distance(np.roll(h1, 5, -1), np.roll(h2, 5, -1), order)
    np.testing.assert_allclose(rotated, cyclic_earth_movers_distance(h1, h2, order), atol=1e-7)


def test_moving_all_mass_by_one_bin_costs_the_width_of_one_bin():
    neighbors = np.eye(10)[3], np.eye(10)[4]
    np.testing.assert_allclose(earth_movers_distance(*neighbors, order=1), 0.1)
    ends = np.eye(10)[0], np.eye(10)[9]
    np.testing.assert_allclose(earth_movers_distance(*ends, order=1), 0.9)
    np.testing.assert_allclose(cyclic_earth_movers_distance(*ends, order=1), 0.1)


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("order", (1, 2))
def test_emd_of_equal_histograms_and_its_gradient_are_zero(distance, order):
    h = tf.Variable(np.full([2, 3, 8], 1 / 8))
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(distance(h.read_value(), tf.constant(h.numpy()), order))
    assert value == 0
    np.testing.assert_array_equal(tape.gradient(value, h), np.zeros([2, 3, 8]))


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("order", (1, 2))
def test_gradients_match_finite_differences(rng, distance, order):
    # The CDFs of these random histograms are equal in no bin, so that order 1 is differentiable.
    h1, h2 = rng.dirichlet(np.ones(31)), tf.Variable(0.9 * rng.dirichlet(np.ones(31)))
    with tf.GradientTape() as tape:
        value = distance(h1, h2, order)
    gradient = tape.gradient(value, h2).numpy()
    for step in 1e-7 * np.eye(31):
        difference = (distance(h1, h2 + step, order) - distance(h1, h2 - step, order)) / 2e-7
        np.testing.assert_allclose(gradient @ step / 1e-7, difference, atol=1e-5)


@pytest.mark.parametrize("distance", DISTANCES)
def test_an_order_other_than_1_or_2_is_an_error(distance):
    with pytest.raises(ValueError, match="order must be 1 or 2; received 3"):
        distance(np.ones([4]), np.ones([4]), order=3)


@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("jit_compile", (False, True))
def test_derivatives_where_the_number_of_bins_is_unknown_until_run_time(rng, distance, jit_compile):
    first, second = np.float32(rng.random([2, 3, 8]))
    second[0] = first[0]

    def derivatives(h1, h2):
        with tf.GradientTape() as outer:
            outer.watch(h1)
            with tf.GradientTape() as inner:
                inner.watch(h1)
                value = tf.reduce_sum(tf.square(distance(h1, h2)))
            slope = inner.gradient(value, h1)
            squares = tf.reduce_sum(tf.square(slope))
        return slope, outer.gradient(squares, h1)

    traced = tf.function(derivatives, input_signature=[tf.TensorSpec([None, None])] * 2, jit_compile=jit_compile)
    slope, second_slope = traced(first, second)
    # D^2 is |A (h1 - h2)|^2 / K, with the Hessian 2 A^T A / K. Where D is 0, its slope is taken as 0.
    cumulate = np.tril(np.ones([8, 8]))
    if distance is cyclic_earth_movers_distance:
        cumulate -= cumulate.mean(axis=0)
    hessian = 2 / 8 * cumulate.T @ cumulate
    expected = (first - second) @ hessian
    np.testing.assert_allclose(slope, expected, atol=1e-5)
    np.testing.assert_allclose(second_slope[1:], 2 * expected[1:] @ hessian, rtol=1e-4, atol=1e-4)
    assert np.all(np.isfinite(second_slope))
