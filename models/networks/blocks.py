"""The released networks' building blocks. They follow TensorFlow's pix2pix tutorial, but upsample bilinearly."""

import tensorflow as tf
from tensorflow import keras

from models.state import StepCounter, uniform

INITIAL_WEIGHTS = {"mean": 0.0, "stddev": 0.02}
# With small initial weights the variances are 1e-4 and less, but their moving averages start at 1. Keras's default
# momentum of 0.99 takes 900 steps to forget this start. Until then, images made with moving statistics are wrong.
# pix2pix's momentum of 0.9 takes 90 steps.
BATCH_NORM_MOMENTUM = 0.9


def size_pair(image_size) -> tuple[int, int]:
    """Return ``(H, W)`` of an image size, given as one number or as a pair."""
    return (image_size, image_size) if isinstance(image_size, int) else tuple(image_size)


def initializer() -> keras.initializers.Initializer:
    """Return a new initializer N(0, 0.02). Keras warns if one initializer is used twice."""
    return keras.initializers.RandomNormal(**INITIAL_WEIGHTS)


def batch_norm(name) -> keras.layers.Layer:
    """Return batch normalization with a low momentum, so that its moving statistics are usable after short runs."""
    # If not synchronized, Keras 2 stores the unbiased variance. For a 1x1 map and batch 4, that is 4/3 of the used one.
    return keras.layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM, synchronized=True, name=name)


def downsample(x, filters, name, normalize=True) -> tf.Tensor:
    """Apply a 4x4 convolution of stride 2, batch norm and LeakyReLU with slope 0.3 (Keras's default).

    It maps ``[B, H, W, C]`` to ``[B, H/2, W/2, filters]``.
    """
    x = keras.layers.Conv2D(
        filters, 4, strides=2, padding="same", use_bias=False, kernel_initializer=initializer(), name=f"{name}_conv"
    )(x)
    if normalize:
        x = batch_norm(f"{name}_norm")(x)
    return keras.layers.LeakyReLU(name=f"{name}_relu")(x)


def upsample(x, filters, name, dropout=None) -> tf.Tensor:
    """Double the size bilinearly, then apply a 3x3 convolution, batch norm, dropout and ReLU.

    It maps ``[B, H, W, C]`` to ``[B, 2 H, 2 W, filters]``, with reflection padding. ``dropout`` is the ``number`` of
    the `StatelessDropout` layer, or None for no dropout.
    """
    x = keras.layers.UpSampling2D(interpolation="bilinear", name=f"{name}_double")(x)
    x = ReflectionPadding(name=f"{name}_pad")(x)
    x = keras.layers.Conv2D(filters, 3, kernel_initializer=initializer(), name=f"{name}_conv")(x)
    x = batch_norm(f"{name}_norm")(x)
    if dropout is not None:
        x = StatelessDropout(0.5, number=dropout, name=f"{name}_dropout")(x)
    return keras.layers.ReLU(name=f"{name}_relu")(x)


@keras.utils.register_keras_serializable(package="huenet")
class ReflectionPadding(keras.layers.Layer):
    """Reflection padding by w = ``width`` pixels: ``[B, H, W, C]`` to ``[B, H+2w, W+2w, C]``."""

    def __init__(self, width=1, **kwargs):
        super().__init__(**kwargs)
        self.width = width

    def call(self, images) -> tf.Tensor:
        sides = [self.width, self.width]
        return tf.pad(images, [[0, 0], sides, sides, [0, 0]], mode="REFLECT")

    def get_config(self) -> dict:
        return {**super().get_config(), "width": self.width}


@keras.utils.register_keras_serializable(package="huenet")
class StatelessDropout(keras.layers.Layer):
    """Dropout whose mask depends only on seed, step and ``number``, so that a resumed run draws the same masks.

    Args:
        rate: the fraction of values to set to 0. The other values are divided by 1 - rate.
        number: a number that no other dropout layer of the model has.

    `HueNet` replaces the layer's ``step_counter`` with its own. In other models the layer stays at step 0.
    """

    def __init__(self, rate, number, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.number = number
        self.step_counter = StepCounter()

    def call(self, inputs, training=False) -> tf.Tensor:
        if not training:
            return inputs
        draw = _draw_of_replica(tf.shape(inputs), self.step_counter.key(self.number))
        return tf.where(draw >= self.rate, inputs / (1.0 - self.rate), tf.zeros_like(inputs))

    def get_config(self) -> dict:
        return {**super().get_config(), "rate": self.rate, "number": self.number}


def _draw_of_replica(shape, key):
    """Draw uniform numbers. Under a strategy, each replica takes its part of the draw for the whole batch."""
    replica = tf.distribute.get_replica_context()
    if replica is None:  # called by a callback, outside of the replicas
        return uniform(shape, key)
    whole = tf.concat([shape[:1] * replica.num_replicas_in_sync, shape[1:]], axis=0)
    first = tf.cast(replica.replica_id_in_sync_group, tf.int32) * shape[0]
    return uniform(whole, key)[first : first + shape[0]]
