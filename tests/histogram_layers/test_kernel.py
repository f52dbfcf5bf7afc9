"""The parts of the computation: bumps, banded products, and gradients only where they are needed."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import expit

from histogram_layers import dense, joint_histogram
from histogram_layers.fast import planes
from histogram_layers.fast.banded import ROWS, Banded
from histogram_layers.fast.kernel import Kernel

RATIOS = (0.1, 0.5, 0.99, 1.0, 1.5, 1.99, 2.0, 2.5, 6.3, 6.5, 11.0, 33.0, 1000.0, 5000.0)


@pytest.mark.parametrize("ratio", RATIOS)
def test_bumps_spread_to_the_weights_of_all_bins(ratio):
    kernel = Kernel(101, ratio, "none")
    positions = np.linspace(49.5, 51.5, 201)
    edges, offsets = kernel.nearest(tf.constant(positions))
    weights = np.einsum("na,nak->nk", kernel.bumps(offsets), kernel.spread[edges])
    expected = -np.diff(expit(ratio * (positions[:, None] - np.arange(102))))
    np.testing.assert_allclose(weights[:, :101], expected, atol=3e-7)


@pytest.mark.parametrize("ratio", RATIOS)
def test_peaks_spread_to_the_slopes_of_all_bins(ratio):
    kernel = Kernel(101, ratio, "none")
    positions = np.linspace(49.5, 51.5, 201)
    edges, offsets = kernel.nearest(tf.constant(positions))
    slopes = ratio * np.einsum("ne,nek->nk", kernel.peaks(offsets), kernel.slope_spread[edges])
    z = ratio * (positions[:, None] - np.arange(102))
    expected = -np.diff(ratio * expit(z) * expit(-z))
    np.testing.assert_allclose(slopes[:, :101], expected, atol=1e-5 * ratio)


@pytest.mark.parametrize("rows,columns,band", [(1, 1, 1), (ROWS, 70, 3), (2 * ROWS + 5, 80, 9), (50, 7, 7)])
def test_a_banded_product_is_the_product(rng, rows, columns, band):
    matrix = rng.normal(size=[rows, columns])
    center = np.linspace(0, columns - 1, rows)[:, None]
    matrix[np.abs(np.arange(columns) - center) > band] = 0
    matrix[0, -1] = 1  # as with the cyclic rule
    dense = rng.normal(size=[columns, 11])
    for block in (ROWS, 7):
        product = (Banded(matrix, rows=block) @ tf.constant(dense, tf.float32))[:rows]
        np.testing.assert_allclose(product, matrix @ dense, atol=1e-5)


@pytest.mark.parametrize("watched", ("first", "second", "both", "neither"))
def test_only_the_gradients_that_are_needed_are_computed(monkeypatch, photographs, watched):
    calls = []
    original = planes._joint_gradient
    monkeypatch.setattr(planes, "_joint_gradient", lambda *arguments: calls.append(1) or original(*arguments))
    first, second = tf.constant(photographs[:1, :8, :8], tf.float32), tf.constant(photographs[1:, :8, :8], tf.float32)
    inputs = {"first": [first], "second": [second], "both": [first, second], "neither": []}[watched]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = tf.reduce_sum(tf.square(joint_histogram(first, second, bins=16)))
    gradients = tape.gradient(loss, inputs)
    assert len(calls) == len(inputs)  # all channels at once

    exact_inputs = [tf.cast(image, tf.float64) for image in (first, second)]
    with tf.GradientTape() as tape:
        tape.watch(exact_inputs)
        loss = tf.reduce_sum(tf.square(dense.joint_histogram(*exact_inputs, bins=16)))
    exact = dict(zip(("first", "second"), tape.gradient(loss, exact_inputs), strict=True))
    for gradient, name in zip(gradients, ("first", "second") if watched == "both" else (watched,), strict=False):
        np.testing.assert_allclose(gradient, exact[name], atol=1e-4 * np.max(np.abs(exact[name])))


def test_nan_stays_in_its_image_and_channel(photographs):
    image = np.float32(photographs)
    image[0, 3, 3, 0] = np.nan
    joint = joint_histogram(image, image, bins=16)
    assert np.isnan(joint[0, 0]).all() and not np.isnan(joint[0, 1:]).any() and not np.isnan(joint[1]).any()


def test_second_derivatives_are_those_of_the_dense_formulas(photographs):
    def penalty(joint, image, content):
        with tf.GradientTape() as outer:
            outer.watch(image)
            with tf.GradientTape() as inner:
                inner.watch(image)
                loss = tf.reduce_sum(tf.square(joint(content, image, bins=8)))
            squares = tf.reduce_sum(tf.square(inner.gradient(loss, image)))
        return outer.gradient(squares, image).numpy()

    content, image = photographs[:1, :6, :6], photographs[1:, :6, :6]
    penalty_gradient = penalty(joint_histogram, tf.constant(image, tf.float32), tf.constant(content, tf.float32))
    exact = penalty(dense.joint_histogram, tf.constant(image), tf.constant(content))
    assert np.linalg.norm(penalty_gradient - exact) < 1e-3 * np.linalg.norm(exact)
