"""Pictures of 8 bits in, pictures of 8 bits out: what test.py calls, and what is exported."""

import functools
import os
import shutil

import tensorflow as tf

from utils.color_spaces import to_network, to_rgb

PICTURES = tf.TensorSpec([None, None, None, 3], tf.uint8)


class Painter(tf.Module):
    """Paints sources in the colours of references, at the sources' own size.

    ``painter(source [B,h,w,3], reference [B or 1,h',w',3])``, uint8 RGB, gives uint8 ``[B,h,w,3]``. A source of another
    size than the network's is fitted to it, and the output back to it. `histogram` and `paint` are its two halves.

    Args:
        model: `HueNet`.
        image_size: ``(H, W)`` of the network.
        color_space, channels, out_channels: of the network's pictures.
        pad: fit a source of another shape by scaling it until it fits and filling up with its mirror image, in the
            place of stretching it.
        training: paint with batch statistics and dropout; what batch norm learns is undone.
    """

    def __init__(self, model, image_size, color_space="yuv", channels=3, out_channels=3, pad=False, training=False):
        super().__init__()
        self._size, self._pad = tuple(image_size), pad
        self._generator, self._step = model.painter, model.clock.step  # the variables that are saved
        self._reference_histogram = model.reference_histogram
        self._painted = functools.partial(model.painted, training=training)
        self._color_space, self._channels, self._out_channels = color_space, channels, out_channels
        shape = [None, out_channels, model.generator.output["histogram"].shape[-1]]
        self.paint = tf.function(self._paint, input_signature=[PICTURES, tf.TensorSpec(shape, tf.float32)])

    @tf.function(input_signature=[PICTURES, PICTURES])
    def __call__(self, source, reference):
        return self._paint(source, self.histogram(reference))

    @tf.function(input_signature=[PICTURES])
    def histogram(self, reference):
        """What the generator takes of references, uint8 ``[B,h,w,3]``: ``[B,C,K]``, each channel summing to 1."""
        rgb = tf.image.convert_image_dtype(reference, tf.float32)
        return self._reference_histogram(to_network(rgb, self._color_space, self._out_channels))

    def _paint(self, source, histogram):
        """Sources, uint8 ``[B,h,w,3]``, in the colours of histograms ``[B,C,K]`` or of one ``[1,C,K]`` for all."""
        rgb = tf.image.convert_image_dtype(source, tf.float32)
        size = tf.shape(source)[1:3]
        scaled = self._scaled_size(size)
        fitted = _mirrored(_resize(rgb, scaled), self._size)
        inputs = {
            "source": to_network(fitted, self._color_space, self._channels),
            "reference_histogram": tf.repeat(histogram, tf.shape(source)[0] // tf.shape(histogram)[0], axis=0),
        }
        output = to_rgb(self._painted(inputs), self._color_space)
        before = (self._size - scaled) // 2
        output = output[:, before[0] : before[0] + scaled[0], before[1] : before[1] + scaled[1]]
        return tf.cast(tf.round(_resize(output, size) * 255.0), tf.uint8)

    def _scaled_size(self, size):
        """What a source of ``size`` is scaled to."""
        if not self._pad:
            return tf.constant(self._size)
        scale = tf.reduce_min(tf.constant(self._size, tf.float64) / tf.cast(size, tf.float64))
        return tf.clip_by_value(tf.cast(tf.round(tf.cast(size, tf.float64) * scale), tf.int32), 1, self._size)


def _resize(pictures, size):
    """``[B,h,w,C]`` in [0, 1] to ``size``, bicubic, averaging where it shrinks; the same where it is of that size."""
    return tf.cond(
        tf.reduce_all(tf.shape(pictures)[1:3] == size),
        lambda: pictures,
        lambda: tf.clip_by_value(tf.image.resize(pictures, size, "bicubic", antialias=True), 0.0, 1.0),
    )


def _mirrored(pictures, size):
    """``[B,h,w,C]`` in the middle of ``size``, the rest filled up with its mirror images."""
    for axis, wanted in zip((1, 2), size, strict=True):
        length = tf.shape(pictures)[axis]
        place = tf.math.floormod(tf.range(wanted) - (wanted - length) // 2, 2 * length)
        pictures = tf.gather(pictures, tf.minimum(place, 2 * length - 1 - place), axis=axis)
    return tf.ensure_shape(pictures, [None, *size, None])


def export(model, painter, folder):
    """Write ``folder/generator.keras``, and ``folder/saved_model``, which needs TensorFlow alone.

    generator.keras maps ``[source, reference_histogram]`` to the image, in the network's colours, and takes this
    project's layers to load. saved_model is the painter: loaded with `tf.saved_model.load` it is called like it, and
    has ``paint`` and ``histogram``, also as signatures.

    Args:
        model: `HueNet`.
        painter: the `Painter` of it.
        folder: made where it is missing; appears when it is whole.
    """
    aside = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        model.painter.save(aside / "generator.keras")
        signatures = {"serving_default": painter.__call__, "paint": painter.paint, "histogram": painter.histogram}
        tf.saved_model.save(painter, str(aside / "saved_model"), signatures)
        if folder.exists():
            folder.rmdir()
        os.replace(aside, folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
