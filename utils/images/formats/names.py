"""The formats of image files: those that are read, and the names of others."""

from PIL import features

from utils.images.formats.optional import OPTIONAL

_READS_AVIF, _READS_HEIC = features.check("avif"), "pillow_heif" in OPTIONAL
# Pillow's names of the formats that are read.
FORMATS = ("BMP", "JPEG", "PNG", "TIFF", "WEBP") + ("AVIF",) * _READS_AVIF + ("HEIF",) * _READS_HEIC
SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")  # of files that are found in folders and written
ACCEPTED = "JPEG, PNG, TIFF, WebP and BMP"
MAX_MEGAPIXELS = 179.0  # default limit of an image, in millions of pixels
UNREADABLE = "not an image that can be read"

# Suffixes of images in other formats, beside those that Pillow knows.
OTHER_SUFFIXES = (".heic", ".heif", ".hif", ".jxl", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2")

# The first bytes of other files, in lower case and without leading white space.
_OTHER_IMAGES = {
    b"gif8": "a GIF image",
    b"\0\0\0\x0cjp  ": "a JPEG 2000 image",
    b"8bps": "a Photoshop document",
    b"v/1\x01": "an OpenEXR image",
    b"#?radiance": "a Radiance HDR image",
    b"%pdf": "a PDF document",
    b"<svg": "an SVG drawing",
}
_JPEG_XL = "a JPEG XL image; djxl photo.jxl photo.png converts it"
_OTHER_FILES = {
    b"\xff\x0a": _JPEG_XL,
    b"\0\0\0\x0cjxl ": _JPEG_XL,
    b"version https://git-lfs": "a Git LFS pointer instead of the image",
    b"<!doctype html": "an HTML page",
    b"<html": "an HTML page",
}
# The brands of files that begin with a box "ftyp" (ISO base media files). An AVIF may also have HEIC's brand mif1. None
# for a format that is read: then the decoder says what is wrong.
_AVIF = None if _READS_AVIF else "an AVIF image; avifdec photo.avif photo.png converts it"
_HEIC = (
    None
    if _READS_HEIC
    else "a HEIC image; heif-convert photo.heic photo.png converts it, and pip install pillow-heif makes it readable"
)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), _AVIF),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), _HEIC),
    b"crx ": None,  # a camera's raw data, which `read_raw` names
}


def name_format(encoded):
    """Say what the bytes of a file are, such as ``"a GIF image; JPEG, ... are read"``. None if they are unknown."""
    start = encoded[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    named = next((name for beginning, name in _OTHER_FILES.items() if start.startswith(beginning)), None)
    image = next((name for beginning, name in _OTHER_IMAGES.items() if start.startswith(beginning)), None)
    if encoded[4:8] == b"ftyp":
        end = min(int.from_bytes(encoded[:4], "big"), 64)
        brands = [encoded[at : at + 4] for at in (8, *range(16, end, 4))]  # the main brand and compatible ones
        known = [name for brand, name in _BRANDS.items() if brand in brands]
        named, image = (known[0], None) if known else (None, "a video")
    return f"{image}; {ACCEPTED} are read" if image else named
