"""Keras losses of histograms: the functions of `distances` and `information`, averaged over channels.

`EarthMoversDistance` and `CyclicEarthMoversDistance` compare the output of a `SoftHistogram` layer with a target
histogram. The other losses measure the output of a `JointHistogram` layer. They need no target and ignore ``y_true``,
but Keras requires one: give it any array with one entry per image, for example the images.
"""

import tensorflow as tf
from tensorflow import keras

from histogram_layers.distances import cyclic_earth_movers_distance, earth_movers_distance
from histogram_layers.information import conditional_entropy, mutual_information, normalized_mi_distance


@keras.utils.register_keras_serializable(package="huenet")
class EarthMoversDistance(keras.losses.Loss):
    """`earth_movers_distance` as a Keras loss. Each image has one value, the mean over channels.

    Args:
        order: 2, or 1 for the Wasserstein distance as a fraction of the value range.
        name: name of the loss.
        **kwargs: arguments of `keras.losses.Loss`.

    Call it with histograms ``y_true [B, C, K]`` and ``y_pred [B, C, K]``, each channel summing to 1.

    Example:
        >>> source = keras.Input((None, None, 3))
        >>> model = keras.Model(source, SoftHistogram()(generator(source)))
        >>> model.compile("adam", EarthMoversDistance())
        >>> model.fit(images, soft_histogram(references))
    """

    distance = staticmethod(earth_movers_distance)

    def __init__(self, order: int = 2, name: str = "earth_movers_distance", **kwargs):
        super().__init__(name=name, **kwargs)
        self.order = order

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(self.distance(y_true, y_pred, self.order), axis=-1)

    def get_config(self) -> dict:
        return {**super().get_config(), "order": self.order}


@keras.utils.register_keras_serializable(package="huenet")
class CyclicEarthMoversDistance(EarthMoversDistance):
    """`cyclic_earth_movers_distance` as a Keras loss, for hue. It is used in the same way as `EarthMoversDistance`."""

    distance = staticmethod(cyclic_earth_movers_distance)

    def __init__(self, order: int = 2, name: str = "cyclic_earth_movers_distance", **kwargs):
        super().__init__(order=order, name=name, **kwargs)


@keras.utils.register_keras_serializable(package="huenet")
class ConditionalEntropy(keras.losses.Loss):
    """`conditional_entropy` H(first | second) as a Keras loss. It is low if the second image predicts the first well.

    Call it with any ``y_true``, which is ignored, and the joint histogram ``y_pred [B, C, K, K]``. Each image has one
    value, the mean over channels.

    Example:
        >>> image = generator(source)
        >>> model = keras.Model(source, JointHistogram()([source, image]))
        >>> model.compile("adam", ConditionalEntropy())
        >>> model.fit(images, images)
    """

    def __init__(self, name: str = "conditional_entropy", **kwargs):
        super().__init__(name=name, **kwargs)

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(conditional_entropy(y_pred), axis=-1)


@keras.utils.register_keras_serializable(package="huenet")
class MutualInformation(keras.losses.Loss):
    """``-mutual_information`` as a Keras loss, so that training raises the mutual information.

    Call it in the same way as `ConditionalEntropy`.
    """

    def __init__(self, name: str = "mutual_information", **kwargs):
        super().__init__(name=name, **kwargs)

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return -tf.reduce_mean(mutual_information(y_pred), axis=-1)


@keras.utils.register_keras_serializable(package="huenet")
class NormalizedMIDistance(keras.losses.Loss):
    """`normalized_mi_distance` 1 - I/H as a Keras loss, from 0 to 1.

    Call it in the same way as `ConditionalEntropy`.
    """

    def __init__(self, name: str = "normalized_mi_distance", **kwargs):
        super().__init__(name=name, **kwargs)

    def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(normalized_mi_distance(y_pred), axis=-1)
