"""From images of 8 or 16 bits to images as deep: the one way in which a trained generator is used and exported."""

import functools
from collections.abc import Callable

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike, DTypeLike

from models.huenet import HueNet
from models.network_batch import network_batch
from utils import UserError
from utils.colors import to_rgb

_COUNTS = "there must be one reference for each source, or one for all; sources and references are"
_NOT_FINITE = "the output is not finite"


class NotFiniteError(UserError):
    """An output has NaN or infinite values."""


class Translator(tf.Module):
    """Translates images into the colors of references, at the images' own size.

    ``translator(images [B,h,w,3], references [B or 1,h',w',3])``, RGB, gives ``[B,h,w,3]``. An image of another size
    than the network's is resized to it, and the output back. Other numbers of images and references are an
    InvalidArgumentError, and so is an output that is not finite.

    Args:
        model: `HueNet`.
        image_size: ``(H, W)`` of the network, or None for one that takes every size.
        make_batch: `network_batch` with the task's and the network's arguments.
        color_space: the network's colors.
        pad: scale an image of another shape until it fits and fill up with its mirror image. Otherwise it is stretched.
        training: translate with batch statistics and dropout. What batch norm learns is undone.
        dtype: of all images: uint8 or uint16.
        label: what errors call it, such as a checkpoint's path.

    Attributes:
        source: a function of images ``[B,h,w,3]``: the sources that the task makes of them, such as gray versions.
        histogram: a function of references: what the generator takes of them, ``[B,C,K]``, each channel summing to 1.
        blend: a function of images, histograms ``[B or 1,C,K]`` and a strength s: ``s histogram + (1 - s) own``, own
            the histogram of the images' sources.
        translate: a function of images and histograms ``[B or 1,C,K]``: the outputs.
    """

    def __init__(
        self,
        model: HueNet,
        *,
        image_size: tuple[int, int] | None,
        make_batch: Callable = network_batch,
        color_space: str = "yuv",
        pad: bool = False,
        training: bool = False,
        dtype: DTypeLike = np.uint8,
        label: str = "the network",
    ):
        super().__init__()
        self._label, self._dtype = label, tf.as_dtype(dtype)
        self._size, self._pad = image_size and tuple(image_size), pad
        # The variables that are saved. The model itself would be saved with functions that train its layers.
        self._variables = [*model.image_generator.variables, model.step_counter.step]
        self._reference_histogram = model.reference_histogram
        self._translate_inputs = functools.partial(model.translate_inputs, training=training)
        self._make_batch, self._color_space = make_batch, color_space
        self.images = tf.TensorSpec([None, None, None, 3], self._dtype)
        histogram = tf.TensorSpec(model.generator.output["histogram"].shape, tf.float32)
        self.source, self.histogram, self.blend, self.translate = (
            tf.function(function, autograph=False, input_signature=signature)
            for function, signature in (
                (self._source, [self.images]),
                (self._histogram, [self.images]),
                (self._blend, [self.images, histogram, tf.TensorSpec([], tf.float32)]),
                (self._translate, [self.images, histogram]),
            )
        )

    @tf.function(autograph=False, reduce_retracing=True)
    def __call__(self, images: tf.Tensor, references: tf.Tensor) -> tf.Tensor:
        return self.translate(images, self.histogram(references))

    def outputs(self, images: ArrayLike, histograms: ArrayLike, strength: float = 1.0) -> np.ndarray:
        """The outputs as an array: `translate` of `blend`.

        Args:
            images: ``[B,h,w,3]`` of the dtype.
            histograms: ``[B or 1,C,K]``.
            strength: from 0, the colors of the images' own sources, to 1, the reference's.

        Raises:
            NotFiniteError: for outputs that are not finite.
        """
        if strength != 1:
            histograms = self.blend(images, histograms, strength)
        try:
            return self.translate(images, histograms).numpy()
        except tf.errors.InvalidArgumentError as error:
            if _NOT_FINITE not in error.message:
                raise
            message = f"{self._label} makes images that are not finite; give another --checkpoint"
            raise NotFiniteError(message) from None

    def _source(self, images):
        return self._to_integers(self._source_rgb(images))

    def _source_rgb(self, images):
        return to_rgb(self._make_batch({"source": _to_float(images)})["source"], self._color_space)

    def _histogram(self, references):
        return self._histogram_of(_to_float(references))

    def _histogram_of(self, rgb):
        return self._reference_histogram(self._make_batch({"reference": rgb})["reference"])

    def _blend(self, images, histograms, strength):
        return strength * histograms + (1 - strength) * self._histogram_of(self._source_rgb(images))

    def _translate(self, images, histograms):
        count, references = tf.shape(images)[0], tf.shape(histograms)[0]
        fits = tf.debugging.Assert((references == count) | (references == 1), [_COUNTS, count, references])
        with tf.control_dependencies([fits]):
            rgb = _to_float(images)
            histograms = tf.repeat(histograms, count // references, axis=0)
        make_output = self._translate_rgb if self._size is None else self._translate_resized
        return self._to_integers(make_output(rgb, histograms))

    def _translate_rgb(self, rgb, histograms):
        inputs = self._make_batch({"source": rgb}) | {"reference_histogram": histograms}
        return to_rgb(tf.debugging.check_numerics(self._translate_inputs(inputs), _NOT_FINITE), self._color_space)

    def _translate_resized(self, rgb, histograms):
        size = tf.shape(rgb)[1:3]
        scaled = self._scaled_size(size)
        output = self._translate_rgb(_mirror_pad(_resize(rgb, scaled), self._size), histograms)
        before = (self._size - scaled) // 2
        output = output[:, before[0] : before[0] + scaled[0], before[1] : before[1] + scaled[1]]
        return _resize(output, size)

    def _scaled_size(self, size):
        """What an image of ``size`` is scaled to."""
        if not self._pad:
            return tf.constant(self._size)
        scale = tf.reduce_min(tf.constant(self._size, tf.float64) / tf.cast(size, tf.float64))
        return tf.clip_by_value(tf.cast(tf.round(tf.cast(size, tf.float64) * scale), tf.int32), 1, self._size)

    def _to_integers(self, rgb):
        return tf.cast(tf.round(rgb * float(self._dtype.max)), self._dtype)


def _to_float(images):
    return tf.image.convert_image_dtype(images, tf.float32)


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
