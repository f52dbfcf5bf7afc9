"""Keras layers of the histograms. They compute in float32 whatever the policy: bfloat16 near 1 is half a bin coarse."""

from tensorflow import keras

from histogram_layers.boundary import rules_of
from histogram_layers.functional import check_options, joint_histogram, soft_histogram
from histogram_layers.matching import match_histograms, refuse_circles


class _HistogramLayer(keras.layers.Layer):
    """What the layers share: the options, checked once, and their serialization."""

    def __init__(
        self, bins=256, value_range=(-1.0, 1.0), kernel_width_ratio=2.5, boundary="reflect", dtype="float32", **kwargs
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
    """`soft_histogram` as a layer, with its options: images ``[B, H, W, C]`` to ``[B, C, K]``."""

    def call(self, images):
        return soft_histogram(images, **self.options)


@keras.utils.register_keras_serializable(package="huenet")
class JointHistogram(_HistogramLayer):
    """`joint_histogram` as a layer, with its options: ``[first, second]`` to ``[B, C, K, K]``."""

    def call(self, images):
        first, second = images
        return joint_histogram(first, second, **self.options)


@keras.utils.register_keras_serializable(package="huenet")
class MatchHistogram(_HistogramLayer):
    """`match_histograms` as a layer: ``[source [B,H,W,C], reference_histogram [B,C,K]]`` to ``[B,H,W,C]``."""

    def __init__(self, value_range=(-1.0, 1.0), kernel_width_ratio=2.5, boundary="reflect", **kwargs):
        super().__init__(1, value_range, kernel_width_ratio, boundary, **kwargs)
        refuse_circles(boundary)
        del self.options["bins"]  # they are the reference histogram's

    def call(self, inputs):
        source, reference_histogram = inputs
        return match_histograms(source, reference_histogram, **self.options)

    def compute_output_shape(self, input_shape):
        return input_shape[0]
