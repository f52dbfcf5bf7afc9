"""Images as arrays: convert between 8 bits, 16 bits and floats, and tile images into a sheet."""

import numpy as np


def to_integers(rgb, dtype):
    """Convert RGB of any shape from float in [0, 1] to uint8 or uint16, with rounding."""
    return np.round(np.asarray(rgb) * np.iinfo(dtype).max).astype(dtype)


def to_uint8(rgb):
    """Convert RGB of any shape from float in [0, 1] to uint8, with rounding."""
    return to_integers(rgb, np.uint8)


def to_float(rgb):
    """Convert RGB of any shape from uint8 or uint16 to float32 in [0, 1]."""
    rgb = np.asarray(rgb)
    return rgb.astype(np.float32) / np.iinfo(rgb.dtype).max


def with_depth(rgb, dtype):
    """Convert RGB of any shape to ``dtype``, uint8 or uint16. Converting 8 bits to 16 and back is exact."""
    rgb = np.asarray(rgb)
    if rgb.dtype == dtype:
        return rgb
    return rgb.astype(np.uint16) * 257 if dtype == np.uint16 else np.round(rgb / 257).astype(np.uint8)


def image_sheet(rows):
    """Tile rows of uint8 images ``[H, W, 3]``, all the same size, into one image ``[rows H, columns W, 3]``."""
    return np.concatenate([np.concatenate(list(row), axis=1) for row in rows], axis=0)
