"""Maps of colors, against scipy's interpolation and their formula."""

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from models import ColorMap
from models.transfer import color_map as module
from utils.colors import identity_lut

IDENTITY = np.eye(3, 4)


@pytest.fixture
def some_map(rng):
    return ColorMap(identity_lut(5) + rng.normal(0, 0.1, (5, 5, 5, 3)))


def by_scipy(table, colors):
    return RegularGridInterpolator([np.linspace(0, 1, len(table))] * 3, table)(colors)


def test_an_affine_map_and_a_lattice_are_their_formula(rng):
    affine, lattice = IDENTITY + rng.normal(0, 0.2, (3, 4)), rng.normal(0, 0.1, (5, 5, 5, 3))
    colors = np.concatenate([rng.random((500, 3)), identity_lut(2).reshape(-1, 3)])
    expected = colors @ affine[:, :3].T + affine[:, 3] + by_scipy(lattice, colors)
    np.testing.assert_allclose(ColorMap.from_lattice(affine, lattice).apply(colors), expected, atol=2e-6)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_identity_leaves_every_level_as_it_is(dtype, rng):
    image = rng.integers(0, np.iinfo(dtype).max + 1, (64, 50, 3), dtype)
    output = ColorMap.from_lattice(IDENTITY, np.zeros((9, 9, 9, 3))).translate(image)
    assert output.dtype == dtype and np.array_equal(output, image)


def test_translation_is_the_map_rounded_and_clipped_strip_by_strip(some_map, rng, monkeypatch):
    monkeypatch.setattr(module, "STRIP", 100)
    image = rng.integers(0, 256, (31, 17, 3), np.uint8)
    expected = 255 * np.clip(by_scipy(some_map.table, image.reshape(-1, 3) / 255), 0, 1).reshape(image.shape)
    assert np.abs(some_map.translate(image) - expected).max() < 0.501


def test_strength_goes_from_the_image_past_the_map(some_map, rng):
    colors = rng.random((40, 3))
    full = some_map.apply(colors)
    for strength in (0.0, 0.5, 2.0):
        np.testing.assert_allclose(some_map.apply(colors, strength), colors + strength * (full - colors), atol=1e-5)


def test_a_sample_is_the_table_of_the_map(some_map):
    table = some_map.sample(17)
    assert table.shape == (17, 17, 17, 3)
    np.testing.assert_allclose(table[3, 8, 16], some_map.apply([[3 / 16, 8 / 16, 1.0]])[0], atol=1e-6)
