"""Penalties on a color map, an affine map A, b plus a lattice of shifts, so that it is smooth and light stays light."""

import tensorflow as tf

LEAST_RISE = 0.6  # of the output's intensity, as a fraction of the input's


def roughness(lattice: tf.Tensor) -> tf.Tensor:
    """Sum the mean squared second differences of ``[n, n, n, 3]`` over the three axes, and multiply by ``n^2``."""
    seconds = [
        lattice[2:] - 2 * lattice[1:-1] + lattice[:-2],
        lattice[:, 2:] - 2 * lattice[:, 1:-1] + lattice[:, :-2],
        lattice[:, :, 2:] - 2 * lattice[:, :, 1:-1] + lattice[:, :, :-2],
    ]
    return lattice.shape[0] ** 2 * tf.add_n([tf.reduce_mean(tf.square(second)) for second in seconds])


def disorder(affine: tf.Tensor, lattice: tf.Tensor) -> tf.Tensor:
    """Penalize a map where the intensity I of the output falls, or hardly rises, with R, G or B of the input.

    ``mean(max(LEAST_RISE - 3 dI/dc, 0)^2)`` over the channels c and the lattice, where I is the mean of R, G and B.
    Without it, the white of a sun may become darker than the orange around it. (Luminance would weight the channels
    differently, and so give color to gray.)

    Args:
        affine: A and b, float32 ``[3, 4]``.
        lattice: color shifts, float32 ``[n, n, n, 3]``.

    Returns:
        A scalar, 0 for the identity.
    """
    shifts = tf.reduce_sum(lattice, axis=-1)
    differences = [shifts[1:] - shifts[:-1], shifts[:, 1:] - shifts[:, :-1], shifts[:, :, 1:] - shifts[:, :, :-1]]
    rises = tf.unstack(tf.reduce_sum(affine[:, :3], axis=0))
    slopes = [rise + step * (lattice.shape[0] - 1.0) for rise, step in zip(rises, differences, strict=True)]
    return tf.add_n([tf.reduce_mean(tf.square(tf.nn.relu(LEAST_RISE - slope))) for slope in slopes]) / 3
