"""The colours that the histograms are of, where they are others than the network's."""

from tensorflow import keras

from utils.color_spaces import convert


@keras.utils.register_keras_serializable(package="huenet")
class ConvertColors(keras.layers.Layer):
    """`utils.color_spaces.convert` as a layer: pictures in the colours of one space to those of another, in float32."""

    def __init__(self, source="yuv", target="yuv", dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)
        self.source, self.target = source, target

    def call(self, images):
        return convert(images, self.source, self.target)

    def get_config(self):
        return {**super().get_config(), "source": self.source, "target": self.target}
