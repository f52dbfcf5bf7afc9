"""Decode image files of any format, size and pixel type."""

import math

from utils.images import jpeg, png, tiff
from utils.images.formats import RAW_STARTS, read_raw
from utils.images.pixels import to_rgb
from utils.images.profiles import fitting
from utils.images.with_pillow import read_with_pillow

_READERS = {
    png.SIGNATURE: png.read_png,
    jpeg.START: jpeg.read_jpeg,
    **dict.fromkeys(RAW_STARTS, read_raw),  # before those of a TIFF
    **dict.fromkeys(tiff.STARTS, tiff.read_tiff),
}


def decode(encoded):
    """Decode the bytes of an image file to RGB ``[H, W, 3]``: uint16 if it has more than 8 bits, otherwise uint8.

    The EXIF orientation is applied. Of several frames the first one is decoded, and of several pages the largest one.
    Palette indices become colors, and transparent pixels are composited on white. Colors are converted to sRGB from
    what the file says about them: a color profile, the chunks of a PNG, or a camera's EXIF data. CMYK without a profile
    is converted as (1 - C)(1 - K), also in Adobe's files, which store inverted values.

    Raises:
        Exception: of any type, from the decoders, if the bytes are not an image, are damaged, or end early.
        ValueError: if the range of the pixels is unknown: integers of 32 bits, or floats outside [0, 1].
    """
    return to_rgb(read_pixels(encoded))


def read_pixels(encoded, max_megapixels=math.inf):
    """Read the bytes of an image file as `pixels.Pixels`.

    Raises:
        TooLargeError: if it has more than ``max_megapixels`` million pixels; before they are decoded.
        Exception: as `decode`.
    """
    read = next((read for start, read in _READERS.items() if encoded.startswith(start)), read_with_pillow)
    found = read(encoded, max_megapixels)
    profile, notes = fitting(found.profile, found.space)
    return found._replace(profile=profile, notes=found.notes + notes)
