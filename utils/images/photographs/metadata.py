"""What an image file says about its image beside the pixels: EXIF, XMP and the resolution."""

import re
from typing import NamedTuple

from utils.images.photographs.exif import Exif, corrected, read_exif, resolution

XMP_TAG = 700  # a tag of a TIFF
_THUMBNAILS = re.compile(rb"<(xmp|xap):Thumbnails>.*?</\1:Thumbnails>", re.DOTALL)


class Metadata(NamedTuple):
    """What an image file says about its image beside the pixels.

    Attributes:
        exif: `Exif`, or None.
        xmp: an XMP packet, bytes; empty if there is none.
        dpi: the resolution across and down, in pixels per inch, or None.
    """

    exif: Exif | None = None
    xmp: bytes = b""
    dpi: tuple | None = None

    def corrected(self, size, *, srgb):
        """Return the metadata of an upright image of ``size``, (H, W), without thumbnails. ``srgb``: its colors."""
        exif = self.exif and corrected(self.exif, size, srgb=srgb)
        height, width = size
        values = {"tiff:Orientation": 1, "exif:ColorSpace": 1 if srgb else 0xFFFF}
        values |= {"tiff:ImageWidth": width, "tiff:ImageLength": height}
        values |= {"exif:PixelXDimension": width, "exif:PixelYDimension": height}
        xmp = _THUMBNAILS.sub(b"", self.xmp)
        for name, value in values.items():  # an attribute, or an element
            xmp = re.sub(rb"(%s(?:\s*=\s*[\"']|>\s*))\d+" % name.encode(), rb"\g<1>%d" % value, xmp)
        return self._replace(exif=exif, xmp=xmp)


def metadata_of_pillow(image):
    """Return the `Metadata` of an image that Pillow has opened, in any format but TIFF."""
    exif, xmp, dpi = (image.info.get(name) for name in ("exif", "xmp", "dpi"))
    return _metadata(read_exif(exif or b""), xmp, dpi)


def metadata_of_tiff(encoded, page):
    """Return the `Metadata` of the bytes of a TIFF and its page, a `tifffile.TiffPage`."""
    return _metadata(read_exif(encoded), page.tags.valueof(XMP_TAG), None)


def metadata_of_raw(encoded):
    """Return the `Metadata` of the bytes of a camera's raw data: EXIF if they begin like a TIFF, otherwise nothing."""
    return _metadata(read_exif(encoded), None, None)


def _metadata(exif, xmp, dpi):
    try:
        x, y = map(float, dpi or resolution(exif))
    except (TypeError, ValueError, ZeroDivisionError):  # missing or damaged
        x = y = 0
    known = min(x, y) >= 1 and max(x, y) <= 65535  # every format can hold it
    return Metadata(exif, xmp if isinstance(xmp, bytes) else b"", (x, y) if known else None)
