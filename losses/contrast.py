"""Measures of the contrast that an output adds to its content, such as halos and false tints, and of flat areas."""

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
    """Compute the mean of ``relu(|d image| - gain * |d content| - slack)`` over pairs of pixels.

    The pixels of a pair lie in the same row or column, one of ``distances`` apart. d is the difference of their colors,
    and ``|.|`` is the Euclidean norm over the channels. The output can have up to ``gain`` times the contrast of the
    content without loss, but where the content is flat, the output must be flat too.

    Args:
        content: float ``[B, H, W, C]``.
        image: the output, float ``[B, H, W, C']``.
        distances: distances in pixels. An image has no pairs in a direction in which it is not larger than the
            distance.
        gain: largest ratio of the output's contrast to the content's contrast that causes no loss.
        slack: additional color difference that causes no loss.

    Returns:
        A scalar; 0 if the output equals the content.
    """
    terms = [_excess(content, image, axis, distance, gain, slack) for axis in (1, 2) for distance in distances]
    return tf.add_n(terms) / len(terms)


def flat_share(images: ArrayLike, *, distance: int = 4, slack: float = 0.06) -> tf.Tensor:
    """Compute the fraction of pixel pairs whose colors differ by less than ``slack``. Pairs are as in `false_contrast`.

    Args:
        images: float ``[B, H, W, C]``.
        distance: distance in pixels. An image has no pairs in a direction in which it is not larger than the distance.
        slack: color difference (Euclidean norm over the channels) below which a pair counts as flat.

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
    """Return the mean of the values, or 0 if there are none."""
    return tf.math.divide_no_nan(tf.reduce_sum(values), tf.cast(tf.size(values), values.dtype))
