"""The penalties on a color map, against NumPy and against maps whose answer is known."""

import numpy as np
import pytest
import tensorflow as tf

from models.transfer.penalties import LEAST_RISE, disorder, roughness
from utils.colors import identity_lut

IDENTITY = np.eye(3, 4, dtype=np.float32)
NONE = np.zeros([5, 5, 5, 3], np.float32)


def test_a_linear_lattice_is_smooth_and_a_bent_one_is_not():
    colors = identity_lut(5)
    assert float(roughness(0.3 * colors[..., ::-1])) < 1e-9
    # The second difference of x^2 is 2 h^2 with h = 1/4; it is there along one axis, in one channel of three.
    bent = np.stack([colors[..., 0] ** 2, NONE[..., 0], NONE[..., 0]], axis=-1)
    assert float(roughness(tf.constant(bent))) == pytest.approx(25 * (2 / 16) ** 2 / 3, rel=1e-5)


def test_a_map_that_keeps_the_order_of_intensity_costs_nothing():
    for affine in (IDENTITY, 0.7 * IDENTITY + np.float32([[0, 0, 0, 0.2]])):
        assert float(disorder(affine, NONE)) == 0
    assert float(disorder(IDENTITY, 0.5 * identity_lut(5))) == 0  # contrast


def test_blue_that_darkens_is_penalized_whichever_part_of_the_map_darkens_it():
    affine, lattice = IDENTITY.copy(), np.zeros_like(NONE)
    affine[2, 2] = -1
    lattice[..., 2] = -2 * identity_lut(5)[..., 2]
    expected = (LEAST_RISE + 1) ** 2 / 3
    assert float(disorder(affine, NONE)) == pytest.approx(expected, rel=1e-5)
    assert float(disorder(IDENTITY, lattice)) == pytest.approx(expected, rel=1e-5)


def test_it_is_the_sum_of_squares_of_the_differences_of_a_table(rng):
    affine, lattice = np.float32(rng.normal(0, 0.5, (3, 4))), np.float32(rng.normal(0, 0.2, (5, 5, 5, 3)))
    intensity = (identity_lut(5) @ affine[:, :3].T + lattice).sum(-1)
    falls = [np.maximum(LEAST_RISE - 4 * np.diff(intensity, axis=axis), 0) for axis in range(3)]
    assert float(disorder(affine, lattice)) == pytest.approx(np.mean([np.mean(fall**2) for fall in falls]), rel=1e-4)
