"""Interpolate lattices of colors, with a gradient."""

import tensorflow as tf


def tent_weights(colors: tf.Tensor, size: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Compute the trilinear weights of colors in a lattice, as two factors. `interpolate_lattices` takes them.

    Args:
        colors: float ``[B, P, 3]``, RGB. Colors outside [0, 1] are clipped first.
        size: n, the number of nodes along each axis; at least 2.

    Returns:
        float ``[B, P, n]``, the weights along R; and ``[B, P, n^2]``, those in the planes of G and B.
    """
    positions = tf.clip_by_value(colors, 0.0, 1.0) * (size - 1.0)
    tents = tf.nn.relu(1 - tf.abs(positions[..., None] - tf.range(size, dtype=colors.dtype)))  # [B,P,3,n]
    red, green, blue = tf.unstack(tents, axis=2)
    return red, tf.reshape(green[..., :, None] * blue[..., None, :], [-1, tf.shape(colors)[1], size**2])


def interpolate_lattices(lattices: tf.Tensor, weights: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
    """Interpolate each lattice at the colors of its image, trilinearly.

    It is two products of matrices, so its gradient with respect to the lattices is fast.

    Args:
        lattices: float ``[B, n, n, n, C]``, values at evenly spaced colors, indexed ``[r, g, b]``.
        weights: the colors' `tent_weights`.

    Returns:
        float ``[B, P, C]``.
    """
    red, green_blue = weights
    size, channels = lattices.shape[3:]
    planes = tf.reshape(tf.transpose(lattices, [0, 2, 3, 1, 4]), [-1, size**2, size * channels])
    along_red = tf.reshape(green_blue @ planes, [-1, tf.shape(red)[1], size, channels])
    return tf.reduce_sum(red[..., None] * along_red, axis=2)
