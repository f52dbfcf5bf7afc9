"""Keras layers of the histograms. They compute in float32 whatever the policy: bfloat16 near 1 is half a bin coarse."""

from tensorflow import keras

from histogram_layers.boundary import rules_of
from histogram_layers.functional import check_options, joint_histogram, soft_histogram


class _HistogramLayer(keras.layers.Layer):
    """What both layers share: the options, checked once, and their serialization."""

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
