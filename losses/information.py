"""Entropies and mutual information of joint histograms, in nats: the structure losses.

J is float ``[..., K, K]``, ``J[..., i, j] = P(first in bin i, second in bin j)``; every result is ``[...]``, so
``[B, C]`` of ``[B, C, K, K]``. Empty bins count for nothing (0 log 0 = 0), in the value and in the gradient.
"""

import tensorflow as tf


def joint_entropy(J):
    """``H(X, Y) = -sum J log J``."""
    return _entropy(J, axis=(-2, -1))


def mutual_information(J):
    """``I(X; Y) = sum J log(J / (J_X J_Y)) = H(X) + H(Y) - H(X, Y)``, J_X and J_Y the marginals of J."""
    return _first_entropy(J) + _second_entropy(J) - joint_entropy(J)


def conditional_entropy(J):
    """``H(X | Y) = H(X, Y) - H(Y)``, first given second: the released code's structure loss with X the content."""
    return joint_entropy(J) - _second_entropy(J)


def normalized_mi_distance(J):
    """``1 - I(X; Y) / H(X, Y)``, from 0 to 1, and 0 where H(X, Y) = 0 (Hue-Net, arXiv 1912.06044)."""
    entropy = joint_entropy(J)
    positive = entropy > 0
    ratio = mutual_information(J) / tf.where(positive, entropy, 1.0)
    return tf.where(positive, 1.0 - ratio, 0.0)


def _entropy(p, axis):
    return -tf.reduce_sum(tf.math.xlogy(p, p), axis=axis)


def _first_entropy(J):
    return _entropy(tf.reduce_sum(J, axis=-1), axis=-1)


def _second_entropy(J):
    return _entropy(tf.reduce_sum(J, axis=-2), axis=-1)
