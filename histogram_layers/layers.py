"""Keras layers that compute and match histograms.

They compute in float32 under any dtype policy. Near 1, bfloat16 values are half a bin apart (with 256 bins), which is
too coarse.
"""

import tensorflow as tf
from tensorflow import keras

from histogram_layers.boundary import Boundary, rules_of
from histogram_layers.functional import check_options, joint_histogram, soft_histogram
from histogram_layers.matching import match_histograms, refuse_circles


class _HistogramLayer(keras.layers.Layer):
    """Base class of the layers: checks the options and serializes them."""

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
    """`soft_histogram` as a layer, with the same options. It maps images ``[B, H, W, C]`` to ``[B, C, K]``."""

    def call(self, images: tf.Tensor) -> tf.Tensor:
        return soft_histogram(images, **self.options)


@keras.utils.register_keras_serializable(package="huenet")
class JointHistogram(_HistogramLayer):
    """`joint_histogram` as a layer, with the same options. It maps images ``[first, second]`` to ``[B, C, K, K]``."""

    def call(self, images: list[tf.Tensor]) -> tf.Tensor:
        first, second = images
        return joint_histogram(first, second, **self.options)


@keras.utils.register_keras_serializable(package="huenet")
class MatchHistogram(_HistogramLayer):
    """`match_histograms` as a layer, with the same options. Each image gets its own histogram.

    The inputs are ``[source, reference_histogram]``, ``[B, H, W, C]`` and ``[B, C, K]``; the output is
    ``[B, H, W, C]``. The layer has no weights. To give all images the same histogram, learned or taken from a data set,
    use `HistogramMatching`.
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
        del self.options["bins"]  # the reference histogram determines the number of bins

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        source, reference_histogram = inputs
        return match_histograms(source, reference_histogram, **self.options)

    def compute_output_shape(self, input_shape: list[tuple]) -> tuple:
        return input_shape[0]
