"""A color map for a whole image: a 3D lookup table with trilinear interpolation."""

import numpy as np
from numpy.typing import ArrayLike

from utils.colors import apply_lut, identity_lut, map_distinct
from utils.images import to_float, to_integers

STRIP = 2**20  # pixels to process at once


class ColorMap:
    """A color map that is the same everywhere in an image.

    Args:
        table: RGB outputs at evenly spaced colors, float ``[n, n, n, 3]``, indexed ``[r, g, b]``.
    """

    def __init__(self, table: ArrayLike) -> None:
        self.table = np.float32(table)

    @classmethod
    def from_lattice(cls, affine: ArrayLike, lattice: ArrayLike) -> "ColorMap":
        """Make the map ``A x + b + lattice(x)``. A table can represent it without error.

        Args:
            affine: A and b, ``[3, 4]``.
            lattice: color shifts ``[n, n, n, 3]``, interpolated trilinearly.
        """
        affine, colors = np.float32(affine), identity_lut(len(lattice))
        return cls(colors @ affine[:, :3].T + affine[:, 3] + np.float32(lattice))

    def apply(self, images: ArrayLike, strength: float = 1.0) -> np.ndarray:
        """Map RGB float ``[..., 3]`` in [0, 1] to float32 of the same shape, which may lie slightly outside [0, 1].

        Args:
            images: colors. Values outside [0, 1] are clipped.
            strength: 0 returns the colors, 1 applies the map, and larger values exaggerate it.
        """
        return apply_lut(self.sample(len(self.table), strength), images)

    def translate(self, image: np.ndarray, strength: float = 1.0) -> np.ndarray:
        """Map an image, RGB uint8 or uint16 ``[H, W, 3]``, to one of the same type. ``strength`` is as in `apply`."""
        table = self.sample(len(self.table), strength)

        def recolor(colors):
            outputs = np.empty_like(colors)
            for start in range(0, len(colors), STRIP):
                mapped = apply_lut(table, to_float(colors[start : start + STRIP]))
                outputs[start : start + STRIP] = to_integers(np.clip(mapped, 0, 1, out=mapped), image.dtype)
            return outputs

        if image.dtype == np.uint8:  # with 16 bits there are too many colors for a table
            return map_distinct(recolor, image)
        return recolor(image.reshape(-1, 3)).reshape(image.shape)

    def sample(self, size: int = 33, strength: float = 1.0) -> np.ndarray:
        """Return the map as a table of another size and strength: float32 ``[size, size, size, 3]``."""
        colors = identity_lut(size)
        table = self.table if size == len(self.table) else apply_lut(self.table, colors)
        return np.float32(colors + strength * (table - colors))
