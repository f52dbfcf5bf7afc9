"""Decode image files of any format, size and pixel type."""

import contextlib
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms, ImageOps

from utils.images.sixteen_bits import decode_sixteen_bits, has_sixteen_bits

FORMATS = ("BMP", "JPEG", "PNG", "TIFF", "WEBP")
SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")

_PROFILES_OF_MODES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}


def decode(encoded):
    """Decode the bytes of an image file to RGB ``[H, W, 3]``: uint16 for a 16-bit PNG or TIFF, otherwise uint8.

    The EXIF orientation is applied. Only the first frame is decoded. Palette indices become colors, and transparent
    pixels are composited on white. Colors are converted from the file's color profile to sRGB. CMYK without a profile
    is converted as (1 - C)(1 - K), also in Adobe's files, which store inverted values.

    Raises:
        Exception: of any type, from the decoders, if the bytes are not an image, are damaged, or end early.
        ValueError: if pixels have 32 bits, because their range is unknown, or 16 bits and are not RGB or gray.
    """
    with Image.open(BytesIO(encoded), formats=FORMATS) as image:
        if has_sixteen_bits(image, encoded):
            kind = "GRAY" if image.mode.startswith(("I", "L")) else "RGB"
            return decode_sixteen_bits(image, encoded, profile=_foreign_profile(image.info.get("icc_profile"), kind))
        ImageOps.exif_transpose(image, in_place=True)
        if image.mode in ("I", "F"):
            raise ValueError("pixels of 32 bits, whose range is unknown")
        profile = image.info.get("icc_profile")
        if image.has_transparency_data:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        return np.asarray(_to_srgb(image, profile))


def _foreign_profile(encoded, kind):
    """Return a file's color profile if it is not sRGB and fits the kind of image, otherwise None.

    ``kind`` is ``"RGB"``, ``"GRAY"`` or ``"CMYK"``. As in browsers, a profile that is broken or of another kind is
    ignored.
    """
    if not encoded:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(encoded))
        fits = profile.profile.xcolor_space.strip() == kind and "sRGB" not in ImageCms.getProfileDescription(profile)
    except (OSError, ImageCms.PyCMSError):
        return None
    return profile if fits else None


def _to_srgb(image, encoded_profile):
    if image.mode not in _PROFILES_OF_MODES:
        image = image.convert("RGB")
    if profile := _foreign_profile(encoded_profile, _PROFILES_OF_MODES[image.mode]):
        with contextlib.suppress(ImageCms.PyCMSError):  # the profile lacks a table
            return ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return image.convert("RGB")
