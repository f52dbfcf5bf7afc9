"""The study's HistMatch loss, equations 5 and 6 written out, is what the task enhancement has as its color loss."""

import numpy as np
import tensorflow as tf

import config
from losses import loss_functions
from models import augment
from tests.tiny import network

OPTIONS = config.load("enhancement")
K, RATIO, LAMBDA = 256, 1000.0, 1.0


def cumulative_histogram(values):
    """Eq. 5: the CDF over K bins of a channel in [0, 1], each pixel a difference of two sharp logistic functions."""
    edges = np.arange(K + 1) / K
    z = np.clip((edges[:, None] - values.ravel()) * RATIO * K, -500, 500)
    below = 1 / (1 + np.exp(-z))  # [K+1, pixels]: how much of a pixel lies below an edge
    # What lies beyond an end is folded back into the range.
    inside = np.diff(below, axis=0).mean(1)
    inside[0] += below[0].mean()
    inside[-1] += 1 - below[-1].mean()
    return np.cumsum(inside)


def histmatch(target, output):
    """Eq. 6: lambda / 3 sum_c sum_k |CDF_target - CDF_output|."""
    pairs = ((target[..., c], output[..., c]) for c in range(3))
    return LAMBDA / 3 * sum(np.abs(cumulative_histogram(a) - cumulative_histogram(b)).sum() for a, b in pairs)


def color_loss():
    """The task's color loss, weighted: a function of two images ``[1, H, W, 3]`` in [-1, 1]."""
    augmented = augment(network("tiny", ["source"]), **OPTIONS.augment_arguments)
    histogram = augmented.get_layer("histogram")
    weights = OPTIONS.losses.weights
    distance = loss_functions({"color": weights["color"]}, OPTIONS.loss_settings)["color"]
    return lambda target, output: weights["color"] * tf.reduce_mean(distance(histogram(target), histogram(output)))


def test_the_value_is_that_of_the_equations(photographs):
    target, output = np.float32(photographs)
    value = float(color_loss()(target[None], output[None]))
    np.testing.assert_allclose(value, histmatch((np.float64(target) + 1) / 2, (np.float64(output) + 1) / 2), rtol=1e-5)


def test_the_gradient_is_that_of_the_equations(rng):
    # So sharp a kernel leaves all pixels but those at a bin's edge without a gradient. These lie there.
    edges = (np.arange(40, 88).reshape(1, 4, 4, 3)) / 128 - 0.6875
    output = edges + rng.uniform(-1, 1, edges.shape) / (RATIO * 128)
    target = rng.uniform(-0.9, 0.9, edges.shape)
    x = tf.constant(output, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = color_loss()(tf.constant(target, tf.float32), x)
    gradient = np.asarray(tape.gradient(value, x), np.float64)
    # The pixels as the layer has them, in float32: at this sharpness their rounding moves them within the kernel.
    output, target = np.float64(x), np.float64(np.float32(target))
    step = 1e-3 / (RATIO * 128)
    for place in [(0, 0, 0, 0), (0, 1, 2, 1), (0, 3, 3, 2)]:
        values = []
        for sign in (1, -1):
            moved = output.copy()
            moved[place] += sign * step
            values.append(histmatch((target + 1) / 2, (moved + 1) / 2))
        np.testing.assert_allclose(gradient[place], (values[0] - values[1]) / (2 * step), rtol=1e-3)
