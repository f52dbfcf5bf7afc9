"""Decode image files of any format, size and pixel type with Pillow."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageCms, ImageOps

FORMATS = ("BMP", "JPEG", "PNG", "TIFF", "WEBP")
SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")

_PROFILES_OF_MODES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}


def decode(encoded):
    """Decode the bytes of an image file to RGB, uint8 ``[H, W, 3]``.

    The EXIF orientation is applied. Of several frames the first is taken. Values of 16 bits are scaled to 8, palettes
    are looked up, and transparent pixels are laid on white. Colors are converted from the file's color profile to sRGB.
    CMYK without a profile is converted as (1 - C)(1 - K), also in Adobe's inverted files.

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
        profile = image.info.get("icc_profile")
        if image.has_transparency_data:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        return np.asarray(_to_srgb(image, profile) if profile else image.convert("RGB"))


def _to_srgb(image, profile):
    """An image in sRGB. A profile that is broken, or of another kind of image, is ignored, as browsers do."""
    if image.mode not in _PROFILES_OF_MODES:
        image = image.convert("RGB")
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        kind, name = given.profile.xcolor_space.strip(), ImageCms.getProfileDescription(given)
        if kind == _PROFILES_OF_MODES[image.mode] and "sRGB" not in name:
            return ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (OSError, ImageCms.PyCMSError):
        pass
    return image.convert("RGB")
