"""How a reference histogram becomes a code ``[B, N]`` that a network can take in beside its pictures."""

import tensorflow as tf
from tensorflow import keras

ENCODERS = ("embedding", "dense")


def encode(histogram, encoder, size, pixels, name="reference"):
    """The code of a reference histogram.

    Args:
        histogram: symbolic ``[B, C, K]``, summing to 1 a channel.
        encoder: ``"embedding"``, as released: the counts of ``pixels`` pixels, each through its channel's embedding
            to one number, and a dense layer; it takes hard histograms, of counts. ``"dense"``: the histogram
            itself through two dense layers, so that similar colours give similar codes.
        size: N.
        pixels: H W of the pictures that the network is trained on.

    Raises:
        ValueError: another encoder.
    """
    if encoder == "embedding":
        x = CountEmbedding(pixels, name=f"{name}_embedding")(histogram)
    elif encoder == "dense":
        bins = histogram.shape[-1]
        x = keras.layers.Rescaling(float(bins), name=f"{name}_scale")(histogram)  # flat colours are 1
        x = keras.layers.Flatten(name=f"{name}_flatten")(x)
        x = keras.layers.Dense(size, activation="relu", name=f"{name}_dense_0")(x)
    else:
        raise ValueError(f"encoder must be one of {ENCODERS} or None; received {encoder!r}")
    return keras.layers.Dense(size, activation="relu", name=f"{name}_dense")(x)


def spread(code, height, width, name="reference"):
    """A code ``[B, N]`` at every place of a map: ``[B, height, width, N]``."""
    x = keras.layers.RepeatVector(height * width, name=f"{name}_repeat")(code)
    return keras.layers.Reshape((height, width, code.shape[-1]), name=f"{name}_spread")(x)


@keras.utils.register_keras_serializable(package="huenet")
class CountEmbedding(keras.layers.Layer):
    """A histogram as counts of ``pixels`` pixels, each looked up in its channel's table of pixels + 1 numbers.

    ``[B, C, K]`` to ``[B, C K]``; the counts are ``round(histogram * pixels)``.
    """

    def __init__(self, pixels, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)  # whatever the policy: counts are whole numbers
        self.pixels = pixels

    def build(self, input_shape):
        channels = input_shape[1]
        self.tables = [
            self.add_weight(shape=(self.pixels + 1,), initializer="random_uniform", name=f"table_{channel}")
            for channel in range(channels)
        ]
        super().build(input_shape)

    def call(self, histogram):
        counts = tf.cast(tf.round(tf.cast(histogram, tf.float32) * float(self.pixels)), tf.int32)
        counts = tf.clip_by_value(counts, 0, self.pixels)
        looked_up = [tf.gather(table, counts[:, channel]) for channel, table in enumerate(self.tables)]
        return tf.concat(looked_up, axis=-1)

    def get_config(self):
        return {**super().get_config(), "pixels": self.pixels}
