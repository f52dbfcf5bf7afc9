"""Convert between sRGB in [0, 1] and CIE L*a*b* (1976, D65, 2 degrees): differentiable, float ``[..., 3]``."""

import numpy as np
import tensorflow as tf

_XYZ_OF_RGB = np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
_WHITE = np.array([0.95047, 1.0, 1.08883])
_TO_XYZ = np.float32(_XYZ_OF_RGB / _WHITE[:, None]).T  # relative to white
_TO_RGB = np.float32(np.linalg.inv(_XYZ_OF_RGB / _WHITE[:, None])).T
_DARK = 6 / 29  # below _DARK**3, the tangent replaces the cube root


def rgb_to_lab(rgb):
    """Convert sRGB to L*a*b*: L in [0, 100], a and b between -128 and 128."""
    bright = tf.pow((tf.maximum(rgb, 0.04045) + 0.055) / 1.055, 2.4)
    linear = tf.where(rgb > 0.04045, bright, rgb / 12.92)
    xyz = tf.tensordot(linear, _TO_XYZ, 1)
    root = tf.pow(tf.maximum(xyz, _DARK**3), 1 / 3)
    x, y, z = tf.unstack(tf.where(xyz > _DARK**3, root, xyz / (3 * _DARK**2) + 4 / 29), axis=-1)
    return tf.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], axis=-1)


def lab_to_rgb(lab):
    """Convert L*a*b* to sRGB. Colors outside the gamut of sRGB give values outside [0, 1]."""
    lightness, a, b = tf.unstack(lab, axis=-1)
    y = (lightness + 16.0) / 116.0
    roots = tf.stack([y + a / 500.0, y, y - b / 200.0], axis=-1)
    xyz = tf.where(roots > _DARK, roots**3, 3 * _DARK**2 * (roots - 4 / 29))
    linear = tf.tensordot(xyz, _TO_RGB, 1)
    bright = 1.055 * tf.pow(tf.maximum(linear, 0.0031308), 1 / 2.4) - 0.055
    return tf.where(linear > 0.0031308, bright, 12.92 * linear)
