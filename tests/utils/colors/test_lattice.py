"""Interpolation of lattices: against SciPy, and its gradient."""

import numpy as np
import tensorflow as tf
from scipy.interpolate import RegularGridInterpolator

from utils.colors.lattice import interpolate_lattices, tent_weights


def interpolate(lattices, colors):
    return interpolate_lattices(lattices, tent_weights(colors, lattices.shape[3]))


def test_each_image_has_its_own_lattice_interpolated_as_scipy_does(rng):
    lattices, colors = rng.normal(size=[3, 4, 4, 4, 2]), rng.uniform(0, 1, [3, 50, 3])
    found = interpolate(*(tf.constant(x, tf.float32) for x in (lattices, colors)))
    for lattice, points, values in zip(lattices, colors, found, strict=True):
        expected = RegularGridInterpolator([np.linspace(0, 1, 4)] * 3, lattice)(points)
        np.testing.assert_allclose(values, expected, atol=1e-5)


def test_colors_outside_the_cube_are_clipped(rng):
    lattice, colors = rng.normal(size=[1, 3, 3, 3, 3]), rng.uniform(-1, 2, [1, 40, 3])
    outside, clipped = (
        interpolate(tf.constant(lattice, tf.float32), tf.constant(x, tf.float32))
        for x in (colors, np.clip(colors, 0, 1))
    )
    np.testing.assert_array_equal(outside, clipped)


def test_the_gradient_is_the_interpolation_itself(rng):
    lattice, colors = tf.zeros([1, 4, 4, 4, 1]), tf.constant(rng.uniform(0, 1, [1, 30, 3]), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(lattice)
        total = tf.reduce_sum(interpolate(lattice, colors))
    gradient = tape.gradient(total, lattice)
    np.testing.assert_allclose(tf.reduce_sum(gradient), 30, rtol=1e-5)  # the weights of a color sum to 1
    direction = tf.constant(rng.normal(size=lattice.shape), tf.float32)
    expected = tf.reduce_sum(interpolate(direction, colors))  # it is linear in the lattice
    np.testing.assert_allclose(tf.reduce_sum(gradient * direction), expected, rtol=1e-3)
