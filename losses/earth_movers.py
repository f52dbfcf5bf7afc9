"""Earth Mover's Distance of histograms, on a line and on a circle: the color loss."""

import tensorflow as tf
from tensorflow import keras


def earth_movers_distance(h1, h2, order=2):
    """``(1/K)^(1/l) ||CDF(h1) - CDF(h2)||_l`` (Mallows form; HueNet's color loss with l = 2).

    With l = 1 it is the Wasserstein distance W1 on a line, in units of the whole range.

    Args:
        h1, h2: float ``[..., K]``, each summing to 1.
        order: l, 1 or 2.

    Returns:
        float ``[...]`` in [0, 1]; for histograms ``[B, C, K]``, ``[B, C]``. Its gradient is 0 where h1 equals h2.

    Raises:
        ValueError: another order.
    """
    return _mean_norm(tf.cumsum(h2 - h1, axis=-1), order)


def cyclic_earth_movers_distance(h1, h2, order=2):
    """`earth_movers_distance` on a circle: the least norm of ``D - c`` over c, D the CDFs' difference.

    c is the median of D for l = 1 (Werman et al. 1985; then it is W1 on a circle of circumference 1), its mean for
    l = 2. Arguments, result and errors as there.
    """
    difference = tf.cumsum(h1 - h2, axis=-1)
    if order == 1:
        middle = h1.shape[-1] // 2
        # At the least, the derivative by c is zero: nothing flows through the sort.
        shift = tf.stop_gradient(tf.sort(difference, axis=-1)[..., middle : middle + 1])
    else:
        shift = tf.reduce_mean(difference, axis=-1, keepdims=True)
    return _mean_norm(difference - shift, order)


def color_distance(h1, h2, order=2, boundary="reflect"):
    """`cyclic_earth_movers_distance` of the channels whose boundary is cyclic, `earth_movers_distance` of the others.

    Args:
        h1, h2: float ``[B, C, K]``, each summing to 1 a channel.
        order: l, 1 or 2.
        boundary: the histograms' boundary rule, or a sequence of them, one a channel.

    Returns:
        float ``[B, C]``.
    """
    channels = h1.shape[1]
    rules = [boundary] * channels if isinstance(boundary, str) else boundary
    if len(rules) != channels:
        raise ValueError(f"boundary must be one rule or {channels}, one a channel; received {boundary!r}")
    if "cyclic" not in rules:  # all channels at once
        return earth_movers_distance(h1, h2, order)
    distances = [
        (cyclic_earth_movers_distance if rule == "cyclic" else earth_movers_distance)(
            h1[:, channel], h2[:, channel], order
        )
        for channel, rule in enumerate(rules)
    ]
    return tf.stack(distances, axis=-1)


def _mean_norm(difference, order):
    if order == 1:
        return tf.reduce_mean(tf.abs(difference), axis=-1)
    if order != 2:
        raise ValueError(f"order must be 1 or 2; received {order!r}")
    return _root_mean_square(difference)


@tf.custom_gradient
def _root_mean_square(values):
    """Over the last axis; its gradient at 0 is 0."""

    def gradient(upstream):
        count = tf.cast(tf.shape(values)[-1], values.dtype)
        slope = tf.math.divide_no_nan(upstream / count, _root_mean_square(values))
        return tf.expand_dims(slope, -1) * values

    return tf.sqrt(tf.reduce_mean(tf.square(values), axis=-1)), gradient


@keras.utils.register_keras_serializable(package="huenet")
class EarthMoversDistance(keras.losses.Loss):
    """`earth_movers_distance` as a Keras loss of histograms ``[B, C, K]``: its mean over channels and images."""

    distance = staticmethod(earth_movers_distance)

    def __init__(self, order=2, name="earth_movers_distance", **kwargs):
        super().__init__(name=name, **kwargs)
        self.order = order

    def call(self, y_true, y_pred):
        return tf.reduce_mean(self.distance(y_true, y_pred, self.order), axis=-1)

    def get_config(self):
        return {**super().get_config(), "order": self.order}


@keras.utils.register_keras_serializable(package="huenet")
class CyclicEarthMoversDistance(EarthMoversDistance):
    """`cyclic_earth_movers_distance` as a Keras loss."""

    distance = staticmethod(cyclic_earth_movers_distance)

    def __init__(self, order=2, name="cyclic_earth_movers_distance", **kwargs):
        super().__init__(order=order, name=name, **kwargs)
