"""Products with banded matrices. Each block of rows stores only the columns in which it has nonzero entries."""

import numpy as np
import tensorflow as tf

from histogram_layers.fast.arithmetic import product

# Rows per block. On a CPU, 32 to 128 are fastest.
ROWS = 32


class Banded:
    """A matrix whose entries are zero except near a diagonal.

    Args:
        matrix: array ``[R, C]``.
        rows: number of rows per block.
    """

    def __init__(self, matrix, rows=ROWS):
        self.rows, self.columns = matrix.shape
        blocks = -(-self.rows // rows)
        padded = np.zeros([blocks * rows, self.columns])
        padded[: self.rows] = matrix
        padded = padded.reshape([blocks, rows, self.columns])
        touched = np.any(padded != 0, axis=1)  # [blocks,C]
        # Every block gets the number of columns of the widest block. The extra columns are zero.
        count = touched.sum(axis=-1).max()
        self._touched = np.argsort(~touched, axis=-1, kind="stable")[:, :count]
        self._values = np.take_along_axis(padded, self._touched[:, None], axis=2).astype(np.float32)  # [blocks,rows,W]

    def __matmul__(self, dense):
        """Return ``matrix @ dense [C, N]``: float32 ``[R', N]``, R rows and then zeros that fill the last block."""
        blocks = product(tf.constant(self._values), tf.gather(dense, self._touched))  # [blocks,rows,N]
        width = dense.shape[1] or tf.shape(dense)[1]
        return tf.reshape(blocks, [-1, width])

    def times_vectors(self, vectors) -> tf.Tensor:
        """Multiply the matrix by each vector: ``[p, C]`` to ``[p, R]``. Blocks must have one row."""
        return tf.reduce_sum(tf.gather(vectors, self._touched, axis=1) * self._values[:, 0], axis=-1)
