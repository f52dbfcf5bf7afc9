"""Interpolate lattices of colors, with a gradient."""

import tensorflow as tf


def interpolate_lattices(lattices, colors):
    """Interpolate each lattice at the colors of its image, trilinearly.

    It is two products of matrices, so its gradient with respect to the lattices is fast.

    Args:
        lattices: float ``[B, n, n, n, C]``, values at evenly spaced colors, indexed ``[r, g, b]``; n at least 2.
        colors: float ``[B, P, 3]``, RGB. Colors outside [0, 1] are clipped first.

    Returns:
        float ``[B, P, C]``.
    """
    size, channels = lattices.shape[3:]
    positions = tf.clip_by_value(colors, 0.0, 1.0) * (size - 1.0)
    tents = tf.nn.relu(1 - tf.abs(positions[..., None] - tf.range(size, dtype=colors.dtype)))  # [B,P,3,n]
    red, green, blue = tf.unstack(tents, axis=2)
    pixels = tf.shape(colors)[1]
    both = tf.reshape(green[..., :, None] * blue[..., None, :], [-1, pixels, size**2])
    planes = tf.reshape(tf.transpose(lattices, [0, 2, 3, 1, 4]), [-1, size**2, size * channels])
    along_red = tf.reshape(both @ planes, [-1, pixels, size, channels])
    return tf.reduce_sum(red[..., None] * along_red, axis=2)
