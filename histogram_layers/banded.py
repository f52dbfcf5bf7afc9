"""Products with banded matrices: rows in blocks, and of each block only the columns with entries that are not zero."""

import numpy as np
import tensorflow as tf

from histogram_layers.arithmetic import product

# Rows of a block: the fastest on a CPU from 32 to 128.
ROWS = 32


class Banded:
    """A matrix ``[R, C]`` of which most entries far from a diagonal are zero.

    Args:
        matrix: the matrix, an array.
        rows: the rows of a block.
    """

    def __init__(self, matrix, rows=ROWS):
        self.rows, self.columns = matrix.shape
        blocks = -(-self.rows // rows)
        padded = np.zeros([blocks * rows, self.columns])
        padded[: self.rows] = matrix
        padded = padded.reshape([blocks, rows, self.columns])
        touched = np.any(padded != 0, axis=1)  # [blocks,C]
        # All blocks have as many columns as the widest: others have some of zeros.
        count = touched.sum(axis=-1).max()
        self._touched = np.argsort(~touched, axis=-1, kind="stable")[:, :count]
        self._values = np.take_along_axis(padded, self._touched[:, None], axis=2).astype(np.float32)  # [blocks,rows,W]

    def __matmul__(self, dense):
        """``[C, N]`` to ``[R', N]``, float32: R rows, and rows of zeros that fill the last block."""
        blocks = product(tf.constant(self._values), tf.gather(dense, self._touched))  # [blocks,rows,N]
        width = dense.shape[1] or tf.shape(dense)[1]
        return tf.reshape(blocks, [-1, width])

    def times_vectors(self, vectors):
        """The matrix times each vector: ``[p, C]`` to ``[p, R]``. Its blocks must have one row."""
        return tf.reduce_sum(tf.gather(vectors, self._touched, axis=1) * self._values[:, 0], axis=-1)
