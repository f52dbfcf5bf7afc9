"""Contrast that an output has and its content has not: halos, and false tints in skies and walls; and flatness."""

import tensorflow as tf


def false_contrast(content, image, *, distances=(4, 16), gain=2.0, slack=0.02):
    """The mean over pairs of pixels of ``relu(|d image| - gain |d content| - slack)``.

    The pixels of a pair lie in one row or one column, ``distance`` pixels apart; d is the difference of their colors,
    ``|.|`` its Euclidean norm over the channels. A transform may raise the contrast of the content gain-fold. Where the
    content is flat the output must be so too.

    Args:
        content: ``[B, H, W, C]``.
        image: the output ``[B, H, W, C']``.
        distances: in pixels. Where an image is smaller, there are no pairs.
        gain: how many times the content's contrast the output's may be.
        slack: a difference of colors that does not count.

    Returns:
        A scalar, 0 for the content itself.
    """
    terms = [_excess(content, image, axis, distance, gain, slack) for axis in (1, 2) for distance in distances]
    return tf.add_n(terms) / len(terms)


def flat_share(images, *, distance=4, slack=0.06):
    """The share of pairs of pixels whose colors differ by less than ``slack``. The pairs are those of `false_contrast`.

    Args:
        images: ``[B, H, W, C]``.
        distance: in pixels. Where an image is smaller, there are no pairs.
        slack: a Euclidean norm over the channels.

    Returns:
        A scalar from 0 to 1; 0 without pairs.
    """
    contrasts = tf.concat([tf.reshape(_contrast(images, axis, distance), [-1]) for axis in (1, 2)], axis=0)
    return _mean_or_zero(tf.cast(contrasts < slack, contrasts.dtype))


def _excess(content, image, axis, distance, gain, slack):
    allowed, found = (_contrast(images, axis, distance) for images in (content, image))
    return _mean_or_zero(tf.nn.relu(found - gain * allowed - slack))


def _contrast(images, axis, distance):
    rows_or_columns = [slice(None)] * axis
    after, before = (images[(*rows_or_columns, part)] for part in (slice(distance, None), slice(None, -distance)))
    return tf.sqrt(tf.reduce_sum(tf.square(after - before), axis=-1) + 1e-6)  # the root has a gradient at 0


def _mean_or_zero(values):
    """The mean; 0 where there are no values."""
    return tf.math.divide_no_nan(tf.reduce_sum(values), tf.cast(tf.size(values), values.dtype))
