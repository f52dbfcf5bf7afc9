"""The smoothness of a grid against its formula, written out."""

import numpy as np

from losses import smoothness


def test_smoothness_is_the_mean_of_squared_differences_by_axis(rng):
    grid = rng.normal(size=[2, 4, 4, 3, 3, 4])
    rows, columns, levels = (np.mean(np.diff(grid, axis=axis) ** 2) for axis in (1, 2, 3))
    expected = 5 * (rows + columns) + 2 * levels
    np.testing.assert_allclose(smoothness(np.float32(grid), space=5, guide=2), expected, rtol=1e-5)


def test_a_grid_of_equal_cells_has_none():
    assert smoothness(np.full([1, 4, 4, 3, 3, 4], 7.0, np.float32)) == 0
