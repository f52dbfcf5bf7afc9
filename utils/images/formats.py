"""The formats of image files: those that are read, and the names of others."""

FORMATS = ("BMP", "JPEG", "PNG", "TIFF", "WEBP")  # Pillow's names
SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
ACCEPTED = "JPEG, PNG, TIFF, WebP and BMP"
MAX_MEGAPIXELS = 179.0  # default limit of an image, in millions of pixels
UNREADABLE = "not an image that can be read"

# Suffixes of images in other formats, beside those that Pillow knows.
OTHER_SUFFIXES = (".heic", ".heif", ".hif", ".jxl", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2")

# The first bytes of other files, in lower case and without leading white space.
_OTHER_IMAGES = {
    b"gif8": "a GIF image",
    b"\xff\x0a": "a JPEG XL image",
    b"\0\0\0\x0cjxl ": "a JPEG XL image",
    b"\0\0\0\x0cjp  ": "a JPEG 2000 image",
    b"8bps": "a Photoshop document",
    b"v/1\x01": "an OpenEXR image",
    b"#?radiance": "a Radiance HDR image",
    b"fujifilmccd-raw": "the raw data of a camera",
    b"%pdf": "a PDF document",
    b"<svg": "an SVG drawing",
}
_OTHER_FILES = {
    b"version https://git-lfs": "a Git LFS pointer instead of the image",
    b"<!doctype html": "an HTML page",
    b"<html": "an HTML page",
}
# The brands of files that begin with a box "ftyp" (ISO base media files). An AVIF may also have HEIC's brand mif1.
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "an AVIF image"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "a HEIC image"),
    b"crx ": "the raw data of a camera",
}


def name_format(encoded):
    """Say what the bytes of a file are, such as ``"a GIF image; JPEG, ... are read"``. None if they are unknown."""
    start = encoded[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    named = next((name for beginning, name in _OTHER_FILES.items() if start.startswith(beginning)), None)
    image = next((name for beginning, name in _OTHER_IMAGES.items() if start.startswith(beginning)), None)
    if encoded[4:8] == b"ftyp":
        end = min(int.from_bytes(encoded[:4], "big"), 64)
        brands = [encoded[at : at + 4] for at in (8, *range(16, end, 4))]  # the main brand and compatible ones
        image = next((name for brand, name in _BRANDS.items() if brand in brands), "a video")
    return f"{image}; {ACCEPTED} are read" if image else named
