"""Losses of bilateral grids."""

import tensorflow as tf


def smoothness(grid, *, space=1.0, guide=1.0):
    """How much neighboring cells of a grid differ: the mean of their squared differences, weighed by axis.

    ``space (mean |d_i|^2 + mean |d_j|^2) + guide mean |d_k|^2`` for the differences d of cells that are neighbors in
    rows, columns and levels. Without it a grid fits noise, which shows as halos and false tints.

    Args:
        grid: ``[B, h, w, d, out, in + 1]``.
        space, guide: the weights.

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
