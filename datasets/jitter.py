"""Crop and mirror images at random, with pure functions of an image and a stateless key."""

import tensorflow as tf

JITTER = 286 / 256  # pix2pix resizes images to 286 pixels and crops them to 256


def random_key(seed, *numbers):
    """Make a stateless key, int64 ``[2]``. Different numbers give different keys.

    The key starts as the seed and the first number. Then each further number is folded in.
    """
    first, *rest = (tf.cast(number, tf.int64) for number in numbers)
    key = tf.stack([tf.cast(seed, tf.int64), first])
    for number in rest:
        key = tf.random.experimental.stateless_fold_in(key, number)
    return key


def jitter_size(size):
    """Return the size to resize images to before they are cropped to ``size``."""
    return tuple(round(side * JITTER) for side in size)


def random_crop(image, size, key, *, mirror=True):
    """Crop ``[h, w, C]`` to ``[H, W, C]`` at a random place. With ``mirror``, also mirror it half of the time."""
    crop_key, mirror_key = tf.unstack(tf.random.experimental.stateless_split(key, 2))
    crop = tf.image.stateless_random_crop(image, [*size, tf.shape(image)[-1]], crop_key)
    return tf.image.stateless_random_flip_left_right(crop, mirror_key) if mirror else crop
