"""Read image files with Pillow: pixels of up to 8 bits, and EXIF data of any file."""

import logging
import struct
import warnings
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import ExifTags, Image, PngImagePlugin

from utils.images.formats import FORMATS
from utils.images.photographs import metadata_of_pillow
from utils.images.pixels import Pixels, check_megapixels
from utils.images.png_colors import coded_profile
from utils.images.profiles import make_profile

_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
_ADOBE_RGB = {"primaries": (0.64, 0.33, 0.21, 0.71, 0.15, 0.06), "curve": 563 / 256}
_INTEROPERABILITY_INDEX = 1  # a tag
_UNSPECIFIED = 2  # a code of H.273

Image.MAX_IMAGE_PIXELS = None  # `check_megapixels` has its own limit, and says what to do
PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY  # also of color profiles, which may exceed 1 MB
warnings.filterwarnings("ignore", module=r"PIL\.")  # they describe files without naming them
for _name in ("PIL", "tifffile"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def read_with_pillow(encoded, max_megapixels):
    """Read the bytes of an image file as `Pixels`."""
    with open_image(encoded, max_megapixels) as image:
        found = stored_pixels(image)
        coded = None if found.profile else _coded_profile(encoded, found.space)
        return found._replace(profile=coded) if coded and image.format in ("AVIF", "HEIF") else found


def open_image(encoded, max_megapixels):
    """Open the bytes of an image file with Pillow, without decoding the pixels."""
    image = Image.open(BytesIO(encoded), formats=FORMATS)
    check_megapixels(image.height, image.width, max_megapixels)
    return image


def stored_pixels(image):
    """Decode the pixels of an open image as `Pixels`."""
    image.load()
    if image.mode in ("I", "F"):
        raise ValueError("pixels of 32 bits, whose range is unknown")
    exif, notes, gray = exif_hints(image), _frames_note(image), image.mode in ("1", "L", "LA")
    if image.has_transparency_data:
        values, space = np.asarray(image.convert("LA" if gray else "RGBA")), "GRAY" if gray else "RGB"
        colors, alpha = values[..., :-1], values[..., -1:]
    else:
        image = image.convert("L" if gray else "CMYK" if image.mode == "CMYK" else "RGB")
        colors, alpha, space = np.atleast_3d(image), None, _SPACES[image.mode]
    return Pixels(
        colors,
        space,
        alpha,
        profile=image.info.get("icc_profile") or exif.profile(space),
        orientation=exif.orientation,
        metadata=metadata_of_pillow(image),
        notes=exif.notes + notes,
    )


class ExifHints(NamedTuple):
    """What the EXIF data of an image say about its pixels.

    Attributes:
        orientation: 1 to 8; 1 if the data do not say.
        is_adobe_rgb: whether the colors are Adobe RGB (DCF 2.0: the interoperability index is R03).
        notes: as in `pixels.Pixels`.
    """

    orientation: int = 1
    is_adobe_rgb: bool = False
    notes: tuple = ()

    def profile(self, space):
        """Return the ICC profile of an image without one, or None."""
        return make_profile("RGB", **_ADOBE_RGB) if self.is_adobe_rgb and space == "RGB" else None


def exif_hints(image):
    """Return the `ExifHints` of an open image."""
    try:
        exif = image.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        others = exif.get_ifd(ExifTags.IFD.Interop) if ExifTags.IFD.Interop in details else {}
        is_adobe_rgb = str(others.get(_INTEROPERABILITY_INDEX)).startswith("R03")
        return ExifHints(exif.get(ExifTags.Base.Orientation, 1), is_adobe_rgb)
    except Exception:  # of any type: Pillow has no error class for damage
        return ExifHints(notes=("its EXIF data are damaged and ignored",))


def _coded_profile(encoded, space):
    """Return the ICC profile of the colors that an AVIF or HEIC names by codes, or None if it does not."""
    at = encoded.find(b"colrnclx") + 8
    primaries, curve = struct.unpack_from(">HH", encoded.ljust(at + 4), at)
    if at < 8 or _UNSPECIFIED in (primaries, curve):
        return None
    return coded_profile(primaries, curve, space)


def _frames_note(image):
    count = image.n_frames if image.format in ("WEBP", "AVIF") else 1
    return (f"it has {count} frames, and the first one is read",) if count > 1 else ()
