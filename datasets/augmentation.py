"""Random crops and mirroring of images: pure functions of a stateless key."""

import tensorflow as tf

JITTER = 286 / 256  # pix2pix resizes 256 to 286 before it crops


def random_key(seed, *numbers):
    """A stateless key, int64 ``[2]``: the seed and one number, with each further number folded in."""
    first, *rest = (tf.cast(number, tf.int64) for number in numbers)
    key = tf.stack([tf.cast(seed, tf.int64), first])
    for number in rest:
        key = tf.random.experimental.stateless_fold_in(key, number)
    return key


def jitter_size(size):
    """The size that images are resized to before ``size`` is cropped from them."""
    return tuple(round(side * JITTER) for side in size)


def jitter(image, size, key):
    """``[h, w, C]`` to ``[H, W, C]``: cropped at random, and mirrored half of the time."""
    crop_key, mirror_key = tf.unstack(tf.random.experimental.stateless_split(key, 2))
    crop = tf.image.stateless_random_crop(image, [*size, tf.shape(image)[-1]], crop_key)
    return tf.image.stateless_random_flip_left_right(crop, mirror_key)
