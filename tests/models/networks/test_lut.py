"""The lut: its map, the colors it sees, and images of any size."""

import functools
import itertools

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from benchmarks.pairs.classical import monge_kantorovich
from histogram_layers import hard_histogram
from models import lut_generator
from models.networks.averaging import averaged_copy
from models.networks.lut import MapNetwork, moments, predict_coefficients
from models.networks.lut.polynomials import (
    DEGREE,
    TERMS,
    AddPolynomials,
    add_polynomials,
    affine_coefficients,
    polynomial_terms,
)
from utils.colors import IMAGE_SPACES, to_network


def network(**options):
    return lut_generator(bins=64, histogram_channels=13, histogram_space="directions", color_space="rgb", **options)


def histograms(rgb):
    return hard_histogram(to_network(tf.constant(rgb, tf.float32), "directions"), 64)


@pytest.fixture
def pair(rng):
    """A source and a reference with its look, RGB float32 ``[2, 48, 40, 3]`` in [0, 1]."""
    source = rng.uniform(0, 1, [2, 48, 40, 1]) ** 2 * 0.6 + rng.uniform(0, 0.4, [2, 48, 40, 3])
    return np.float32(source), np.float32(source @ [[0.5, 0.2, 0], [0, 0.4, 0.1], [0.1, 0, 0.6]] + 0.1)


def test_polynomials_are_products_of_numpys_chebyshev_polynomials(rng):
    colors = rng.uniform(0, 1, [7, 3])
    values = np.polynomial.chebyshev.chebvander(2 * colors - 1, DEGREE)  # [7,3,DEGREE+1]
    powers = [p for p in itertools.product(range(DEGREE + 1), repeat=3) if sum(p) <= DEGREE]
    expected = np.stack([values[:, 0, i] * values[:, 1, j] * values[:, 2, k] for i, j, k in powers], axis=-1)
    np.testing.assert_allclose(polynomial_terms(tf.constant(colors, tf.float32)), expected, atol=1e-5)
    assert len(powers) == TERMS


def test_an_affine_map_is_a_polynomial(rng):
    affine, images = np.float32(rng.normal(size=[2, 3, 4])), np.float32(rng.uniform(0, 1, [2, 5, 6, 3]))
    expected = np.einsum("bhwc,bdc->bhwd", images, affine[..., :3]) + affine[:, None, None, :, 3]
    inputs = [affine_coefficients(affine), tf.constant(images)]
    for output in (AddPolynomials()(inputs), add_polynomials(*inputs)):
        np.testing.assert_allclose(output, images + expected, atol=1e-5)


def test_strips_do_not_change_the_output(rng, monkeypatch):
    inputs = [tf.constant(rng.normal(size=shape), tf.float32) for shape in ([2, TERMS, 3], [2, 33, 20, 3])]
    whole = AddPolynomials()(inputs)
    monkeypatch.setattr("models.networks.lut.polynomials.STRIP", 200)
    np.testing.assert_allclose(AddPolynomials()(inputs), whole, atol=1e-6)


@pytest.mark.long
def test_without_a_reference_it_takes_the_source_alone_and_starts_near_it(pair):
    model = lut_generator(bins=64, encoder=None)
    source = 2 * pair[0] - 1
    assert [tensor.shape[-1] for tensor in model.inputs] == [3]
    change = np.abs(model(source) - source)
    assert 0 < change.max() < 0.3
    with pytest.raises(ValueError, match="'embedding'"):
        lut_generator(encoder="embedding")


def test_quantiles_are_numpys(rng):
    values = rng.beta(2, 5, [2, 90, 80, 3]) * 2 - 1
    found = moments.quantiles(hard_histogram(tf.constant(values, tf.float32)), 16)
    levels = np.sin(np.pi * (np.arange(16) + 0.5) / 32) ** 2
    expected = np.quantile(values.reshape(2, -1, 3), levels, axis=1)
    np.testing.assert_allclose(np.transpose(found, [2, 0, 1]), expected, atol=0.02)


def test_monge_kantorovich_of_histograms_is_that_of_the_pixels(pair):
    source, reference = pair
    coefficients = moments.monge_kantorovich(histograms(source), histograms(reference))
    output = AddPolynomials()([coefficients, tf.constant(source)])
    for number in range(2):
        expected = monge_kantorovich(*(np.float64(images[number]) for images in pair))
        np.testing.assert_allclose(np.clip(output[number], 0, 1), expected, atol=0.01)


def test_monge_kantorovich_of_a_flat_source_is_finite():
    flat = histograms(np.full([1, 8, 8, 3], 0.4))
    wide = histograms(np.random.default_rng(0).uniform(0, 1, [1, 8, 8, 3]))
    coefficients = moments.monge_kantorovich(flat, wide)
    assert np.isfinite(coefficients).all() and np.abs(coefficients).max() < 10


def test_other_histograms_have_no_covariance(rng):
    histogram = tf.constant(rng.dirichlet(np.ones(16), [2, 3]), tf.float32)
    assert not np.any(moments.monge_kantorovich(histogram, histogram))


def test_the_grid_of_pixels_is_evenly_spaced_and_keeps_colors():
    image = tf.reshape(tf.range(12 * 6), [1, 12, 6, 1])
    np.testing.assert_array_equal(
        moments.pixel_grid(image, 4)[0, :, :, 0], np.arange(72).reshape(12, 6)[1::3][:, [0, 2, 3, 5]]
    )
    np.testing.assert_array_equal(moments.pixel_grid(image, 64), image)


@pytest.mark.parametrize("shape", [(2, 90, 70, 3), (1, 9, 200, 3)])
def test_an_unknown_size_changes_neither_the_copy_nor_the_pixels(rng, shape):
    images = tf.constant(rng.uniform(0, 1, shape), tf.float32)
    for function, side in ((averaged_copy, 32), (moments.pixel_grid, 64)):
        in_graph = tf.function(
            functools.partial(function, side=side), input_signature=[tf.TensorSpec([None, None, None, 3])]
        )
        np.testing.assert_allclose(in_graph(images), function(images, side), atol=1e-6)


def test_the_layer_predicts_what_the_function_does(pair):
    layer = MapNetwork(64, histogram_space="directions")
    source, reference = tf.constant(pair[0]), histograms(pair[1])
    coefficients = layer([source, reference])
    weights = [np.array(weight) for weight in layer.get_weights()]
    expected = predict_coefficients(weights, source, reference, **layer.options)
    np.testing.assert_allclose(coefficients, expected, atol=1e-5)
    for shapes in ([(2, 48, 40, 3), (2, 13, 64)], ((2, 48, 40, 3), (2, 13, 64)), (2, 48, 40, 3)):
        assert layer.compute_output_shape(shapes) == (2, TERMS, 3)
    again = MapNetwork.from_config(layer.get_config())
    assert again.options == layer.options and coefficients.shape == (2, TERMS, 3)


@pytest.mark.long
def test_it_starts_halfway_to_the_linear_map(pair):
    keras.utils.set_random_seed(0)
    source, reference = pair
    output = (np.array(network()([tf.constant(2 * source - 1), histograms(reference)])) + 1) / 2
    for number in range(2):
        linear = monge_kantorovich(*(np.float64(images[number]) for images in pair))
        assert np.abs(output[number] - (source[number] + linear) / 2).mean() < 0.05


def test_every_weight_has_a_gradient_and_the_reference_matters(pair):
    keras.utils.set_random_seed(0)
    lut = network()
    source, histogram = tf.constant(2 * pair[0] - 1), histograms(pair[1])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(lut([source, histogram], training=True) - 0.3))
    gradients = tape.gradient(loss, lut.trainable_weights)
    assert [w.name for w, g in zip(lut.trainable_weights, gradients, strict=True) if not np.any(g)] == []
    assert np.abs(lut([source, histogram]) - lut([source, histograms(pair[0])])).max() > 1e-2


@pytest.mark.long
def test_one_color_becomes_one_color_at_every_size(rng):
    lut = network()
    histogram = histograms(rng.uniform(0, 1, [1, 8, 8, 3]))
    for size in ((64, 64), (33, 90), (300, 20), (1, 1)):
        source = np.float32(rng.uniform(-1, 1, [1, *size, 3]))
        source[0, 0, 0] = source[0, -1, -1]
        output = lut([tf.constant(source), histogram])
        assert output.shape == (1, *size, 3)
        np.testing.assert_array_equal(output[0, 0, 0], output[0, -1, -1])


@pytest.mark.long
@pytest.mark.parametrize("color_space", IMAGE_SPACES)
def test_it_takes_every_color_space(rng, color_space):
    lut = lut_generator(bins=16, color_space=color_space)
    source = to_network(tf.constant(rng.uniform(0.1, 0.9, [1, 20, 24, 3]), tf.float32), color_space)
    histogram = tf.constant(rng.dirichlet(np.ones(16), [1, 3]), tf.float32)
    assert np.abs(lut([source, histogram]) - source).mean() < 0.1  # it starts near the source


def test_luminance_alone_is_refused():
    with pytest.raises(ValueError, match="must be 3 for a lut; received 1 and 3"):
        lut_generator(channels=1)
