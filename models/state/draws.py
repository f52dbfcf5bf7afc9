"""Random numbers that are the same with XLA as without."""

import tensorflow as tf


def uniform(shape, key) -> tf.Tensor:
    """Numbers from 0 to below 1, multiples of 2^-24: float32, a function of the key alone.

    TensorFlow and XLA draw the same bits for a key, but make different fractions of them.

    Args:
        shape: shape of the result.
        key: int64 ``[2]``, not negative: for a negative key, XLA draws other bits.
    """
    bits = tf.random.stateless_uniform(shape, key, minval=None, maxval=None, dtype=tf.uint32, alg="philox")
    return tf.cast(tf.bitwise.right_shift(bits, tf.constant(8, tf.uint32)), tf.float32) * 2.0**-24
