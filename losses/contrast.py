"""Contrast that the output adds to its content (halos, false tints in skies and walls), and the share of flat areas."""

from collections.abc import Sequence

import tensorflow as tf
from numpy.typing import ArrayLike


def false_contrast(
    content: ArrayLike,
    image: ArrayLike,
    *,
    distances: Sequence[int] = (4, 16),
    gain: float = 2.0,
    slack: float = 0.02,
) -> tf.Tensor:
    """The mean over pairs of pixels of ``relu(|d image| - gain |d content| - slack)``.

    The pixels of a pair are ``distance`` pixels apart in a row or a column; d is the difference of their colors, and
    ``|.|`` is its Euclidean norm over the channels. The output may have ``gain`` times the contrast of the content, but
    where the content is flat, it must be flat too.

    Args:
        content: float ``[B, H, W, C]``.
        image: the output, float ``[B, H, W, C']``.
        distances: distances in pixels. An image that is not larger than a distance has no pairs.
        gain: factor by which the output's contrast may exceed the content's.
        slack: color difference that is ignored.

    Returns:
        A scalar, 0 if the output is the content itself.
    """
    terms = [_excess(content, image, axis, distance, gain, slack) for axis in (1, 2) for distance in distances]
    return tf.add_n(terms) / len(terms)


def flat_share(images: ArrayLike, *, distance: int = 4, slack: float = 0.06) -> tf.Tensor:
    """The fraction of pixel pairs whose colors differ by less than ``slack``. The pairs are those of `false_contrast`.

    Args:
        images: float ``[B, H, W, C]``.
        distance: distance in pixels. An image that is not larger has no pairs.
        slack: color difference below which a pair is flat, as a Euclidean norm over the channels.

    Returns:
        A scalar from 0 to 1; 0 if there are no pairs.
    """
    contrasts = tf.concat([tf.reshape(_contrast(images, axis, distance), [-1]) for axis in (1, 2)], axis=0)
    return _mean_or_zero(tf.cast(contrasts < slack, contrasts.dtype))


def _excess(content, image, axis, distance, gain, slack):
    allowed, found = (_contrast(images, axis, distance) for images in (content, image))
    return _mean_or_zero(tf.nn.relu(found - gain * allowed - slack))


def _contrast(images, axis, distance):
    rows_or_columns = [slice(None)] * axis
    after, before = (images[(*rows_or_columns, part)] for part in (slice(distance, None), slice(None, -distance)))
    return tf.sqrt(tf.reduce_sum(tf.square(after - before), axis=-1) + 1e-6)  # keeps the gradient finite at 0


def _mean_or_zero(values):
    """The mean, or 0 if there are no values."""
    return tf.math.divide_no_nan(tf.reduce_sum(values), tf.cast(tf.size(values), values.dtype))
