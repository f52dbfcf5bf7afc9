"""The loop that all fits share."""

from collections.abc import Callable

import numpy as np

from utils import UserError


def take_steps(step: Callable, count: int, on_step: Callable[[int, float], None] | None = None) -> None:
    """Take the steps of a fit.

    Args:
        step: a function that takes one step and returns the loss before it.
        count: number of steps.
        on_step: a function that is called after each step with the step's number, from 1, and the loss before the
            step. If it raises an exception, the fit ends.

    Raises:
        UserError: if a loss is not finite.
    """
    for number in range(1, count + 1):
        loss = float(step())
        if not np.isfinite(loss):
            raise UserError("the fit of this pair is not finite; give another --seed, or fewer --steps")
        if on_step:
            on_step(number, loss)
