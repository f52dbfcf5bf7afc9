"""Read JPEG files, and find damage that image viewers ignore."""

import simplejpeg
from PIL import UnidentifiedImageError

from utils.images.with_pillow import read_with_pillow

START = b"\xff\xd8\xff"
_APP0, _APP14, _APP15, _COMMENT, _SCAN = 0xE0, 0xEE, 0xEF, 0xFE, 0xDA  # markers
_ADOBE_LENGTH = 16  # of a whole segment APP14, which says how colors are stored
# Parts of libjpeg's warnings about bytes that do not change the pixels.
_HARMLESS = ("extraneous bytes before marker 0xd9", "bad icc marker", "unknown jfif revision", "unknown adobe color")


def read_jpeg(encoded, max_megapixels):
    """Read the bytes of a JPEG as `Pixels`. If its metadata are damaged, they are left out, and a note says so."""
    try:
        return read_with_pillow(encoded, max_megapixels)
    except (UnidentifiedImageError, AssertionError):
        found = read_with_pillow(_without_metadata(encoded), max_megapixels)
        return found._replace(notes=("its metadata are damaged and ignored", *found.notes))


def check_jpeg(encoded, space):
    """Return notes, in a tuple, about bytes of a JPEG that do not change its pixels. ``space``: as in `Pixels`.

    Raises:
        ValueError: if libjpeg warns about its pixels.
    """
    colorspace = "CMYK" if space == "CMYK" else "RGB"
    try:
        simplejpeg.decode_jpeg(encoded, colorspace=colorspace)
    except ValueError as error:
        warning = str(error).removeprefix("Corrupt JPEG data: ").removeprefix("Warning: ")
        if not any(words in warning.lower() for words in _HARMLESS):
            raise
        return (f"it may be damaged ({warning})",)
    return ()


def _without_metadata(encoded):
    """Leave out all application segments but JFIF's and a whole one of Adobe's."""
    kept, at = encoded[:2], 2
    while at + 4 <= len(encoded) and encoded[at] == 0xFF and encoded[at + 1] != _SCAN:
        marker, end = encoded[at + 1], at + 2 + int.from_bytes(encoded[at + 2 : at + 4], "big")
        is_adobe = marker == _APP14 and end - at >= _ADOBE_LENGTH
        if is_adobe or marker not in (*range(_APP0 + 1, _APP15 + 1), _COMMENT):
            kept += encoded[at:end]
        at = end
    return kept + encoded[at:]
