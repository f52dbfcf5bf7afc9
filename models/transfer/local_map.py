"""A map of colors with a bilateral grid on top, which may give one color different outputs in different places."""

import numpy as np

from models.transfer.grid import apply_grid
from utils.images import to_float, to_integers


class LocalMap:
    """A grid applied to what a color map gives.

    Args:
        color_map: a `ColorMap`.
        grid: float32 ``[1, h, w, d, 3, 4]`` (see `apply_grid`).
    """

    def __init__(self, color_map, grid):
        self.color_map, self.grid = color_map, grid

    def apply(self, image, strength=1.0):
        """The map of RGB float ``[H, W, 3]`` in [0, 1], which may come out somewhat outside of [0, 1]. ``strength``:
        0 for the image itself, 1 for the map; more exaggerates it."""
        mapped = self.color_map.apply(image)
        output = apply_grid(self.grid, np.clip(mapped, 0, 1, out=mapped)[None]).numpy()[0]
        return image + strength * (output - image)

    def translate(self, image, strength=1.0):
        """The map of an image, RGB uint8 or uint16 ``[H, W, 3]``: as many bits. ``strength`` is that of `apply`."""
        output = self.apply(to_float(image), strength)
        return to_integers(np.clip(output, 0, 1, out=output), image.dtype)
