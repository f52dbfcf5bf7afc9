"""The training step compiled with XLA (--xla). benchmarks/xla.py has every generator."""

import pytest

from benchmarks.xla import compare


@pytest.mark.parametrize("name", ("U-Net, dense, pool, average", "HDRNet, enhancement"))
def test_a_compiled_step_has_the_gradients_of_one_that_is_not(name):
    error, *_ = compare(name, 32, bins=8, filters=2)
    assert error < 1e-4
