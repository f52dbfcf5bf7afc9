"""Slicing against the formula written out pixel by pixel, in float64."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from scipy.optimize import approx_fprime

from models import BilateralSlice
from models.networks import bilateral
from models.networks.bilateral import bilateral_slice


def slice_by_pixels(grid, guide, image):
    """The formula, one pixel after another: float64 ``[B,H,W,out]``."""
    batch, height, width, _ = image.shape
    rows, columns, levels = grid.shape[1:4]
    output = np.zeros([batch, height, width, grid.shape[4]])
    for b, y, x in np.ndindex(batch, height, width):
        places = (
            np.clip((y + 0.5) * rows / height - 0.5, 0, rows - 1),
            np.clip((x + 0.5) * columns / width - 0.5, 0, columns - 1),
            np.clip(levels * guide[b, y, x, 0] - 0.5, 0, levels - 1),
        )
        transform = 0
        for cell in itertools.product(*((int(place), int(place) + 1) for place in places)):
            weight = np.prod([max(1 - abs(place - index), 0) for place, index in zip(places, cell, strict=True)])
            if weight:
                transform = transform + weight * grid[(b, *cell)]
        output[b, y, x] = transform @ [*image[b, y, x], 1]
    return output


def make_inputs(rng, size=(9, 13), cells=(4, 4, 5), channels=(3, 3), batch=2):
    outputs, inputs = channels
    grid = rng.normal(size=[batch, *cells, outputs, inputs + 1])
    return grid, rng.uniform(-0.1, 1.1, [batch, *size, 1]), rng.uniform(-1, 1, [batch, *size, inputs])


@pytest.mark.parametrize("jit_compile", (False, True))
@pytest.mark.parametrize(
    "size,cells,channels", [((9, 13), (4, 4, 5), (3, 3)), ((2, 3), (8, 8, 2), (1, 3)), ((17, 5), (4, 2, 1), (3, 1))]
)
def test_slicing_is_the_formula(rng, size, cells, channels, jit_compile):
    grid, guide, image = make_inputs(rng, size, cells, channels)
    output = tf.function(bilateral_slice, jit_compile=jit_compile)(*map(np.float32, (grid, guide, image)))
    np.testing.assert_allclose(output, slice_by_pixels(grid, guide, image), atol=1e-6 * np.abs(grid).max())


@pytest.mark.long
@pytest.mark.parametrize("jit_compile", (False, pytest.param(True, marks=pytest.mark.long)))
@pytest.mark.parametrize("strip", (2**18, 30))
def test_gradients_are_those_of_finite_differences(rng, monkeypatch, strip, jit_compile):
    monkeypatch.setattr(bilateral, "STRIP", strip)  # of 30 pixels: three strips of six rows, the last not full
    arrays = make_inputs(rng, size=(4, 5), cells=(2, 2, 3))
    place = 3 * arrays[1] - 0.5
    arrays[1][np.abs(place - np.round(place)) < 0.05] += 0.05  # away from the kinks
    upstream = rng.normal(size=[2, 4, 5, 3])

    @tf.function(jit_compile=jit_compile)
    def gradients(*tensors):
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            loss = tf.reduce_sum(bilateral_slice(*tensors) * np.float32(upstream))
        return tape.gradient(loss, tensors)

    computed = gradients(*(tf.constant(array, tf.float32) for array in arrays))
    for number, gradient in enumerate(computed):

        def loss(values, number=number):
            changed = [*arrays]
            changed[number] = values.reshape(arrays[number].shape)
            return np.sum(slice_by_pixels(*changed) * upstream)

        expected = approx_fprime(arrays[number].ravel(), loss, 1e-6).reshape(arrays[number].shape)
        np.testing.assert_allclose(gradient, expected, atol=1e-4 * np.abs(expected).max())


def test_a_grid_of_one_transform_applies_it_everywhere(rng):
    _, guide, image = make_inputs(rng)
    transform = rng.normal(size=[3, 4])
    grid = np.broadcast_to(transform, [2, 4, 4, 5, 3, 4])
    expected = image @ transform[:, :3].T + transform[:, 3]
    np.testing.assert_allclose(bilateral_slice(grid, guide, image), expected, atol=1e-5)


def test_a_grid_of_one_transform_has_no_gradient_for_the_guide(rng):
    transform, image = rng.normal(size=[3, 4]), tf.constant(rng.uniform(-1, 1, [1, 3, 17, 3]), tf.float32)
    grid = tf.constant(np.broadcast_to(transform, [1, 4, 4, 8, 3, 4]), tf.float32)
    guide = tf.constant(np.tile(np.arange(17) / 16, [1, 3, 1])[..., None], tf.float32)  # also at the tents' kinks
    with tf.GradientTape() as tape:
        tape.watch(guide)
        output = bilateral_slice(grid, guide, image)
    np.testing.assert_allclose(tape.gradient(output, guide), np.zeros(guide.shape), atol=1e-4)


def test_an_empty_batch_stays_empty():
    # Some replica may get one, at the end of a data set.
    images = tf.zeros([0, 8, 8, 3])
    assert bilateral_slice(tf.zeros([0, 4, 4, 5, 3, 4]), images[..., :1], images).shape == images.shape


def test_the_layer_is_in_float32_under_any_policy(rng):
    grid, guide, image = (tf.cast(array, tf.bfloat16) for array in make_inputs(rng))
    assert BilateralSlice()([grid, guide, image]).dtype == tf.float32
