"""Convert RGB in [0, 1] to the network's colors and back, with pure functions of float ``[..., C]`` tensors.

The table in `utils.colors.spaces` defines each space. An image of one channel holds the luminance, ``Y * 2 - 1``,
whatever the space.
"""

import functools
from pkgutil import resolve_name

import numpy as np
import tensorflow as tf

from utils.colors.spaces import COLOR_SPACES


def to_network(rgb, color_space, channels=3):
    """Convert RGB ``[..., 3]`` in [0, 1] to the network's colors ``[..., channels]``."""
    if channels == 1:
        return tf.image.rgb_to_yuv(rgb)[..., :1] * 2.0 - 1.0
    space = COLOR_SPACES[color_space]
    values = _function(space.from_rgb)(rgb) if space.from_rgb else rgb
    return values * space.scale + space.shift


def to_rgb(images, color_space):
    """Convert the network's colors ``[..., 1 or 3]`` to RGB ``[..., 3]`` in [0, 1]. One channel becomes gray."""
    return tf.clip_by_value(_unclipped_rgb(images, color_space), 0.0, 1.0)


def _unclipped_rgb(images, color_space):
    if images.shape[-1] == 1:
        return tf.repeat((images + 1.0) / 2.0, 3, axis=-1)
    space = COLOR_SPACES[color_space]
    values = (images - space.shift) / space.scale
    return _function(space.to_rgb)(values) if space.to_rgb else values


def convert(images, source, target):
    """Convert the network's colors from space ``source`` to ``target``. Images of one channel do not change."""
    if source == target or images.shape[-1] == 1:
        return images
    return to_network((_unclipped_rgb if COLOR_SPACES[target].extends else to_rgb)(images, source), target)


def rgb_to_directions(rgb):
    """Scale RGB ``[..., 3]`` from [0, 1] to [-1, 1] and project it onto 13 directions: ``[..., 13]``.

    The directions are the axes, the face diagonals and the space diagonals of the RGB cube, each divided by the sum of
    its absolute entries, so that colors in the cube stay in [-1, 1]. Histograms along them show which values of R, G
    and B occur together. The mean of their Earth Mover's Distances of order 1 is a sliced Wasserstein distance of
    colors.
    """
    return tf.tensordot(2.0 * rgb - 1.0, _DIRECTIONS, 1)


def directions_to_rgb(values):
    """Invert `rgb_to_directions`. The first three directions are the axes, so only they are used."""
    return (values[..., :3] + 1.0) / 2.0


def gray(rgb):
    """Convert RGB ``[..., 3]`` to gray: three channels that all hold the luminance."""
    return tf.repeat(tf.image.rgb_to_yuv(rgb)[..., :1], 3, axis=-1)


def _direction(name):
    """Convert a name such as ``"r-g"`` to a vector ``[3]`` whose absolute entries sum to 1."""
    signs = np.array([0 if color not in name else -1 if f"-{color}" in name else 1 for color in "rgb"])
    return np.float32(signs / np.abs(signs).sum())


_DIRECTIONS = np.stack([_direction(name) for name in COLOR_SPACES["directions"].channels], axis=1)  # [3,13]
_function = functools.cache(resolve_name)  # AutoGraph does not convert a cached function
