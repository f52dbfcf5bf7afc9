"""Entropies and mutual information of joint histograms, in nats: the structure losses.

J is float ``[..., K, K]``, ``J[..., i, j] = P(first in bin i, second in bin j)``; every result is ``[...]``, so
``[B, C]`` of ``[B, C, K, K]``. Empty bins count for nothing (0 log 0 = 0), in the value and in the gradient. Entropies
that may cancel to almost nothing are summed in float64; results have the type of J.
"""

import tensorflow as tf


def joint_entropy(J):
    """``H(X, Y) = -sum J log J``."""
    return _summed_in_float64(_joint_entropy, J)


def mutual_information(J):
    """``I(X; Y) = sum J log(J / (J_X J_Y)) = H(X) + H(Y) - H(X, Y)``, J_X and J_Y the marginals of J."""
    return _summed_in_float64(_mutual_information, J)


def conditional_entropy(J):
    """``H(X | Y) = H(X, Y) - H(Y)``, first given second: the released code's structure loss with X the content.

    It is summed as ``-sum J log(J / J_Y)``, of which nothing cancels.
    """
    return _conditional_entropy(tf.convert_to_tensor(J))


def normalized_mi_distance(J):
    """``1 - I(X; Y) / H(X, Y)``, from 0 to 1, and 0 where H(X, Y) = 0 (Hue-Net, arXiv 1912.06044)."""
    return _summed_in_float64(_normalized_mi_distance, J)


def structure_loss(J, kind="conditional_entropy", channel=None):
    """The structure loss of ``joint_histogram(content, output)``: the smaller, the more structure is shared.

    | kind                     | loss                        | from                                 |
    |--------------------------|-----------------------------|--------------------------------------|
    | `conditional_entropy`    | H(content given the output) | the released code                    |
    | `normalized_mi_distance` | 1 - I/H                     | Hue-Net, arXiv 1912.06044            |
    | `mutual_information`     | -I                          | HueNet, doi 10.1109/TPAMI.2023.3278287 |

    Args:
        J: float ``[B, C, K, K]``.
        kind: a row of the table.
        channel: the number of the one channel that counts, or None for all.

    Returns:
        float ``[B, C]``, or ``[B, 1]`` of one channel.

    Raises:
        ValueError: a kind that the table does not have.
    """
    if kind not in _STRUCTURE_LOSSES:
        raise ValueError(f"kind must be one of {', '.join(_STRUCTURE_LOSSES)}; received {kind!r}")
    return _STRUCTURE_LOSSES[kind](J if channel is None else J[:, channel : channel + 1])


_STRUCTURE_LOSSES = {
    "conditional_entropy": conditional_entropy,
    "normalized_mi_distance": normalized_mi_distance,
    "mutual_information": lambda J: -mutual_information(J),
}


@tf.custom_gradient
def _conditional_entropy(J):
    def conditional():
        return tf.math.divide_no_nan(J, tf.reduce_sum(J, axis=-2, keepdims=True))

    def gradient(upstream):
        share = conditional()
        return -upstream[..., None, None] * tf.math.xlogy(tf.sign(share), share)

    return -tf.reduce_sum(tf.math.xlogy(J, conditional()), axis=(-2, -1)), gradient


def _summed_in_float64(function, J):
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
