"""Building blocks of the networks, as released: those of TensorFlow's pix2pix tutorial, with bilinear upsampling."""

import tensorflow as tf
from tensorflow import keras

from models.state import StepCounter, uniform

INITIAL_WEIGHTS = {"mean": 0.0, "stddev": 0.02}
# With small initial weights the variances are 1e-4 and less, but their moving averages start at 1. Keras's default
# momentum of 0.99 takes 900 steps to forget that, and until then images made with moving statistics are wrong.
# pix2pix's 0.9 takes 90.
BATCH_NORM_MOMENTUM = 0.9


def size_pair(image_size) -> tuple[int, int]:
    """``(H, W)`` of one number or of two."""
    return (image_size, image_size) if isinstance(image_size, int) else tuple(image_size)


def initializer() -> keras.initializers.Initializer:
    """Initial weights N(0, 0.02). A new object each time, because Keras warns where one is used twice."""
    return keras.initializers.RandomNormal(**INITIAL_WEIGHTS)


def batch_norm(name) -> keras.layers.Layer:
    """Batch normalization whose moving statistics catch up in short runs."""
    # Not synchronized, Keras 2 keeps the unbiased variance: at a 1x1 bottleneck and batch 4, 4/3 of the one in use.
    return keras.layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM, synchronized=True, name=name)


def downsample(x, filters, name, normalize=True) -> tf.Tensor:
    """4x4 convolution of stride 2, batch norm, LeakyReLU of slope 0.3 (Keras's default).

    ``[B, H, W, C]`` to ``[B, H/2, W/2, filters]``.
    """
    x = keras.layers.Conv2D(
        filters, 4, strides=2, padding="same", use_bias=False, kernel_initializer=initializer(), name=f"{name}_conv"
    )(x)
    if normalize:
        x = batch_norm(f"{name}_norm")(x)
    return keras.layers.LeakyReLU(name=f"{name}_relu")(x)


def upsample(x, filters, name, dropout=None) -> tf.Tensor:
    """Bilinear x2, reflect-pad 1, 3x3 convolution, batch norm, dropout, ReLU: ``[B, 2 H, 2 W, filters]``.

    ``dropout`` is the number of its dropout layer, or None for none.
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
    """Pads by ``width`` pixels w, mirrored without the border: ``[B, H, W, C]`` to ``[B, H+2w, W+2w, C]``."""

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
    """Dropout whose mask is a pure function of (seed, step, number), so that a resumed run draws the same ones.

    Args:
        rate: the fraction of values that is set to 0; the others are divided by 1 - rate.
        number: distinguishes this layer from a model's other dropout layers.

    `HueNet` sets its ``step_counter`` to the model's. Alone, the layer stays at step 0.
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
    """Uniform numbers: under a strategy, each replica's part of the draw for the whole batch."""
    replica = tf.distribute.get_replica_context()
    if replica is None:  # a callback's call, outside of the replicas
        return uniform(shape, key)
    whole = tf.concat([shape[:1] * replica.num_replicas_in_sync, shape[1:]], axis=0)
    first = tf.cast(replica.replica_id_in_sync_group, tf.int32) * shape[0]
    return uniform(whole, key)[first : first + shape[0]]
