"""Histogram matching against numpy, scikit-image and finite differences in float64."""

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from scipy.optimize import approx_fprime
from skimage.exposure import match_histograms as skimage_match
from tensorflow import keras

from histogram_layers import (
    MatchHistogram,
    dense,
    match_histograms,
    match_histograms_lut,
    matching,
    soft_histogram,
    sort_matching,
)


def match_in_numpy(image, histogram):
    """M(x) = F_r^-1(F_s(x)) of an image ``[1,H,W,C]`` and a histogram ``[1,C,K]`` without empty bins, in float64."""
    bins = histogram.shape[-1]
    edges = np.linspace(-1, 1, bins + 1)
    own = dense.soft_histogram(image, bins=bins).numpy()
    matched = np.empty_like(image)
    for channel in range(image.shape[-1]):
        source_cdf, cdf = (np.append(0, np.cumsum(h[0, channel]) / h[0, channel].sum()) for h in (own, histogram))
        places = np.clip(np.interp(image[..., channel], edges, source_cdf), 2e-9, 1 - 2e-9)  # colors that occur
        matched[..., channel] = np.interp(places, cdf, edges)
    return matched


@pytest.mark.long
def test_an_image_matched_to_its_own_histogram_stays_itself_also_its_rarest_colors():
    rgb = np.float32(skimage.data.hubble_deep_field()[None] / 127.5 - 1)  # of 900,000 pixels, some are one of a kind
    image = rgb @ np.float32([[0.3, -0.15, 0.5], [0.6, -0.3, -0.4], [0.1, 0.45, -0.1]])
    for bins in (64, 256):
        matched = match_histograms(image, soft_histogram(image, bins))
        np.testing.assert_allclose(matched, image, rtol=0, atol=1 / 255)
    pixels = np.uint8((image[0] + 1) * 127)
    np.testing.assert_array_equal(match_histograms_lut(pixels, pixels), pixels)
    values = np.sort(image.reshape(-1, 3), axis=0).T
    np.testing.assert_array_equal(sort_matching(image, values), image)


def test_strips_of_pixels_are_matched_as_all_at_once(photographs, monkeypatch):
    image, histogram = np.float32(photographs), soft_histogram(np.float32(photographs[::-1]), 32)
    expected = match_histograms(image, histogram)
    monkeypatch.setattr(matching, "STRIP", 1000)  # of 2,304 pixels

    @tf.function(input_signature=[tf.TensorSpec([None, None, None, 3])])
    def of_unknown_size(images):
        return match_histograms(images, histogram)

    for matched in (match_histograms(image, histogram), of_unknown_size(image)):
        np.testing.assert_allclose(matched, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("jit_compile", (False, True))
def test_matching_is_the_composition_of_the_cdfs(photographs, jit_compile):
    histogram = dense.soft_histogram(photographs[1:], bins=64).numpy()
    match = tf.function(match_histograms, jit_compile=jit_compile)
    matched = match(np.float32(photographs[:1]), np.float32(histogram))
    np.testing.assert_allclose(matched, match_in_numpy(photographs[:1], histogram), atol=2e-3)


def test_the_result_has_the_references_histogram_and_its_own_is_the_identity(photographs):
    source, other = np.float32(photographs)[:, None]
    matched = match_histograms(source, soft_histogram(other))
    difference = np.cumsum(soft_histogram(matched) - soft_histogram(other), axis=-1)
    assert np.abs(difference).mean() < 2e-3
    np.testing.assert_allclose(match_histograms(source, soft_histogram(source)), source, atol=2e-3)


def test_a_sharp_kernel_gives_scikit_images_matching(photographs):
    # scikit-image interpolates between the values that occur; bins of 1/128 are as fine.
    first, second = np.round(127.5 * (photographs + 1)) / 127.5 - 1
    matched = match_histograms(
        np.float32(first)[None], soft_histogram(np.float32(second)[None], 256), kernel_width_ratio=50
    )
    expected = skimage_match(first, second, channel_axis=-1)
    assert np.abs(matched[0] - expected).mean() < 0.01


@pytest.mark.parametrize("jit_compile", (False, True))
def test_gradients_are_those_of_finite_differences(photographs, rng, jit_compile):
    image, upstream = photographs[:1, :6, :6, :1], rng.normal(size=[1, 6, 6, 1])
    histogram = rng.uniform(0.5, 1.5, [1, 1, 12])
    histogram /= histogram.sum()

    @tf.function(jit_compile=jit_compile)
    def gradients(image, histogram):
        with tf.GradientTape() as tape:
            tape.watch([image, histogram])
            loss = tf.reduce_sum(match_histograms(image, histogram) * np.float32(upstream))
        return tape.gradient(loss, [image, histogram])

    of_image, of_histogram = gradients(tf.constant(image, tf.float32), tf.constant(histogram, tf.float32))
    for gradient, array, loss in (
        (of_image, image, lambda x: match_in_numpy(x.reshape(image.shape), histogram)),
        (of_histogram, histogram, lambda h: match_in_numpy(image, h.reshape(histogram.shape))),
    ):
        expected = approx_fprime(array.ravel(), lambda x, loss=loss: np.sum(loss(x) * upstream), 1e-7)
        np.testing.assert_allclose(np.ravel(gradient), expected, atol=2e-3 * np.abs(expected).max())


def test_colors_that_the_reference_lacks_have_a_finite_gradient_and_the_middle_of_the_gap(rng):
    two = np.zeros([1, 1, 256], np.float32)
    two[..., [64, 191]] = 0.5
    image = tf.constant(np.linspace(-1, 1, 101)[None, :, None, None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(image)
        matched = match_histograms(image, two)
        loss = tf.reduce_sum(matched * rng.normal(size=matched.shape))
    colors = -1 + (np.array([64, 191]) + 0.5) / 128
    middle, others = matched[0, 50, 0, 0], np.delete(np.ravel(matched), 50)
    assert np.abs(middle - colors.mean()) < 0.01
    assert np.min(np.abs(others[:, None] - colors), axis=1).max() < 0.01
    gradient = tape.gradient(loss, image)
    assert np.isfinite(gradient).all() and np.abs(gradient).max() < 1000


@pytest.mark.parametrize("value", (-1.0, 0.3, 1.0))
def test_a_channel_of_one_value_becomes_the_references_median(photographs, value):
    image = tf.fill([1, 8, 8, 3], value)
    with tf.GradientTape() as tape:
        tape.watch(image)
        matched = match_histograms(image, soft_histogram(np.float32(photographs[:1])))
    np.testing.assert_allclose(matched[0, 0, 0], np.median(photographs[0], axis=(0, 1)), atol=0.02)
    assert np.isfinite(tape.gradient(matched, image)).all()


def test_values_out_of_range_are_clipped(photographs):
    image, histogram = np.float32(photographs[:1]), soft_histogram(np.float32(photographs[1:]))
    wide = match_histograms(3 * image, histogram)
    np.testing.assert_array_equal(wide, match_histograms(np.clip(3 * image, -1, 1), histogram))
    assert np.abs(wide).max() <= 1


@pytest.mark.parametrize(
    "options,name",
    [({"boundary": "cyclic"}, "cyclic"), ({"value_range": (1, 0)}, "value_range"), ({}, "3 channels")],
)
def test_the_error_of_a_wrong_option_names_it(options, name):
    channels = 3 if options else 2
    with pytest.raises(ValueError, match=name):
        match_histograms(tf.zeros([1, 4, 4, 3]), tf.ones([1, channels, 8]) / 8, **options)


def test_the_table_is_algorithm_1_written_out():
    source, target = skimage.data.astronaut()[::4, ::4], skimage.data.coffee()[::5, ::5]
    expected = np.empty_like(source)
    for channel in range(3):
        cdfs = []
        for image in (source, target):
            counts = [np.sum(image[..., channel] == value) for value in range(256)]
            cdfs.append([sum(counts[: value + 1]) / sum(counts) for value in range(256)])
        table = []
        for p in range(256):
            best = 0
            for q in range(256):
                if abs(cdfs[1][q] - cdfs[0][p]) < abs(cdfs[1][best] - cdfs[0][p]):
                    best = q
            table.append(best)
        expected[..., channel] = np.array(table)[source[..., channel]]
    np.testing.assert_array_equal(match_histograms_lut(source, target), expected)


def test_the_table_takes_bytes_with_as_many_channels():
    with pytest.raises(ValueError, match="float64"):
        match_histograms_lut(np.zeros([2, 2, 3]), np.zeros([2, 2, 3], np.uint8))
    with pytest.raises(ValueError, match="channels"):
        match_histograms_lut(np.zeros([2, 2, 3], np.uint8), np.zeros([2, 2, 1], np.uint8))


@pytest.mark.parametrize("jit_compile", (False, True))
def test_sorting_gives_the_targets_values_in_the_order_of_the_pixels(rng, jit_compile):
    images = rng.integers(0, 6, [2, 4, 5, 3])  # with many equal pixels
    target = tf.constant(np.sort(rng.uniform(-1, 1, [3, 20])))
    upstream = rng.normal(size=images.shape)

    @tf.function(jit_compile=jit_compile)
    def match(images, target):
        with tf.GradientTape() as tape:
            tape.watch(target)
            matched = sort_matching(images, target)
            loss = tf.reduce_sum(matched * upstream)
        return matched, tape.gradient(loss, target)

    matched, gradient = match(tf.constant(images, tf.float32), target)
    expected, expected_gradient = np.empty(images.shape), np.zeros([3, 20])
    for image, channel in np.ndindex(2, 3):
        order = np.argsort(images[image, ..., channel].ravel(), kind="stable")
        values = np.empty(20)
        values[order] = target[channel]
        expected[image, ..., channel] = values.reshape(4, 5)
        expected_gradient[channel] += upstream[image, ..., channel].ravel()[order]
    np.testing.assert_allclose(matched, expected, atol=1e-12)
    np.testing.assert_allclose(gradient, expected_gradient, atol=1e-12)


def test_a_target_of_another_length_is_interpolated(rng):
    images = tf.constant(rng.uniform(-1, 1, [1, 10, 10, 1]))
    matched = sort_matching(images, tf.constant([[-1.0, 0.0, 1.0]], tf.float64))
    expected = np.interp((np.arange(100) + 0.5) * 3 / 100 - 0.5, [0, 1, 2], [-1, 0, 1])
    np.testing.assert_allclose(np.sort(np.ravel(matched)), expected, atol=1e-12)


def test_the_layer_is_saved_and_reloaded(tmp_path, photographs):
    source, histogram = keras.Input((None, None, 3)), keras.Input((3, 32))
    layer = MatchHistogram(value_range=(-2.0, 2.0), kernel_width_ratio=3.0, boundary="none")
    model = keras.Model([source, histogram], layer([source, histogram]))
    assert tuple(model.output.shape) == (None, None, None, 3)
    model.save(tmp_path / "model.keras")
    inputs = [tf.constant(photographs, tf.float32), soft_histogram(photographs[::-1], 32, (-2.0, 2.0))]
    reloaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(reloaded(inputs), model(inputs))
