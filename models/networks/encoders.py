"""Encoders of reference histograms. They make a code ``[B, N]``, which a network concatenates to a feature map."""

import tensorflow as tf
from tensorflow import keras


def condition_on_histogram(x, encoder, *, channels, bins, pixels, size) -> tuple[tf.Tensor, tf.Tensor]:
    """Concatenate the code of a reference histogram to every position of a feature map.

    Args:
        x: symbolic ``[B, h, w, F]``.
        encoder: as in `encode`.
        channels, bins: C and K of the reference histogram.
        pixels, size: as in `encode`.

    Returns:
        The map ``[B, h, w, F + size]``, and the histogram's `keras.Input` ``[B, C, K]``.
    """
    histogram = keras.Input((channels, bins), name="reference_histogram")
    return join(x, encode(histogram, encoder, size=size, pixels=pixels)), histogram


def join(x, code, *, name="reference") -> tf.Tensor:
    """Concatenate a code ``[B, N]`` to every position of a map ``[B, h, w, F]``. Return ``[B, h, w, F + N]``."""
    return keras.layers.Concatenate(name=f"{name}_join")([x, broadcast(code, *x.shape[1:3], name=name)])


def encode(histogram, encoder, *, size, pixels, cumulative=False) -> tf.Tensor:
    """Compute the code ``[B, size]`` of a reference histogram.

    Args:
        histogram: symbolic ``[B, C, K]``. Each channel sums to 1.
        encoder: ``"embedding"`` or ``"dense"``. ``"embedding"`` is the released encoder for hard histograms: an
            embedding for each channel turns each count into one number, and a dense layer follows. ``"dense"`` applies
            two dense layers to the histogram, so that similar colors have similar codes.
        size: the length of the code.
        pixels: H * W of the training images, the sum of a channel's counts.
        cumulative: whether the dense layers take the CDF, which shows how far apart colors are.

    Raises:
        ValueError: if the encoder is unknown.
    """
    if encoder == "embedding":
        x = CountEmbedding(pixels, name="reference_embedding")(histogram)
    elif encoder == "dense":
        bins = histogram.shape[-1]
        if cumulative:
            x = CumulativeHistogram(name="reference_cdf")(histogram)
        else:
            x = keras.layers.Rescaling(float(bins), name="reference_scale")(histogram)  # a flat histogram becomes all 1
        x = keras.layers.Flatten(name="reference_flatten")(x)
        x = keras.layers.Dense(size, activation="relu", name="reference_dense_0")(x)
    else:
        raise ValueError(f"encoder must be 'embedding', 'dense' or None; received {encoder!r}")
    return keras.layers.Dense(size, activation="relu", name="reference_dense")(x)


def broadcast(code, height, width, *, name="reference") -> tf.Tensor:
    """Repeat a code ``[B, N]`` at every position: ``[B, height, width, N]``. ``name`` is the prefix of layer names."""
    x = keras.layers.RepeatVector(height * width, name=f"{name}_repeat")(code)
    return keras.layers.Reshape((height, width, code.shape[-1]), name=f"{name}_broadcast")(x)


@keras.utils.register_keras_serializable(package="huenet")
class CumulativeHistogram(keras.layers.Layer):
    """A layer that computes the CDF of a histogram ``[B, C, K]`` at the middle of each bin, scaled to [-1, 1]."""

    def __init__(self, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)  # float32 under any policy: sums of many bins

    def call(self, histogram) -> tf.Tensor:
        return 2 * tf.cumsum(histogram, axis=-1) - histogram - 1


@keras.utils.register_keras_serializable(package="huenet")
class CountEmbedding(keras.layers.Layer):
    """A layer that looks up each count of a histogram in its channel's table of ``pixels + 1`` learned numbers.

    It maps histograms ``[B, C, K]`` to ``[B, C * K]``. The counts are ``round(histogram * pixels)``.
    """

    def __init__(self, pixels, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)  # float32 under any policy: counts are whole numbers
        self.pixels = pixels

    def build(self, input_shape) -> None:
        channels = input_shape[1]
        self.tables = [
            self.add_weight(shape=(self.pixels + 1,), initializer="random_uniform", name=f"table_{channel}")
            for channel in range(channels)
        ]
        super().build(input_shape)

    def call(self, histogram) -> tf.Tensor:
        counts = tf.cast(tf.round(tf.cast(histogram, tf.float32) * float(self.pixels)), tf.int32)
        counts = tf.clip_by_value(counts, 0, self.pixels)
        tables = map(tf.convert_to_tensor, self.tables)  # a variable itself could not be exported to LiteRT
        looked_up = [tf.gather(table, counts[:, channel]) for channel, table in enumerate(tables)]
        return tf.concat(looked_up, axis=-1)

    def get_config(self) -> dict:
        return {**super().get_config(), "pixels": self.pixels}
