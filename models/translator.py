"""From 8-bit images to 8-bit images: what test.py calls, and what is exported."""

import functools

import tensorflow as tf

from utils import atomic_folder, to_network, to_rgb

_COUNTS = "there must be one reference for each source, or one for all; sources and references are"
NOT_FINITE = "the output is not finite"
IMAGES = tf.TensorSpec([None, None, None, 3], tf.uint8)


class Translator(tf.Module):
    """Translates sources into the colors of references, at the sources' own size.

    ``translator(source [B,h,w,3], reference [B or 1,h',w',3])``, uint8 RGB, gives uint8 ``[B,h,w,3]``. A source of
    another size than the network's is resized to it, and the output back. `histogram` and `translate` are its two
    halves. Any image may be given as a source: `source` makes of it what the network was trained on. Other numbers of
    sources and references are an InvalidArgumentError, and so is an output that is not finite.

    Args:
        model: `HueNet`.
        image_size: ``(H, W)`` of the network, or None for one that takes every size.
        color_space, channels, out_channels: of the network's images.
        to_source: the function of the task that makes a source of an image, RGB float ``[..., 3]`` in [0, 1].
        pad: scale a source of another shape until it fits and fill up with its mirror image. Otherwise it is stretched.
        training: translate with batch statistics and dropout. What batch norm learns is undone.
    """

    def __init__(
        self,
        model,
        *,
        image_size,
        color_space="yuv",
        channels=3,
        out_channels=3,
        to_source=tf.identity,
        pad=False,
        training=False,
    ):
        super().__init__()
        self._size, self._pad = image_size and tuple(image_size), pad
        # The variables that are saved. The model itself would be saved with functions that train its layers.
        self._variables = [*model.image_generator.variables, model.step_counter.step]
        self._reference_histogram = model.reference_histogram
        self._translate_inputs = functools.partial(model.translate_inputs, training=training)
        self._color_space, self._channels, self._out_channels = color_space, channels, out_channels
        self._to_source = to_source
        shape = model.generator.output["histogram"].shape
        self.translate = tf.function(
            self._translate, autograph=False, input_signature=[IMAGES, tf.TensorSpec(shape, tf.float32)]
        )

    @tf.function(autograph=False, input_signature=[IMAGES, IMAGES])
    def __call__(self, source, reference):
        return self._translate(source, self.histogram(reference))

    @tf.function(autograph=False, input_signature=[IMAGES])
    def source(self, images):
        """The sources that are made of images, uint8 ``[B,h,w,3]``: the same, or their gray versions."""
        return _to_uint8(self._to_source(tf.image.convert_image_dtype(images, tf.float32)))

    @tf.function(autograph=False, input_signature=[IMAGES])
    def histogram(self, reference):
        """What the generator takes of references, uint8 ``[B,h,w,3]``: ``[B,C,K]``, each channel summing to 1."""
        rgb = tf.image.convert_image_dtype(reference, tf.float32)
        return self._reference_histogram(to_network(rgb, self._color_space, self._out_channels))

    def _translate(self, source, histogram):
        """Sources, uint8 ``[B,h,w,3]``, into the colors of histograms ``[B,C,K]`` or of one ``[1,C,K]`` for all."""
        count, references = tf.shape(source)[0], tf.shape(histogram)[0]
        fits = tf.debugging.Assert((references == count) | (references == 1), [_COUNTS, count, references])
        with tf.control_dependencies([fits]):
            rgb = tf.image.convert_image_dtype(self.source(source), tf.float32)
        histogram = tf.repeat(histogram, count // references, axis=0)
        make_output = self._translate_rgb if self._size is None else self._translate_resized
        return _to_uint8(make_output(rgb, histogram))

    def _translate_rgb(self, rgb, histogram):
        inputs = {"source": to_network(rgb, self._color_space, self._channels), "reference_histogram": histogram}
        return to_rgb(tf.debugging.check_numerics(self._translate_inputs(inputs), NOT_FINITE), self._color_space)

    def _translate_resized(self, rgb, histogram):
        size = tf.shape(rgb)[1:3]
        scaled = self._scaled_size(size)
        output = self._translate_rgb(_mirror_pad(_resize(rgb, scaled), self._size), histogram)
        before = (self._size - scaled) // 2
        output = output[:, before[0] : before[0] + scaled[0], before[1] : before[1] + scaled[1]]
        return _resize(output, size)

    def _scaled_size(self, size):
        """What a source of ``size`` is scaled to."""
        if not self._pad:
            return tf.constant(self._size)
        scale = tf.reduce_min(tf.constant(self._size, tf.float64) / tf.cast(size, tf.float64))
        return tf.clip_by_value(tf.cast(tf.round(tf.cast(size, tf.float64) * scale), tf.int32), 1, self._size)


def _to_uint8(rgb):
    return tf.cast(tf.round(rgb * 255.0), tf.uint8)


def _resize(images, size):
    """``[B,h,w,C]`` in [0, 1] to ``size``: bicubic, averaging where it shrinks, and the same where it has that size."""
    return tf.cond(
        tf.reduce_all(tf.shape(images)[1:3] == size),
        lambda: images,
        lambda: tf.clip_by_value(tf.image.resize(images, size, "bicubic", antialias=True), 0.0, 1.0),
    )


def _mirror_pad(images, size):
    """``[B,h,w,C]`` in the middle of ``size``, the rest filled with mirror images."""
    for axis, wanted in zip((1, 2), size, strict=True):
        length = tf.shape(images)[axis]
        place = tf.math.floormod(tf.range(wanted) - (wanted - length) // 2, 2 * length)
        images = tf.gather(images, tf.minimum(place, 2 * length - 1 - place), axis=axis)
    return tf.ensure_shape(images, [None, *size, None])


def export(model, translator, folder):
    """Write ``folder/generator.keras``, which needs this project, and ``folder/saved_model``, which needs TensorFlow.

    generator.keras maps ``[source, reference_histogram]`` to the image, in the network's colors. saved_model is the
    translator: loaded with `tf.saved_model.load`, it is called in the same way. ``translate``, ``histogram`` and
    ``source`` are there too, also as signatures.

    Args:
        model: `HueNet`.
        translator: the `Translator` of it.
        folder: a new or empty folder. It appears when it is whole.
    """
    with atomic_folder(folder) as partial:
        model.image_generator.save(partial / "generator.keras")
        signatures = {
            "serving_default": translator.__call__,
            "translate": translator.translate,
            "histogram": translator.histogram,
            "source": translator.source,
        }
        tf.saved_model.save(translator, str(partial / "saved_model"), signatures)
