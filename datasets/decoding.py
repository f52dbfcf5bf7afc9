"""One way to decode a picture: Pillow's, for every format, size and kind of pixel."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

FORMATS = ("BMP", "JPEG", "PNG", "TIFF", "WEBP")
SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


def decode(encoded):
    """The bytes of a picture file to RGB, uint8 ``[H, W, 3]``.

    Turned upright as its EXIF orientation says; of several frames the first; 16 bit scaled to 8; palettes looked up;
    what is transparent laid on white; CMYK as (1 - C)(1 - K), Adobe's inverted files too. Colour profiles are ignored.

    Raises:
        Exception: whatever Pillow raises for bytes that are no picture, are damaged or end early; ValueError for
            pixels of 32 bits, whose range is not known.
    """
    with Image.open(BytesIO(encoded), formats=FORMATS) as picture:
        ImageOps.exif_transpose(picture, in_place=True)
        if picture.mode.startswith("I;16"):
            grey = np.round(np.asarray(picture) / 257).astype(np.uint8)
            return np.repeat(grey[..., None], 3, axis=-1)
        if picture.mode in ("I", "F"):
            raise ValueError("pixels of 32 bits, whose range is not known")
        if picture.has_transparency_data:
            picture = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
        return np.asarray(picture.convert("RGB"))
