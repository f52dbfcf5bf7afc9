"""Colour spaces: RGB in [0, 1] to the network's colours and back. Pure functions of float ``[..., C]`` tensors.

The network's colours lie in [-1, 1], but for V of YUV, which reaches +-1.23:

* ``yuv``: Y*2-1, U*2, V*2 (BT.601, as `tf.image.rgb_to_yuv`);
* ``rgb``: R*2-1, G*2-1, B*2-1;
* ``hsv``: H*2-1, S*2-1, V*2-1, hue from 0 to 1;
* ``lab``: L/50-1, a/128, b/128.

One channel is the luminance alone, Y*2-1, in every space.
"""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

from utils.hsv import hsv_to_rgb, rgb_to_hsv
from utils.lab import lab_to_rgb, rgb_to_lab


class Space(NamedTuple):
    """A colour space, and how its values are scaled and shifted for a network."""

    names: tuple
    from_rgb: Callable
    to_rgb: Callable
    scale: tuple
    shift: tuple


SPACES = {
    "yuv": Space(("y", "u", "v"), tf.image.rgb_to_yuv, tf.image.yuv_to_rgb, (2.0, 2.0, 2.0), (-1.0, 0.0, 0.0)),
    "rgb": Space(("r", "g", "b"), tf.identity, tf.identity, (2.0, 2.0, 2.0), (-1.0, -1.0, -1.0)),
    "hsv": Space(("h", "s", "v"), rgb_to_hsv, hsv_to_rgb, (2.0, 2.0, 2.0), (-1.0, -1.0, -1.0)),
    "lab": Space(("l", "a", "b"), rgb_to_lab, lab_to_rgb, (1 / 50, 1 / 128, 1 / 128), (-1.0, 0.0, 0.0)),
}


def channel_names(color_space, channels=3):
    """What the network's channels are called: ``("y", "u", "v")``; of one channel, ``("y",)``."""
    return SPACES[color_space].names if channels == 3 else ("y",)


def to_network(rgb, color_space, channels=3):
    """RGB ``[..., 3]`` in [0, 1] to the network's colours ``[..., channels]``."""
    if channels == 1:
        return tf.image.rgb_to_yuv(rgb)[..., :1] * 2.0 - 1.0
    space = SPACES[color_space]
    return space.from_rgb(rgb) * space.scale + space.shift


def to_rgb(images, color_space):
    """The network's colours ``[..., 1 or 3]`` to RGB ``[..., 3]``, clipped to [0, 1]; one channel becomes grey."""
    if images.shape[-1] == 1:
        rgb = tf.repeat((images + 1.0) / 2.0, 3, axis=-1)
    else:
        space = SPACES[color_space]
        rgb = space.to_rgb((images - space.shift) / space.scale)
    return tf.clip_by_value(rgb, 0.0, 1.0)


def convert(images, source, target):
    """Pictures in the colours of one space to those of another; one channel is the same in every space."""
    if source == target or images.shape[-1] == 1:
        return images
    return to_network(to_rgb(images, source), target)


def grey(rgb):
    """The grey version of RGB ``[..., 3]``: three equal channels of its luminance."""
    return tf.repeat(tf.image.rgb_to_yuv(rgb)[..., :1], 3, axis=-1)
