"""The training step compiled with XLA (--xla). `python -m benchmarks.xla` has every generator, which takes minutes."""

import pytest

from benchmarks.xla import compare


@pytest.mark.long
@pytest.mark.parametrize("case", ["U-Net, colorization", "HDRNet, enhancement"])
def test_a_compiled_step_has_the_gradients_of_one_that_is_not(case):
    error, *_ = compare(case, 32, bins=8, filters=2)
    assert error < 1e-4
