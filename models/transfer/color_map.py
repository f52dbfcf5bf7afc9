"""One map of colors for a whole image: an affine map plus a lattice of shifts, which is a 3D lookup table."""

import numpy as np
import tensorflow as tf

from utils.images import to_float, to_integers

STRIP = 2**20  # pixels that are processed at once


class ColorMap:
    """``out = A x + b + lattice(x)`` for colors x, RGB in [0, 1]; the lattice is interpolated trilinearly.

    Args:
        affine: A and b, ``[3, 4]``.
        lattice: shifts ``[n, n, n, 3]`` at evenly spaced colors, indexed by R, G and B.
    """

    def __init__(self, affine, lattice):
        self.affine, self.lattice = np.float32(affine), np.float32(lattice)

    def apply(self, images, strength=1.0):
        """The map of RGB float ``[..., 3]`` in [0, 1]: as many float32, which may lie somewhat outside of [0, 1].

        Args:
            images: colors. What lies outside of [0, 1] is clipped.
            strength: 0 for the colors themselves, 1 for the map; more exaggerates it.
        """
        table = self._table(strength)
        colors = np.asarray(images, np.float32)
        flat, outputs = colors.reshape(-1, 3), np.empty_like(colors).reshape(-1, 3)
        for start in range(0, len(flat), STRIP):
            outputs[start : start + STRIP] = interpolate(table, flat[start : start + STRIP])
        return outputs.reshape(colors.shape)

    def translate(self, image, strength=1.0):
        """The map of an image, RGB uint8 or uint16 ``[H, W, 3]``: as many bits. ``strength`` is that of `apply`."""
        table = self._table(strength)
        flat, outputs = image.reshape(-1, 3), np.empty_like(image).reshape(-1, 3)
        for start in range(0, len(flat), STRIP):
            mapped = interpolate(table, to_float(flat[start : start + STRIP])).numpy()
            outputs[start : start + STRIP] = to_integers(np.clip(mapped, 0, 1, out=mapped), image.dtype)
        return outputs.reshape(image.shape)

    def sample(self, size=33):
        """The map as a lookup table: float32 ``[size, size, size, 3]``, indexed by R, G and B."""
        return self.apply(lattice_colors(size))

    def _table(self, strength):
        """The outputs at the lattice's colors ``[n, n, n, 3]``. An affine map is its own trilinear interpolation."""
        colors = lattice_colors(len(self.lattice))
        mapped = colors @ self.affine[:, :3].T + self.affine[:, 3] + self.lattice
        return np.float32(colors + strength * (mapped - colors))


def lattice_colors(size):
    """The colors of a lattice: float32 ``[size, size, size, 3]`` in [0, 1], indexed by R, G and B."""
    return np.stack(np.meshgrid(*[np.linspace(0, 1, size, dtype=np.float32)] * 3, indexing="ij"), axis=-1)


@tf.function(autograph=False, input_signature=[tf.TensorSpec([None, None, None, 3]), tf.TensorSpec([None, 3])])
def interpolate(table, colors):
    """Trilinear interpolation of a table ``[n, n, n, 3]`` at colors ``[N, 3]``, clipped to [0, 1]: ``[N, 3]``."""
    size = tf.shape(table)[0]
    positions = tf.clip_by_value(colors, 0.0, 1.0) * tf.cast(size - 1, tf.float32)
    cells = tf.minimum(tf.cast(positions, tf.int32), size - 2)
    r, g, b = tf.unstack(positions - tf.cast(cells, tf.float32), axis=-1)
    corners = tf.gather(_corners(table), tf.tensordot(cells, tf.stack([(size - 1) ** 2, size - 1, 1]), 1))  # [N,24]
    along_b = _between(*tf.split(corners, 2, axis=-1), r)
    along_g = _between(*tf.split(along_b, 2, axis=-1), g)
    return _between(*tf.split(along_g, 2, axis=-1), b)


def _corners(table):
    """The 8 corners of each cell ``[(n - 1)^3, 24]``: R changes slowest, then G, then B."""
    halves = [slice(None, -1), slice(1, None)]
    corners = tf.stack([table[r, g, b] for r in halves for g in halves for b in halves], axis=3)
    return tf.reshape(corners, [-1, 24])


def _between(low, high, fraction):
    return low + (high - low) * fraction[:, None]


def tent_weights(colors, size):
    """The weights of `interpolate` for colors ``[N, 3]`` in two factors: by R ``[N, n]``, by G and B ``[N, n^2]``."""
    positions = tf.clip_by_value(colors, 0.0, 1.0) * (size - 1.0)
    red, green, blue = tf.unstack(tf.nn.relu(1 - tf.abs(positions[..., None] - tf.range(float(size)))), axis=1)
    return red, tf.reshape(green[:, :, None] * blue[:, None, :], [-1, size**2])


def weighted_shifts(lattice, weights):
    """The lattice's shifts ``[N, 3]`` at the colors whose `tent_weights` are given: two products, no scatter."""
    red, green_blue = weights
    size = lattice.shape[0]
    planes = tf.reshape(tf.transpose(lattice, [1, 2, 0, 3]), [size**2, size * 3])
    return tf.reduce_sum(red[:, :, None] * tf.reshape(green_blue @ planes, [-1, size, 3]), axis=1)
