"""A Keras model of an augmented generator. It computes the reference histograms and the output images."""

from collections.abc import Iterator

import tensorflow as tf
from tensorflow import keras

from histogram_layers import hard_histogram
from models.inputs import inputs_of
from models.networks import CountEmbedding, MapNetwork
from models.state import assign, values_of


class ImageModel(keras.Model):
    """`HueNet` without the training.

    Args:
        generator: the augmented generator, from `augment`.
    """

    def __init__(self, generator: keras.Model):
        super().__init__()
        self.generator = generator
        self.image_generator = keras.Model(
            [tensor for tensor in generator.inputs if tensor.name != "content"], generator.output["image"]
        )
        self.takes_counts = any(isinstance(layer, CountEmbedding | MapNetwork) for layer in layers_within(generator))

    def call(self, batch: dict[str, tf.Tensor], training: bool = False) -> tf.Tensor:
        """Return the generator's image ``[B,H,W,C]`` for the source and the reference of a batch."""
        return self.image_generator(inputs_of(self.image_generator, self._inputs(batch)), training=training)

    def _inputs(self, batch):
        return {"source": batch["source"], "reference_histogram": self.reference_histogram(batch["reference"])}

    @tf.function(autograph=False)
    def update_statistics(self, batch: dict[str, tf.Tensor]) -> None:
        """Run the generator on a batch to update the statistics of batch norm. Nothing else changes."""
        self(batch, training=True)

    def translate_inputs(self, inputs: dict[str, tf.Tensor], training: bool = False) -> tf.Tensor:
        """Return the output ``[B,H,W,C]``, in the network's colors, for ``source`` and ``reference_histogram``.

        With ``training`` it uses batch statistics and dropout, but leaves batch norm's moving statistics unchanged.
        """
        statistics = self.generator.non_trainable_variables if training else []
        statistics_before = values_of(statistics)
        output = self.image_generator(inputs_of(self.image_generator, inputs), training=training)
        assign(statistics, statistics_before)
        return output

    def reference_histogram(self, reference: tf.Tensor) -> tf.Tensor:
        """Compute the histograms ``[B,C,K]`` of references ``[B,H,W,C]``: hard or soft, as the generator needs."""
        return self._counts(reference) if self.takes_counts else self.soft_histogram(reference)

    def _counts(self, images):
        options = self.generator.get_layer("histogram").options
        colors = self.generator.get_layer("histogram_colors")(images)
        return hard_histogram(colors, options["bins"], options["value_range"])

    def soft_histogram(self, images: tf.Tensor) -> tf.Tensor:
        """Compute the soft histograms ``[B,C,K]`` of images ``[B,H,W,C]`` in the network's colors."""
        return self.generator.get_layer("histogram")(self.generator.get_layer("histogram_colors")(images))


def layers_within(model: keras.Model) -> Iterator[keras.layers.Layer]:
    """Yield all layers of a model, including the layers of nested models."""
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from layers_within(layer)
