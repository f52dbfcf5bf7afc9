"""The network of a lut: it predicts a map of colors, as coefficients of polynomials, from what it sees of two images.

    reference histogram ──────────────┬─────────────────────────┬────────────── ...
    images ─┬─ pixels ─ their colors ─ stage 1 ─ mapped colors ─ stage 2 ─ ... ─ coefficients
            └─ small copy ─ code ─────┴─────────────────────────┘

Each stage sees the distribution of the colors that the map so far gives to the image's pixels, and that of the
reference. It corrects the map, as a step of a fit to the pair would.
"""

import itertools
from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from tensorflow import keras

from histogram_layers import hard_histogram
from models.networks.averaging import averaged_copy
from models.networks.blocks import initializer
from models.networks.lut.moments import monge_kantorovich, pixel_grid, quantiles
from models.networks.lut.polynomials import TERMS, add_polynomials
from utils.colors import COLOR_SPACES, channel_names, to_network

STAGES = 3
UNITS = 256  # of each dense layer
PIXELS = 64  # rows and columns of the image's pixels
COPY = 32  # side of the image's small copy
LEVELS = 16  # quantiles of each channel
FILTERS = (24, 48, 64)
STEP = 0.1  # so that the first corrections are small
FAR = 4.0  # scales differences of quantiles


@tf.autograph.experimental.do_not_convert  # AutoGraph would take seconds and has nothing to convert
def predict_coefficients(
    weights: Sequence[tf.Tensor],
    images: tf.Tensor,
    reference: tf.Tensor | None = None,
    *,
    bins: int,
    value_range: tuple[float, float] = (-1.0, 1.0),
    histogram_space: str = "rgb",
) -> tf.Tensor:
    """Predict the coefficients of a map, for `add_polynomials`.

    With the histogram space ``directions``, the map starts halfway between the identity and the Monge-Kantorovich map.
    With other spaces, it starts at the identity.

    Args:
        weights: kernels and biases, in turn: those of the small copy's convolutions, then those of the dense layers of
            each stage. `MapNetwork` has them.
        images: ``[B, H, W, 3]``, RGB in [0, 1].
        reference: `color_histogram` of the references, ``[B, C, K]``, by default that of the images.
        bins, value_range: K and the range of the histograms.
        histogram_space: the color space of the histograms.

    Returns:
        float32 ``[B, TERMS, 3]``.
    """
    options = {"bins": bins, "value_range": value_range, "histogram_space": histogram_space}
    layers = list(zip(weights[::2], weights[1::2], strict=True))
    code, layers = _code(images, layers[: len(FILTERS)]), layers[len(FILTERS) :]
    pixels = pixel_grid(images, PIXELS)
    own = color_histogram(pixels, **options)
    reference = own if reference is None else reference
    known = [code, quantiles(own, LEVELS, value_range)]
    wanted = quantiles(reference, LEVELS, value_range)
    linear = monge_kantorovich(own, reference, value_range)
    coefficients = 0.5 * linear
    for number in range(STAGES):
        mapped = color_histogram(add_polynomials(coefficients, pixels), **options)
        given = quantiles(mapped, LEVELS, value_range)
        features = [*known, given, FAR * (wanted - given), linear, coefficients]
        along, change = _stage(features, layers[4 * number : 4 * (number + 1)])
        coefficients += along * linear + STEP * change
    return coefficients


def color_histogram(images: tf.Tensor, *, bins, value_range, histogram_space) -> tf.Tensor:
    """Compute the histograms ``[B, C, K]`` of images ``[B, H, W, 3]``, RGB in [0, 1], as the network takes them."""
    rgb = images if COLOR_SPACES[histogram_space].extends else tf.clip_by_value(images, 0.0, 1.0)
    return hard_histogram(to_network(rgb, histogram_space), bins, value_range)


def _code(images, layers):
    """Return the code ``[B, N]`` of the small copies of images: means and maxima of their features."""
    x = 2.0 * averaged_copy(images, COPY) - 1.0
    for kernel, bias in layers:
        x = tf.nn.relu(tf.nn.conv2d(x, kernel, 2, "SAME") + bias)
    return tf.concat([tf.reduce_mean(x, axis=[1, 2]), tf.reduce_max(x, axis=[1, 2])], axis=-1)


def _stage(features, layers):
    """Return a stage's correction: how far to go along the linear map, ``[B, 1, 1]``, and ``[B, TERMS, 3]``."""
    x = tf.concat([tf.reshape(feature, [-1, np.prod(feature.shape[1:])]) for feature in features], axis=-1)
    *inner, along, change = layers
    for kernel, bias in inner:
        x = tf.nn.relu(x @ kernel + bias)
    along, change = (x @ kernel + bias for kernel, bias in (along, change))
    return tf.reshape(along, [-1, 1, 1]), tf.reshape(change, [-1, TERMS, 3])


@keras.utils.register_keras_serializable(package="huenet")
class MapNetwork(keras.layers.Layer):
    """`predict_coefficients` as a layer with the weights. Its inputs are ``[images, reference]``, or images alone.

    ``options`` are the options of the histograms. It uses float32 under any policy.
    """

    def __init__(self, bins, value_range=(-1.0, 1.0), histogram_space="rgb", dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        self.options = {"bins": bins, "value_range": tuple(value_range), "histogram_space": histogram_space}

    def build(self, input_shape) -> None:
        self.layer_weights = []
        for number, (inner, outer) in enumerate(itertools.pairwise((3, *FILTERS))):
            self._add_layer(f"code_{number}", (3, 3, inner, outer))
        seen = 2 * FILTERS[-1] + 3 * LEVELS * len(channel_names(self.options["histogram_space"])) + 2 * 3 * TERMS
        for number in range(STAGES):
            self._add_layer(f"stage_{number}_dense_0", (seen, UNITS))
            self._add_layer(f"stage_{number}_dense_1", (UNITS, UNITS))
            # The corrections are small at the start of training.
            self._add_layer(f"stage_{number}_along", (UNITS, 1), initializer())
            self._add_layer(f"stage_{number}_change", (UNITS, 3 * TERMS), initializer())
        super().build(input_shape)

    def _add_layer(self, name, shape, kernel_initializer="glorot_uniform"):
        kernel = self.add_weight(shape=shape, initializer=kernel_initializer, name=f"{name}_kernel")
        bias = self.add_weight(shape=shape[-1:], initializer="zeros", name=f"{name}_bias")
        self.layer_weights += [kernel, bias]

    def call(self, inputs) -> tf.Tensor:
        weights = [tf.convert_to_tensor(weight) for weight in self.layer_weights]  # LiteRT takes no variables
        return predict_coefficients(weights, *tf.nest.flatten(inputs), **self.options)

    def compute_output_shape(self, input_shape) -> tuple:
        alone = len(input_shape) == 4  # the shape of images, not of images and a reference
        return ((input_shape if alone else input_shape[0])[0], TERMS, 3)

    def get_config(self) -> dict:
        return {**super().get_config(), **self.options}
