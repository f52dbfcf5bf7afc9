"""Products with banded matrices: rows in blocks, and for each block only the columns that it touches."""

import numpy as np
import tensorflow as tf

# A block, the fastest size on a CPU of those from 32 to 128.
ROWS = 32


class Banded:
    """Matrices ``[..., R, C]`` that share a band: most entries far from it are zero.

    Attributes:
        values: ``[..., blocks, ROWS, W]``, the entries at ``columns``; a row that is not there is zero.
        columns: int32 ``[blocks, W]``. A block that touches fewer than W columns has some more, with zeros.
    """

    def __init__(self, matrices):
        *stack, self.rows, width = matrices.shape
        blocks = -(-self.rows // ROWS)
        padded = np.zeros([*stack, blocks * ROWS, width])
        padded[..., : self.rows, :] = matrices
        padded = np.moveaxis(padded.reshape([*stack, blocks, ROWS, width]), -3, 0)  # [blocks,...,ROWS,C]
        touched = np.any(padded != 0, axis=tuple(range(1, padded.ndim - 1)))  # [blocks,C]
        count = touched.sum(axis=-1).max()
        self.columns = np.argsort(~touched, axis=-1, kind="stable")[:, :count].astype(np.int32)
        self.values = np.stack([block[..., columns] for block, columns in zip(padded, self.columns, strict=True)], -3)

    def matmul(self, values, dense):
        """``matrix @ dense``: ``values[...]`` of one matrix, ``[blocks, ROWS, W]``, and ``[C, N]``, to ``[R, N]``."""
        product = tf.matmul(values, tf.gather(dense, self.columns))  # [blocks,ROWS,N]
        return tf.reshape(product, [-1, product.shape[-1]])[: self.rows]
