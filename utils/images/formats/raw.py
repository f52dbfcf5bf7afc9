"""The raw data of cameras: what they are, and reading them with rawpy where it is installed."""

from io import BytesIO

from tifffile import PHOTOMETRIC

from utils.images.formats.optional import OPTIONAL
from utils.images.photographs import metadata_of_raw
from utils.images.pixels import Pixels, check_megapixels

# The first bytes of raw files: Canon's CR2 and CR3, Fujifilm, Minolta, Olympus, Panasonic and Sigma. Others (DNG, NEF,
# ARW, PEF, SRW) begin like any TIFF.
RAW_STARTS = (
    b"II*\0\x10\0\0\0CR",
    b"\0\0\0\x18ftypcrx ",
    b"FUJIFILMCCD-RAW",
    b"\0MRM",
    b"IIRO",
    b"IIRS",
    b"MMOR",
    b"IIU\0",
    b"FOVb",
)
_DNG_VERSION = 50706  # a tag
_SENSOR = (PHOTOMETRIC.CFA, PHOTOMETRIC.LINEAR_RAW)  # a mosaic, and three values a pixel
_SRGB_CURVE = (2.4, 12.92)  # in LibRaw's terms: the exponent, and the slope near black
_REMEDY = "darktable-cli photo.nef photo.tif converts it"


def is_raw(file):
    """Return whether an open `tifffile.TiffFile` holds a camera's raw data. The images in it are only previews."""
    pages = [found for page in file.pages for found in (page, *(page.pages or ()))]
    return _DNG_VERSION in file.pages.first.tags or any(page.photometric in _SENSOR for page in pages)


def read_raw(encoded, max_megapixels):
    """Develop the bytes of a raw file as `Pixels`: upright sRGB of 16 bits, in the white balance of the camera.

    Raises:
        TooLargeError: if it has more than ``max_megapixels`` million pixels; before it is developed.
        ValueError: if rawpy is not installed, or cannot read the file.
    """
    if "rawpy" not in OPTIONAL:
        raise ValueError(f"the raw data of a camera; {_REMEDY}, and pip install rawpy makes it readable")
    import rawpy

    try:
        with rawpy.imread(BytesIO(encoded)) as raw:
            check_megapixels(raw.sizes.height, raw.sizes.width, max_megapixels)
            rgb = raw.postprocess(use_camera_wb=True, output_bps=16, gamma=_SRGB_CURVE)
    except rawpy.LibRawError:
        raise ValueError(f"the raw data of a camera, which rawpy cannot read; {_REMEDY}") from None
    return Pixels(rgb, "RGB", metadata=metadata_of_raw(encoded))
