"""Losses of bilateral grids."""

import numpy as np
import tensorflow as tf


def smoothness(grid: tf.Tensor | np.ndarray, *, space: float = 1.0, guide: float = 1.0) -> tf.Tensor:
    """Compute ``space * (mean d_i^2 + mean d_j^2) + guide * mean d_k^2``, a penalty on differences of adjacent cells.

    d_i, d_j and d_k are the differences between neighboring rows, columns and levels. Without this term, a grid fits
    noise, which causes halos and false tints.

    Args:
        grid: float ``[B, h, w, d, out, in + 1]``.
        space: weight of the differences between rows and between columns.
        guide: weight of the differences between levels.

    Returns:
        A scalar.
    """
    rows, columns, levels = (
        tf.reduce_mean(tf.square(after - before))
        for after, before in (
            (grid[:, 1:], grid[:, :-1]),
            (grid[:, :, 1:], grid[:, :, :-1]),
            (grid[:, :, :, 1:], grid[:, :, :, :-1]),
        )
    )
    return space * (rows + columns) + guide * levels
