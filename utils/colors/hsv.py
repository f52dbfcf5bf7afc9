"""Convert between RGB and HSV, both in [0, 1], with differentiable functions of float ``[..., 3]`` tensors."""

import tensorflow as tf

# The gradient of hue grows as 1/chroma, without bound near gray. The gradient of saturation grows as 1/value, without
# bound near black. So gradients are computed with a chroma and a value of at least LEAST_DIVISOR.
LEAST_DIVISOR = 0.05


def rgb_to_hsv(rgb):
    """Convert RGB to hue (red 0, green 1/3, blue 2/3), saturation and value. The hue of gray is 0.

    It returns the same values as `tf.image.rgb_to_hsv`, but no gradient exceeds 1/LEAST_DIVISOR.
    """
    red, green, blue = tf.unstack(rgb, axis=-1)
    value = tf.reduce_max(rgb, axis=-1)
    chroma = value - tf.reduce_min(rgb, axis=-1)
    sixths = tf.where(
        value == red,
        _ratio(green - blue, chroma),
        tf.where(value == green, 2.0 + _ratio(blue - red, chroma), 4.0 + _ratio(red - green, chroma)),
    )
    hue = tf.where(chroma > 0, tf.where(sixths < 0, sixths + 6.0, sixths) / 6.0, 0.0)
    return tf.stack([hue, _ratio(chroma, value), value], axis=-1)


def hsv_to_rgb(hsv):
    """Convert HSV to RGB. Hue may be any number; it wraps around."""
    hue, saturation, value = tf.unstack(hsv, axis=-1)
    channels = []
    for shift in (5.0, 3.0, 1.0):
        place = tf.math.floormod(shift + 6.0 * hue, 6.0)
        ramp = tf.clip_by_value(tf.minimum(place, 4.0 - place), 0.0, 1.0)
        channels.append(value * (1.0 - saturation * ramp))
    return tf.stack(channels, axis=-1)


def _ratio(part, whole):
    """Return part / whole, or 0 if whole is 0. The gradient uses a whole of at least LEAST_DIVISOR."""
    gentle = part / tf.maximum(whole, LEAST_DIVISOR)
    return gentle + tf.stop_gradient(tf.math.divide_no_nan(part, whole) - gentle)
