"""Decode image files of any format, size and pixel type with Pillow."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

FORMATS = ("BMP", "JPEG", "PNG", "TIFF", "WEBP")
SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


def decode(encoded):
    """Decode the bytes of an image file to RGB, uint8 ``[H, W, 3]``.

    The EXIF orientation is applied. Of several frames the first is taken. Values of 16 bits are scaled to 8, palettes
    are looked up, transparent pixels are laid on white, and CMYK is converted as (1 - C)(1 - K), also in Adobe's
    inverted files. Color profiles are ignored.

    Raises:
        Exception: of any type, by Pillow, for bytes that are not an image, are damaged or end early.
        ValueError: for pixels of 32 bits, since their range is unknown.
    """
    with Image.open(BytesIO(encoded), formats=FORMATS) as image:
        ImageOps.exif_transpose(image, in_place=True)
        if image.mode.startswith("I;16"):
            gray = np.round(np.asarray(image) / 257).astype(np.uint8)
            return np.repeat(gray[..., None], 3, axis=-1)
        if image.mode in ("I", "F"):
            raise ValueError("pixels of 32 bits, whose range is unknown")
        if image.has_transparency_data:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        return np.asarray(image.convert("RGB"))
