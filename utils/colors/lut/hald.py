"""Hald images (Eskil Steenberg): color lookup tables as square PNG images.

An image of level L has sides of L^3 pixels. Its pixels, row by row, are the entries of a table of size L^2; red changes
fastest, blue slowest. To make a table with any photo editor, apply the color change to the Hald image of the identity.
"""

import struct
from pathlib import Path

import imagecodecs
import numpy as np

from utils.colors.lut.table import apply_lut, from_rows, identity_lut, to_rows
from utils.errors import UserError, reason, user_error_on_oserror
from utils.files import atomic_write
from utils.images import to_float, to_integers

_SIDES = {level**3 for level in range(2, 17)}
_HEADER_END = 24  # bytes; the last eight are the width and the height


def write_hald(path, lut, *, level=8):
    """Write a table ``[n, n, n, 3]`` as a Hald image, a PNG of 16 bits, atomically.

    The table is resampled to the size level^2 with trilinear interpolation. Values outside [0, 1] are clipped.

    Raises:
        UserError: if the file cannot be written.
    """
    rows = to_rows(apply_lut(lut, identity_lut(level**2)))
    pixels = to_integers(np.clip(rows, 0, 1), np.uint16).reshape(level**3, level**3, 3)
    with user_error_on_oserror(path), atomic_write(path) as temporary:
        temporary.write_bytes(imagecodecs.png_encode(pixels, level=1))


def read_hald(path):
    """Read a Hald image, a PNG of 8 or 16 bits, as float32 ``[n, n, n, 3]``, indexed ``[r, g, b]``.

    Color profiles are ignored, because the numbers in a table are not the colors of a photograph.

    Raises:
        UserError: if the file cannot be read, is not a PNG, is damaged, or does not have sides of L^3 pixels.
    """
    with user_error_on_oserror(path, "give another file", verb="read"):
        encoded = Path(path).read_bytes()
    try:
        width, height = _size(encoded)
        pixels = imagecodecs.png_decode(encoded) if width == height and width in _SIDES else None
    except (ValueError, imagecodecs.PngError) as error:
        raise UserError(f"{path} is not a PNG, or is damaged ({reason(error)}); give another file") from None
    if pixels is None:
        raise UserError(
            f"{path} is not a Hald image: its sides should be L^3 pixels, such as 512, got {width} x {height}; "
            "give a .cube file or a Hald image"
        )
    return from_rows(to_float(_to_rgb(pixels)).reshape(-1, 3))


def _size(encoded):
    """Read the width and height from the header of a PNG."""
    if len(encoded) < _HEADER_END or not imagecodecs.png_check(encoded):
        raise ValueError("it has no PNG header")
    return struct.unpack_from(">II", encoded, _HEADER_END - 8)


def _to_rgb(pixels):
    """Convert ``[H, W]`` or ``[H, W, C]`` to ``[H, W, 3]``: repeat gray, and drop opacity."""
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    return np.repeat(pixels[..., :1], 3, axis=-1) if pixels.shape[-1] < 3 else pixels[..., :3]
