"""Apply or export a trained generator: 8-bit or 16-bit images in, images of the same depth out."""

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
    """A translator that gives source images the colors of references. The outputs have the size of the sources.

    ``translator(source [B,h,w,3], reference [B or 1,h',w',3])``, RGB, returns ``[B,h,w,3]``. If a source does not
    have the network's size, it is resized to that size, and the output is resized back. It is an InvalidArgumentError
    if the numbers of sources and references do not match, or if an output is not finite.

    Args:
        model: a `HueNet` model.
        image_size: ``(H, W)`` of the network, or None if the network takes every size.
        color_space, channels, out_channels, to_source: arguments of `network_batch`.
        pad: whether to keep the aspect ratio of a source: scale it to fit and fill the rest with its mirror image.
            If False, it is stretched.
        training: whether to use batch statistics and dropout. Batch norm's moving statistics do not change.
        dtype: the type of all images, uint8 or uint16.
        label: the translator's name in error messages, such as the path of a checkpoint.

    Attributes:
        source: ``source(images [B,h,w,3])`` returns the sources that the task makes of the images, such as gray
            versions. `translate` also applies it to its images.
        histogram: ``histogram(references)`` returns the histograms ``[B,C,K]`` that the generator takes. Each channel
            sums to 1.
        blend: ``blend(sources, histogram [B or 1,C,K], s)`` returns ``s * histogram + (1 - s) * own``, where own is the
            histogram of the sources.
        translate: ``translate(sources, histogram [B or 1,C,K])`` returns the outputs.
    """

    def __init__(
        self,
        model: HueNet,
        *,
        image_size: tuple[int, int] | None,
        color_space: str = "yuv",
        channels: int = 3,
        out_channels: int = 3,
        to_source: Callable = tf.identity,
        pad: bool = False,
        training: bool = False,
        dtype: DTypeLike = np.uint8,
        label: str = "the network",
    ):
        super().__init__()
        self._label, self._dtype = label, tf.as_dtype(dtype)
        self._size, self._pad = image_size and tuple(image_size), pad
        # The variables to save. Saving the model itself would also save the functions that train its layers.
        self._variables = [*model.image_generator.variables, model.step_counter.step]
        self._reference_histogram = model.reference_histogram
        self._translate_inputs = functools.partial(model.translate_inputs, training=training)
        self._color_space = color_space
        self._make_batch = functools.partial(
            network_batch, color_space=color_space, channels=channels, out_channels=out_channels
        )
        self._to_source = to_source
        self.images = tf.TensorSpec([None, None, None, 3], self._dtype)
        histogram = tf.TensorSpec(model.generator.output["histogram"].shape, tf.float32)
        self._histogram_shape = histogram.shape[1:]
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
    def __call__(self, source: tf.Tensor, reference: tf.Tensor) -> tf.Tensor:
        return self.translate(source, self.histogram(reference))

    def at_size(self, height: int | None, width: int | None, *, takes_reference: bool = True) -> Callable:
        """Return `translate` for one source, without resizing and checks, for other runtimes than TensorFlow.

        Args:
            height, width: size of the source, which must be the network's if it has one; None for any size.
            takes_reference: whether the generator takes a reference.

        Returns:
            A `tf.function` of ``source [1,h,w,3]`` and, if it takes a reference, ``histogram [1,C,K]``. It returns
            ``[1,h,w,3]``.
        """
        specs = [
            tf.TensorSpec([1, height, width, 3], self._dtype, name="source"),
            tf.TensorSpec([1, *self._histogram_shape], tf.float32, name="histogram"),
        ]

        def translate(source, histogram):
            return self._to_integers(self._translate_rgb(_to_float(self._source(source)), histogram))

        def translate_alone(source):
            return translate(source, tf.zeros(specs[1].shape))

        if takes_reference:
            return tf.function(translate, autograph=False, input_signature=specs)
        return tf.function(translate_alone, autograph=False, input_signature=specs[:1])

    def outputs(self, source: ArrayLike, histogram: ArrayLike, strength: float = 1.0) -> np.ndarray:
        """Return the outputs of `translate` as an array, for a histogram blended with the sources' (see `blend`).

        Args:
            source: images ``[B,h,w,3]`` of the translator's dtype.
            histogram: the references' histograms ``[B or 1,C,K]``.
            strength: from 0 (the colors of the sources) to 1 (the colors of the references).

        Raises:
            NotFiniteError: if an output is not finite.
        """
        if strength != 1:
            histogram = self.blend(source, histogram, strength)
        try:
            return self.translate(source, histogram).numpy()
        except tf.errors.InvalidArgumentError as error:
            if _NOT_FINITE not in error.message:
                raise
            message = f"{self._label} makes images that are not finite; give another --checkpoint"
            raise NotFiniteError(message) from None

    def _source(self, images):
        source = self._make_batch({"source": _to_float(images)}, to_source=self._to_source)["source"]
        return self._to_integers(to_rgb(source, self._color_space))

    def _histogram(self, reference):
        return self._reference_histogram(self._make_batch({"reference": _to_float(reference)})["reference"])

    def _blend(self, source, histogram, strength):
        return strength * histogram + (1 - strength) * self._histogram(self._source(source))

    def _translate(self, source, histogram):
        count, references = tf.shape(source)[0], tf.shape(histogram)[0]
        fits = tf.debugging.Assert((references == count) | (references == 1), [_COUNTS, count, references])
        with tf.control_dependencies([fits]):
            rgb = _to_float(self._source(source))  # so that an image and its source give the same output
            histogram = tf.repeat(histogram, count // references, axis=0)
        make_output = self._translate_rgb if self._size is None else self._translate_resized
        return self._to_integers(make_output(rgb, histogram))

    def _translate_rgb(self, rgb, histogram):
        inputs = self._make_batch({"source": rgb}) | {"reference_histogram": histogram}
        return to_rgb(tf.debugging.check_numerics(self._translate_inputs(inputs), _NOT_FINITE), self._color_space)

    def _translate_resized(self, rgb, histogram):
        size = tf.shape(rgb)[1:3]
        scaled = self._scaled_size(size)
        output = self._translate_rgb(_mirror_pad(_resize(rgb, scaled), self._size), histogram)
        before = (self._size - scaled) // 2
        output = output[:, before[0] : before[0] + scaled[0], before[1] : before[1] + scaled[1]]
        return _resize(output, size)

    def _scaled_size(self, size):
        """Return the size to which a source of ``size`` is scaled."""
        if not self._pad:
            return tf.constant(self._size)
        scale = tf.reduce_min(tf.constant(self._size, tf.float64) / tf.cast(size, tf.float64))
        return tf.clip_by_value(tf.cast(tf.round(tf.cast(size, tf.float64) * scale), tf.int32), 1, self._size)

    def _to_integers(self, rgb):
        return tf.cast(tf.round(rgb * float(self._dtype.max)), self._dtype)


def _to_float(images):
    return tf.image.convert_image_dtype(images, tf.float32)


def _resize(images, size):
    """Resize ``[B,h,w,C]`` in [0, 1] to ``size``: bicubic, antialiased. Images of that size are returned unchanged."""
    return tf.cond(
        tf.reduce_all(tf.shape(images)[1:3] == size),
        lambda: images,
        lambda: tf.clip_by_value(tf.image.resize(images, size, "bicubic", antialias=True), 0.0, 1.0),
    )


def _mirror_pad(images, size):
    """Center ``[B,h,w,C]`` in images of ``size`` and fill the rest with mirror images."""
    for axis, wanted in zip((1, 2), size, strict=True):
        length = tf.shape(images)[axis]
        place = tf.math.floormod(tf.range(wanted) - (wanted - length) // 2, 2 * length)
        images = tf.gather(images, tf.minimum(place, 2 * length - 1 - place), axis=axis)
    return tf.ensure_shape(images, [None, *size, None])
