"""Color spaces: conversions against scikit-image, their inverses, and their gradients."""

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from skimage.color import rgb2hsv, rgb2lab, rgb2yuv

from utils.colors import channel_names, convert, gray, to_network, to_rgb
from utils.colors.hsv import LEAST_DIVISOR, hsv_to_rgb, rgb_to_hsv
from utils.colors.lab import rgb_to_lab

PHOTOGRAPH = np.float32(skimage.data.coffee()[::8, ::8] / 255)
SPACES = ("yuv", "rgb", "hsv", "lab")


def test_yuv_is_the_scaled_yuv_of_scikit_image():
    expected = rgb2yuv(PHOTOGRAPH) * [2, 2, 2] - [1, 0, 0]
    np.testing.assert_allclose(to_network(PHOTOGRAPH, "yuv"), expected, atol=2e-3)


def test_hsv_is_the_scaled_hsv_of_scikit_image():
    np.testing.assert_allclose(to_network(PHOTOGRAPH, "hsv"), rgb2hsv(PHOTOGRAPH) * 2 - 1, atol=1e-5)
    primaries = np.float32(np.stack(np.meshgrid([0, 1], [0, 1], [0, 1]), axis=-1).reshape(-1, 1, 3))
    np.testing.assert_allclose(to_network(primaries, "hsv"), rgb2hsv(primaries) * 2 - 1, atol=1e-6)


def test_lab_is_the_scaled_lab_of_scikit_image():
    expected = rgb2lab(PHOTOGRAPH) * [1 / 50, 1 / 128, 1 / 128] - [1, 0, 0]
    np.testing.assert_allclose(to_network(PHOTOGRAPH, "lab"), expected, atol=1e-4)


@pytest.mark.parametrize("space", SPACES)
def test_to_rgb_inverts_to_network(space):
    np.testing.assert_allclose(to_rgb(to_network(PHOTOGRAPH, space), space), PHOTOGRAPH, atol=1e-5)


def test_the_corners_of_the_rgb_cube_have_the_known_range_in_rgb_and_yuv():
    corners = np.float32(np.stack(np.meshgrid([0, 1], [0, 1], [0, 1]), axis=-1).reshape(-1, 1, 3))
    assert np.abs(to_network(corners, "rgb")).max() == 1
    yuv = np.abs(to_network(corners, "yuv")).max(axis=(0, 1))
    np.testing.assert_allclose(yuv, [1, 0.872, 1.23], atol=2e-3)


@pytest.mark.parametrize("space", ("hsv", "lab"))
def test_gradients_match_finite_differences_of_scikit_image(space, rng):
    colors = np.float32(rng.uniform(0.1, 0.9, [200, 3]))
    ordered = np.sort(colors, axis=-1)
    colors = colors[(np.diff(ordered, axis=-1) > 0.1).all(axis=-1)]  # far from gray and from the kinks of hue
    x = tf.constant(colors, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = to_network(x, space)
    jacobian = tape.batch_jacobian(y, x).numpy()
    oracle = {"hsv": lambda rgb: rgb2hsv(rgb) * 2 - 1, "lab": lambda rgb: rgb2lab(rgb) / [50, 128, 128] - [1, 0, 0]}
    for channel in range(3):
        step = 1e-5 * np.eye(3)[channel]
        difference = (oracle[space](np.float64(colors) + step) - oracle[space](np.float64(colors) - step)) / 2e-5
        np.testing.assert_allclose(jacobian[..., channel], difference, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("value", (0.0, 1e-3, 0.5, 1.0))
def test_gradients_of_hsv_are_bounded_and_those_of_lab_finite_at_gray_and_black(value, rng):
    x = tf.constant(
        np.clip(value + rng.uniform(-1e-4, 1e-4, [100, 3]) * (rng.random([100, 1]) > 0.2), 0, 1), tf.float32
    )
    for function in (rgb_to_hsv, rgb_to_lab):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        assert np.isfinite(y).all() and np.isfinite(tape.batch_jacobian(y, x)).all()
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = rgb_to_hsv(x)
    assert np.abs(tape.batch_jacobian(y, x)).max() <= 2 / LEAST_DIVISOR


def test_hue_is_periodic():
    colors = tf.constant([[0.2, 0.7, 0.9], [1.2, 0.7, 0.9], [-0.8, 0.7, 0.9]])
    np.testing.assert_allclose(hsv_to_rgb(colors), np.repeat(hsv_to_rgb(colors[:1]), 3, axis=0), atol=1e-5)


def test_convert_maps_colors_from_one_space_to_another():
    assert channel_names("lab") == ("l", "a", "b") and channel_names("hsv", 1) == ("y",)
    yuv = to_network(PHOTOGRAPH, "yuv")
    assert convert(yuv, "yuv", "yuv") is yuv
    np.testing.assert_allclose(convert(yuv, "yuv", "lab"), to_network(PHOTOGRAPH, "lab"), atol=1e-4)
    assert convert(yuv[..., :1], "yuv", "hsv").shape[-1] == 1


def test_gray_has_the_luminance_of_the_photograph_and_no_chroma():
    photograph_yuv, gray_yuv = to_network(PHOTOGRAPH, "yuv").numpy(), to_network(gray(PHOTOGRAPH), "yuv").numpy()
    np.testing.assert_allclose(gray_yuv[..., 0], photograph_yuv[..., 0], atol=1e-5)
    np.testing.assert_allclose(gray_yuv[..., 1:], 0, atol=1e-5)


@pytest.mark.parametrize("space", SPACES)
def test_one_channel_is_the_luminance_in_every_space(space):
    luminance = to_network(PHOTOGRAPH, space, channels=1)
    np.testing.assert_allclose(to_rgb(luminance, space), gray(PHOTOGRAPH), atol=1e-5)


def test_colors_outside_the_range_are_clipped():
    rgb = to_rgb(np.full([2, 2, 3], 1.0, np.float32), "yuv").numpy()
    assert rgb.min() >= 0 and rgb.max() <= 1


def test_directions_are_projections_on_the_diagonals_of_the_cube(rng):
    rgb = rng.uniform(0, 1, [50, 3])
    along = to_network(tf.constant(rgb, tf.float32), "directions").numpy()
    r, g, b = (2 * rgb - 1).T
    two = [r + g, r - g, r + b, r - b, g + b, g - b]
    three = [r + g + b, r + g - b, r - g + b, -r + g + b]
    expected = np.stack([r, g, b, *(value / 2 for value in two), *(value / 3 for value in three)], axis=-1)
    np.testing.assert_allclose(along, expected, atol=1e-6)
    assert np.abs(along).max() <= 1


def test_colors_that_rgb_does_not_have_are_not_clipped_along_directions():
    yuv = tf.constant([[[0.9, 0.6, 1.1]]])
    with tf.GradientTape() as tape:
        tape.watch(yuv)
        along = convert(yuv, "yuv", "directions")
    assert np.abs(along).max() > 1.5
    assert (np.abs(tape.gradient(along, yuv)) > 0.1).all()
