"""Palette and coverage of images whose distances are computed by hand, and of photographs against a dense formula."""

import numpy as np
import pytest
import skimage.data
from skimage.color import lab2rgb, rgb2lab

from metrics import palette_distance
from metrics.palette import _draw


def image_of(*colors):
    """Equal stripes of colors of Lab."""
    return np.uint8(np.round(255 * lab2rgb(np.repeat(np.float64([colors]), 20, axis=0))))


def test_each_pixel_counts_with_its_nearest_color():
    output = image_of((50, 0, 0), (50, 20, 0))
    reference = image_of((50, 0, 0), (50, 0, 0), (50, 0, 0))
    # Half of the output is 20 units from the only color; all of the reference is in the output.
    assert palette_distance(output, reference) == pytest.approx(10, abs=0.5)
    assert palette_distance(reference, output) == 0


def test_proportions_do_not_count():
    one, other = image_of((30, 0, 0), (70, 0, 20)), image_of((30, 0, 0), (30, 0, 0), (30, 0, 0), (70, 0, 20))
    assert palette_distance(one, other) == palette_distance(other, one) == 0


def test_photographs_match_all_pairs_of_the_drawn_pixels():
    first, second = skimage.data.coffee()[::3, ::3], skimage.data.chelsea()[::3, ::3]
    drawn = [_draw(image) for image in (first, second)]
    assert all(len(colors) == 2048 for colors in drawn)
    dense = np.linalg.norm(drawn[0][:, None] - drawn[1], axis=-1).min(axis=1).mean()
    assert palette_distance(first, second) == pytest.approx(dense, rel=1e-9)
    assert np.isin(drawn[0], rgb2lab(first)).all()
