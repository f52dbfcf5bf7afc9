"""Entropies and mutual information of joint histograms, in nats.

J is float ``[..., K, K]`` with ``J[..., i, j] = P(first in bin i, second in bin j)``, for example the ``[B, C, K, K]``
that `joint_histogram` returns. Results are ``[...]``, for example ``[B, C]``, in the dtype of J. Empty bins contribute
nothing to the value (0 log 0 = 0) or to the gradient. Sums whose terms can nearly cancel are computed in float64.
"""

import tensorflow as tf
from numpy.typing import ArrayLike


def joint_entropy(J: ArrayLike) -> tf.Tensor:
    """Compute ``H(X, Y) = -sum J log J``."""
    return _in_float64(_joint_entropy, J)


def mutual_information(J: ArrayLike) -> tf.Tensor:
    """Compute ``I(X; Y) = sum J log(J / (J_X J_Y)) = H(X) + H(Y) - H(X, Y)``. J_X and J_Y are the marginals of J."""
    return _in_float64(_mutual_information, J)


def conditional_entropy(J: ArrayLike) -> tf.Tensor:
    """Compute ``H(X | Y) = H(X, Y) - H(Y)``, the entropy of the first image given the second.

    The function uses the form ``-sum J log(J / J_Y)``, whose terms cannot cancel.
    """
    return _conditional_entropy(tf.convert_to_tensor(J))


def normalized_mi_distance(J: ArrayLike) -> tf.Tensor:
    """Compute ``1 - I(X; Y) / H(X, Y)``, from 0 to 1; 0 if H(X, Y) = 0 (Hue-Net, arXiv 1912.06044)."""
    return _in_float64(_normalized_mi_distance, J)


@tf.custom_gradient
def _conditional_entropy(J):
    def conditional():
        return tf.math.divide_no_nan(J, tf.reduce_sum(J, axis=-2, keepdims=True))

    def gradient(upstream):
        share = conditional()
        return -upstream[..., None, None] * tf.math.xlogy(tf.sign(share), share)

    return -tf.reduce_sum(tf.math.xlogy(J, conditional()), axis=(-2, -1)), gradient


def _in_float64(function, J):
    J = tf.convert_to_tensor(J)
    return tf.cast(function(tf.cast(J, tf.float64)), J.dtype)


def _mutual_information(J):
    return _first_entropy(J) + _second_entropy(J) - _joint_entropy(J)


def _normalized_mi_distance(J):
    entropy = _joint_entropy(J)
    positive = entropy > 0
    ratio = _mutual_information(J) / tf.where(positive, entropy, 1.0)
    return tf.where(positive, 1.0 - ratio, 0.0)


def _joint_entropy(J):
    return _entropy(J, axis=(-2, -1))


def _first_entropy(J):
    return _entropy(tf.reduce_sum(J, axis=-1), axis=-1)


def _second_entropy(J):
    return _entropy(tf.reduce_sum(J, axis=-2), axis=-1)


def _entropy(p, axis):
    return -tf.reduce_sum(tf.math.xlogy(p, p), axis=axis)
