"""Earth Mover's Distance (EMD) between histograms, on a line and on a circle."""

import numpy as np
import tensorflow as tf


def earth_movers_distance(h1: tf.Tensor | np.ndarray, h2: tf.Tensor | np.ndarray, order: int = 2) -> tf.Tensor:
    """Compute the EMD in Mallows' form, ``(1/K)^(1/l) ||CDF(h1) - CDF(h2)||_l``.

    With l = 2 this is HueNet's color loss. With l = 1 it is the Wasserstein distance W1 on a line, as a fraction of the
    value range.

    Args:
        h1, h2: float ``[..., K]``, each summing to 1.
        order: the order of the norm (l above), either 1 or 2.

    Returns:
        float ``[...]`` in [0, 1]: ``[B, C]`` for histograms ``[B, C, K]``. The gradient is 0 where h1 equals h2.

    Raises:
        ValueError: order is not 1 or 2.

    Example:
        >>> float(earth_movers_distance(np.eye(4)[0], np.eye(4)[2], order=1))  # two bins of four
        0.5
    """
    return _mean_norm(tf.cumsum(h2 - h1, axis=-1), order)


def cyclic_earth_movers_distance(h1: tf.Tensor | np.ndarray, h2: tf.Tensor | np.ndarray, order: int = 2) -> tf.Tensor:
    """Compute `earth_movers_distance` on a circle, for hue.

    With D = CDF(h1) - CDF(h2), it is the smallest norm of ``D - c`` over all constants c. For l = 2, the best c is the
    mean of D. For l = 1, it is the median (Werman et al. 1985), and the distance is W1 on a circle of circumference 1.

    Args:
        h1, h2: float ``[..., K]``, each summing to 1.
        order: the order of the norm (l above), either 1 or 2.

    Returns:
        float ``[...]`` in [0, 1/2]. The gradient is 0 where h1 equals h2.

    Raises:
        ValueError: order is not 1 or 2.
    """
    difference = tf.cumsum(h1 - h2, axis=-1)
    if order == 1:
        middle = difference.shape[-1] // 2
        # At the minimum, the derivative with respect to c is zero, so no gradient needs to pass through the sort.
        shift = tf.stop_gradient(tf.sort(difference, axis=-1)[..., middle : middle + 1])
    else:
        shift = tf.reduce_mean(difference, axis=-1, keepdims=True)
    return _mean_norm(difference - shift, order)


def _mean_norm(difference, order):
    if order == 1:
        return tf.reduce_mean(tf.abs(difference), axis=-1)
    if order != 2:
        raise ValueError(f"order must be 1 or 2; received {order!r}")
    return _root_mean_square(difference)


@tf.custom_gradient
def _root_mean_square(values):
    """Compute the root mean square over the last axis. Its gradient at 0 is 0."""

    def gradient(upstream):
        count = tf.cast(tf.shape(values)[-1], values.dtype)
        slope = tf.math.divide_no_nan(upstream / count, _root_mean_square(values))
        return tf.expand_dims(slope, -1) * values

    return tf.sqrt(tf.reduce_mean(tf.square(values), axis=-1)), gradient
