"""Guides of a bilateral grid: one value in [0, 1] for each pixel (Gharbi et al. 2017, section 3.4.1)."""

import numpy as np
import tensorflow as tf
from tensorflow import keras

from models.networks.bilateral import in_strips
from models.networks.blocks import BATCH_NORM_MOMENTUM

KNOTS = 16
NETWORK_FILTERS = 16


def make_guide(image, kind) -> tf.Tensor:
    """Return the guide ``[B, H, W, 1]`` of an image.

    Args:
        image: symbolic ``[B, H, W, 3]`` in [0, 1].
        kind: ``"curves"``: a color matrix, a curve for each channel, and a learned mix of the curves (112 weights).
            ``"network"``: a layer of 16 ReLUs and a sigmoid, applied to each pixel (81 weights, and the statistics of
            batch norm).

    Raises:
        ValueError: if the kind is unknown.
    """
    if kind == "curves":
        return GuideCurves(name="guide")(image)
    if kind != "network":
        raise ValueError(f"guide must be 'curves' or 'network'; received {kind!r}")
    x = keras.layers.Conv2D(NETWORK_FILTERS, 1, use_bias=False, kernel_initializer="he_normal", name="guide_conv")(
        image
    )
    x = keras.layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM, scale=False, name="guide_norm")(x)
    x = keras.layers.ReLU(name="guide_relu")(x)
    return _pixelwise(1, activation="sigmoid", name="guide")(x)


def _pixelwise(filters, **options):
    return keras.layers.Conv2D(filters, 1, kernel_initializer="he_normal", **options)


@keras.utils.register_keras_serializable(package="huenet")
class GuideCurves(keras.layers.Layer):
    """The guide ``g = clip(b + sum over channels c of a_c curve_c((M image + m)_c), 0, 1)``.

    Each curve is piecewise linear: ``curve_c(x) = sum over 16 knots of slope * relu(x - knot)``. Initially M is nearly
    the identity, each curve is the identity on [0, 1], and a_c is 1/3. The guide is then nearly the mean of the
    channels.
    """

    def build(self, input_shape) -> None:
        channels = input_shape[-1]
        nearly_identity = np.eye(channels) + np.random.default_rng(0).normal(0, 1e-4, [channels, channels])
        slopes = np.zeros([KNOTS, channels])
        slopes[0] = 1
        knots = np.repeat(np.linspace(0, 1, KNOTS, endpoint=False)[:, None], channels, axis=1)
        start = {
            "matrix": nearly_identity,
            "offset": np.zeros(channels),
            "knots": knots,
            "slopes": slopes,
            "mix": np.full([channels, 1], 1 / channels),
            "mix_offset": np.zeros(1),
        }
        for name, value in start.items():
            weight = self.add_weight(name=name, shape=value.shape, initializer="zeros")
            weight.assign(value.astype(np.float32))
            setattr(self, name, weight)
        super().build(input_shape)

    def call(self, image, training=None) -> tf.Tensor:
        # For inference in strips, because the 48 maps of a strip fit into a processor's cache.
        return self._guide(image) if training else in_strips(self._guide, image, 1)

    def _guide(self, image):
        """Compute the guide by two matrix products: one gives all 48 ReLUs, the other sums them."""
        matrix = tf.repeat(self.matrix, KNOTS, axis=1)
        offset = tf.reshape(tf.transpose(self.offset - self.knots), [-1])
        mix = tf.reshape(tf.transpose(self.slopes) * self.mix, [-1, 1])
        matrix, offset, mix, mix_offset = (tf.cast(x, image.dtype) for x in (matrix, offset, mix, self.mix_offset))
        relus = tf.nn.relu(tf.tensordot(image, matrix, 1) + offset)
        return tf.clip_by_value(tf.tensordot(relus, mix, 1) + mix_offset, 0, 1)

    def compute_output_shape(self, input_shape) -> tuple:
        return (*input_shape[:-1], 1)
