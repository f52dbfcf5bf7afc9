"""Products with banded matrices: rows in blocks, and for each block only the columns that it touches."""

import numpy as np
import tensorflow as tf

from histogram_layers.arithmetic import product

# A block, the fastest size on a CPU of those from 32 to 128.
ROWS = 32


class Banded:
    """A matrix ``[R, C]`` of which most entries far from a diagonal are zero.

    Args:
        matrix: the matrix, an array.
        rows: of a block.
    """

    def __init__(self, matrix, rows=ROWS):
        self.rows, self.columns = matrix.shape
        blocks = -(-self.rows // rows)
        padded = np.zeros([blocks * rows, self.columns])
        padded[: self.rows] = matrix
        padded = padded.reshape([blocks, rows, self.columns])
        touched = np.any(padded != 0, axis=1)  # [blocks,C]
        # A block that touches fewer columns than the widest has some more, with zeros.
        count = touched.sum(axis=-1).max()
        self._touched = np.argsort(~touched, axis=-1, kind="stable")[:, :count].astype(np.int32)
        self._values = np.take_along_axis(padded, self._touched[:, None], axis=2).astype(np.float32)  # [blocks,rows,W]

    def __matmul__(self, dense):
        """``[C, N]`` to ``[R', N]``, float32: R rows, and rows of zeros that fill the last block."""
        blocks = product(tf.constant(self._values), tf.gather(dense, self._touched))  # [blocks,rows,N]
        width = dense.shape[1] or tf.shape(dense)[1]
        return tf.reshape(blocks, [-1, width])

    def of_rows(self, vectors):
        """``[p, C]`` to ``[p, R]``, each vector's product. The blocks have one row."""
        return tf.reduce_sum(tf.gather(vectors, self._touched, axis=1) * self._values[:, 0], axis=-1)
