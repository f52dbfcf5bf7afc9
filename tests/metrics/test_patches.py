"""Consistency and tint of images whose values are computed by hand."""

import numpy as np
import pytest
from skimage.color import lab2rgb, rgb2lab

from metrics import consistency, tint


def image_of(lab):
    return np.uint8(np.round(255 * lab2rgb(np.float64(lab))))


def lab_halves(left, right, side=32):
    """An image whose left and right halves are two colors of Lab."""
    return np.concatenate([np.broadcast_to(np.float64(color), (side, side // 2, 3)) for color in (left, right)], axis=1)


def test_consistency_is_the_spread_that_one_color_gains():
    flat = image_of(lab_halves((50, 0, 0), (50, 0, 0)))
    patched = image_of(lab_halves((50, 12, 0), (50, -12, 0)))
    # Half of the pixels 12 units to one side, half to the other: a standard deviation of 12.
    assert consistency(flat, patched) == pytest.approx(12, abs=0.5)
    assert consistency(flat, flat) == consistency(patched, patched) == 0


def test_consistency_does_not_count_colors_that_the_source_tells_apart():
    # 30 units of L apart, they are in different cells; each becomes one color.
    two = image_of(lab_halves((40, 0, 0), (70, 0, 0)))
    assert consistency(two, image_of(lab_halves((40, 30, 0), (70, -30, 0)))) == pytest.approx(0, abs=1e-9)


def test_consistency_is_weighted_by_pixels():
    # A quarter of the image is a color of its own and keeps its one color; three quarters are patched.
    source = lab_halves((50, 0, 0), (50, 0, 0))
    output = lab_halves((50, 12, 0), (50, -12, 0))
    source[:8], output[:8] = (80, 0, 0), (80, 0, 0)
    assert consistency(image_of(source), image_of(output)) == pytest.approx(0.75 * 12, abs=0.5)


def test_tint_is_the_color_that_a_flat_region_gains_beyond_two_units():
    flat = image_of(lab_halves((50, 0, 0), (50, 0, 0)))
    tinted = image_of(lab_halves((50, 9, 0), (50, -9, 0)))
    assert tint(flat, tinted) == pytest.approx(9 - 2, abs=0.5)
    assert tint(flat, image_of(lab_halves((50, 1.5, 0), (50, -1.5, 0)))) == 0


def test_tint_counts_no_lightness_and_nothing_that_the_source_has():
    flat = image_of(lab_halves((50, 0, 0), (50, 0, 0)))
    assert tint(flat, image_of(lab_halves((30, 0, 0), (70, 0, 0)))) < 0.1
    rng = np.random.default_rng(0)
    grainy = image_of(np.float64([50, 0, 0]) + rng.normal(0, 6, (32, 32, 1)) * [1, 0, 0])
    grain = np.sqrt(rgb2lab(grainy).reshape(-1, 3).var(axis=0).sum())
    tinted = image_of(rgb2lab(grainy) + lab_halves((0, 12, 0), (0, -12, 0)))
    assert tint(grainy, tinted) == pytest.approx(12 - 2 - grain, abs=1)
