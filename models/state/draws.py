"""Random numbers that are the same with and without XLA."""

import tensorflow as tf


def uniform(shape, key) -> tf.Tensor:
    """Draw float32 numbers in [0, 1), which are multiples of 2^-24. They depend only on the shape and the key.

    TensorFlow and XLA draw the same bits for a key, but their own uniform functions convert them to different numbers.

    Args:
        shape: the shape of the result.
        key: int64 ``[2]``, not negative, because XLA draws other bits for a negative key.
    """
    bits = tf.random.stateless_uniform(shape, key, minval=None, maxval=None, dtype=tf.uint32, alg="philox")
    return tf.cast(tf.bitwise.right_shift(bits, tf.constant(8, tf.uint32)), tf.float32) * 2.0**-24
