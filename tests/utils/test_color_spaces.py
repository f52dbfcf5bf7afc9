"""Colour spaces against scikit-image, and there and back."""

import numpy as np
import pytest
import skimage.data
from skimage.color import rgb2yuv

from utils.color_spaces import grey, to_network, to_rgb

PHOTOGRAPH = np.float32(skimage.data.coffee()[::8, ::8] / 255)


def test_yuv_is_scikit_images_scaled():
    expected = rgb2yuv(PHOTOGRAPH) * [2, 2, 2] - [1, 0, 0]
    np.testing.assert_allclose(to_network(PHOTOGRAPH, "yuv"), expected, atol=2e-3)


@pytest.mark.parametrize("space", ("yuv", "rgb"))
def test_there_and_back(space):
    np.testing.assert_allclose(to_rgb(to_network(PHOTOGRAPH, space), space), PHOTOGRAPH, atol=1e-5)


def test_the_range_is_the_networks():
    corners = np.float32(np.stack(np.meshgrid([0, 1], [0, 1], [0, 1]), axis=-1).reshape(-1, 1, 3))
    assert np.abs(to_network(corners, "rgb")).max() == 1
    yuv = np.abs(to_network(corners, "yuv")).max(axis=(0, 1))
    np.testing.assert_allclose(yuv, [1, 0.872, 1.23], atol=2e-3)


def test_grey_has_no_chroma_and_the_photographs_luminance():
    network, of_grey = to_network(PHOTOGRAPH, "yuv").numpy(), to_network(grey(PHOTOGRAPH), "yuv").numpy()
    np.testing.assert_allclose(of_grey[..., 0], network[..., 0], atol=1e-5)
    np.testing.assert_allclose(of_grey[..., 1:], 0, atol=1e-5)


@pytest.mark.parametrize("space", ("yuv", "rgb"))
def test_one_channel_is_the_luminance_in_either_space(space):
    luminance = to_network(PHOTOGRAPH, space, channels=1)
    np.testing.assert_allclose(to_rgb(luminance, space), grey(PHOTOGRAPH), atol=1e-5)


def test_colours_outside_the_range_are_clipped():
    rgb = to_rgb(np.full([2, 2, 3], 1.0, np.float32), "yuv").numpy()
    assert rgb.min() >= 0 and rgb.max() <= 1
