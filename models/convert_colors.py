"""The layer that converts images to the color space of the histograms."""

import tensorflow as tf
from tensorflow import keras

from utils.colors import convert


@keras.utils.register_keras_serializable(package="huenet")
class ConvertColors(keras.layers.Layer):
    """`utils.colors.convert` as a layer. It converts images from one color space to another, in float32."""

    def __init__(self, source: str = "yuv", target: str = "yuv", dtype: str = "float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        self.source, self.target = source, target

    def call(self, images: tf.Tensor) -> tf.Tensor:
        return convert(images, self.source, self.target)

    def get_config(self) -> dict:
        return {**super().get_config(), "source": self.source, "target": self.target}
