"""Keras layers of the histograms.

They compute in float32 under any dtype policy: near 1, bfloat16 has half-bin spacing.
"""

import tensorflow as tf
from tensorflow import keras

from histogram_layers.boundary import Boundary, rules_of
from histogram_layers.functional import check_options, joint_histogram, soft_histogram
from histogram_layers.matching import match_histograms, refuse_circles


class _HistogramLayer(keras.layers.Layer):
    """What the layers share: the options, checked once, and their serialization."""

    def __init__(
        self,
        bins: int = 256,
        value_range: tuple[float, float] = (-1.0, 1.0),
        kernel_width_ratio: float = 2.5,
        boundary: Boundary = "reflect",
        dtype: str = "float32",
        **kwargs,
    ):
        super().__init__(dtype=dtype, **kwargs)
        check_options(bins, value_range, kernel_width_ratio)
        rules_of(boundary)
        self.options = {
            "bins": bins,
            "value_range": tuple(value_range),
            "kernel_width_ratio": kernel_width_ratio,
            "boundary": boundary if isinstance(boundary, str) else tuple(boundary),
        }

    def get_config(self):
        return {**super().get_config(), **self.options}


@keras.utils.register_keras_serializable(package="huenet")
class SoftHistogram(_HistogramLayer):
    """`soft_histogram` as a layer, with the same options: images ``[B, H, W, C]`` to ``[B, C, K]``."""

    def call(self, images: tf.Tensor) -> tf.Tensor:
        return soft_histogram(images, **self.options)


@keras.utils.register_keras_serializable(package="huenet")
class JointHistogram(_HistogramLayer):
    """`joint_histogram` as a layer, with the same options: ``[first, second]`` to ``[B, C, K, K]``."""

    def call(self, images: list[tf.Tensor]) -> tf.Tensor:
        first, second = images
        return joint_histogram(first, second, **self.options)


@keras.utils.register_keras_serializable(package="huenet")
class MatchHistogram(_HistogramLayer):
    """Gives each image a histogram of its own, which is an input: ``[source, reference_histogram]`` to an image.

    `match_histograms` as a layer, with the same options: ``[B, H, W, C]`` and ``[B, C, K]`` to ``[B, H, W, C]``. It has
    no weights. Use `HistogramMatching` to give all images one histogram, which is learned or taken from a data set.
    """

    def __init__(
        self,
        value_range: tuple[float, float] = (-1.0, 1.0),
        kernel_width_ratio: float = 2.5,
        boundary: Boundary = "reflect",
        **kwargs,
    ):
        super().__init__(1, value_range, kernel_width_ratio, boundary, **kwargs)
        refuse_circles(boundary)
        del self.options["bins"]  # the reference histogram determines them

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        source, reference_histogram = inputs
        return match_histograms(source, reference_histogram, **self.options)

    def compute_output_shape(self, input_shape: list[tuple]) -> tuple:
        return input_shape[0]
