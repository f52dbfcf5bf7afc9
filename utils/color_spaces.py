"""Colour spaces: RGB in [0, 1] to the network's colours and back. Pure functions of float ``[..., C]`` tensors.

The network's colours lie in [-1, 1], but for V of YUV, which reaches +-1.23:

* ``yuv``: Y*2-1, U*2, V*2 (BT.601, as `tf.image.rgb_to_yuv`);
* ``rgb``: R*2-1, G*2-1, B*2-1.

One channel is the luminance alone, Y*2-1, in either space.
"""

import tensorflow as tf

CHANNEL_NAMES = {"yuv": ("y", "u", "v"), "rgb": ("r", "g", "b")}
_YUV_SCALE, _YUV_SHIFT = (2.0, 2.0, 2.0), (-1.0, 0.0, 0.0)


def channel_names(color_space, channels=3):
    """What the network's channels are called: ``("y", "u", "v")``; of one channel, ``("y",)``."""
    return CHANNEL_NAMES[color_space] if channels == 3 else ("y",)


def to_network(rgb, color_space, channels=3):
    """RGB ``[..., 3]`` in [0, 1] to the network's colours ``[..., channels]``."""
    if channels == 1:
        return tf.image.rgb_to_yuv(rgb)[..., :1] * 2.0 - 1.0
    if color_space == "yuv":
        return tf.image.rgb_to_yuv(rgb) * _YUV_SCALE + _YUV_SHIFT
    return rgb * 2.0 - 1.0


def to_rgb(images, color_space):
    """The network's colours ``[..., 1 or 3]`` to RGB ``[..., 3]``, clipped to [0, 1]; one channel becomes grey."""
    if images.shape[-1] == 1:
        rgb = tf.repeat((images + 1.0) / 2.0, 3, axis=-1)
    elif color_space == "yuv":
        rgb = tf.image.yuv_to_rgb((images - _YUV_SHIFT) / _YUV_SCALE)
    else:
        rgb = (images + 1.0) / 2.0
    return tf.clip_by_value(rgb, 0.0, 1.0)


def grey(rgb):
    """The grey version of RGB ``[..., 3]``: three equal channels of its luminance."""
    return tf.repeat(tf.image.rgb_to_yuv(rgb)[..., :1], 3, axis=-1)
