"""An image's distinct colors, each of which is computed once."""

import numpy as np
import pytest
import skimage.data

from utils.colors import map_distinct

EXTREMES = np.uint8([[[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]]])
NOISE = np.random.default_rng(0).integers(0, 256, (1100, 1000, 3), dtype=np.uint8)  # more pixels than one strip


def swap(colors):
    return 255 - colors[..., [2, 0, 1]] // 3


@pytest.mark.parametrize("image", [EXTREMES, NOISE, skimage.data.coffee()], ids=["extremes", "noise", "photograph"])
def test_each_distinct_color_is_computed_once(image):
    seen = []

    def function(colors):
        seen.append(colors)
        return swap(colors)

    np.testing.assert_array_equal(map_distinct(function, image), swap(image))
    np.testing.assert_array_equal(np.concatenate(seen), np.unique(image.reshape(-1, 3), axis=0))


def test_no_pixels_and_other_shapes():
    assert map_distinct(swap, np.zeros([0, 4, 3], np.uint8)).shape == (0, 4, 3)
    turned = NOISE[:, ::-1, ::-1]  # not contiguous
    np.testing.assert_array_equal(map_distinct(swap, turned), swap(turned))
