"""A color map followed by a bilateral grid. The same color may get different outputs in different places."""

import numpy as np

from models.transfer.color_map import ColorMap
from models.transfer.grid import apply_grid
from utils.images import to_float, to_integers


class LocalMap:
    """A color map followed by a grid.

    Args:
        color_map: a `ColorMap`.
        grid: float32 ``[1, h, w, d, 3, 4]`` (see `apply_grid`).
    """

    def __init__(self, color_map: ColorMap, grid: np.ndarray) -> None:
        self.color_map, self.grid = color_map, grid

    def apply(self, image: np.ndarray, strength: float = 1.0) -> np.ndarray:
        """Map RGB float ``[H, W, 3]`` in [0, 1] to the same shape. The output may lie slightly outside [0, 1].

        ``strength``: 0 returns the image, 1 applies the map, and larger values exaggerate it.
        """
        mapped = self.color_map.apply(image)
        output = apply_grid(self.grid, np.clip(mapped, 0, 1, out=mapped)[None]).numpy()[0]
        return image + strength * (output - image)

    def translate(self, image: np.ndarray, strength: float = 1.0) -> np.ndarray:
        """Map an image, RGB uint8 or uint16 ``[H, W, 3]``, to one of the same type. ``strength`` is as in `apply`."""
        output = self.apply(to_float(image), strength)
        return to_integers(np.clip(output, 0, 1, out=output), image.dtype)
