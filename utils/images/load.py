"""Load image files strictly: report damage that image viewers ignore."""

import math
from io import BytesIO
from pathlib import Path

import simplejpeg
from PIL import Image, UnidentifiedImageError, __version__
from skimage.io import imread

from utils.errors import UserError, in_one_line, reason
from utils.images.decode import FORMATS, decode

# The version of the check. It changes whenever the result for a file may change.
CHECKED_BY = f"3, Pillow {__version__}, simplejpeg {simplejpeg.__version__}"
UNREADABLE = "not an image that can be read"
# The first bytes of files that are not images, in lower case and without leading white space.
_OTHER_FILES = {
    b"version https://git-lfs": "a Git LFS pointer instead of the image",
    b"<!doctype html": "an HTML page",
    b"<html": "an HTML page",
}
# Parts of the decoders' messages about truncated files, in lower case.
_TRUNCATED = ("truncated", "premature end", "incomplete checksum", "chunk b'ien")


def examine(encoded, most_pixels=math.inf):
    """Decode the bytes of an image file to ``[H, W, 3]`` as `decode` does, but strictly.

    Raises:
        ValueError: if `decode` refuses the image; if it is damaged in a way that Pillow ignores (a wrong checksum in a
            PNG, or JPEG data that libjpeg warns about); or if it has more than ``most_pixels`` pixels, before it is
            decoded. The message says what is wrong.
    """
    try:
        return _decode_strictly(encoded, most_pixels)
    except Exception as error:  # of any type: Pillow has no error class for damage
        raise ValueError(_in_words(error, encoded)) from error


def load_image(path, option):
    """Load the image that the user gave with ``option``, as `examine` does. If it is bad, raise a UserError."""
    try:
        return examine(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        detail = "" if reason(error) == UNREADABLE else f" ({reason(error)})"
        raise UserError(f"{option} {path} is {UNREADABLE}{detail}; give another file") from None


def _decode_strictly(encoded, most_pixels):
    with Image.open(BytesIO(encoded), formats=FORMATS) as image:
        image_format, mode, pixels = image.format, image.mode, image.width * image.height
        if pixels > most_pixels:
            raise ValueError(f"{pixels / 1e6:.1f} megapixels, and at most {most_pixels / 1e6:.0f} are taken")
        image.verify()
    if image_format in ("JPEG", "MPO"):
        simplejpeg.decode_jpeg(encoded, colorspace="CMYK" if mode == "CMYK" else "RGB")
    return decode(encoded)


def _in_words(error, encoded):
    """Explain why a decoder raised an error for the bytes of a file."""
    if not encoded:
        return "an empty file"
    start, message = encoded[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower(), in_one_line(error)
    for beginning, words in _OTHER_FILES.items():
        if start.startswith(beginning):
            return words
    # The WebP decoder does not report truncation, but the file's header holds its length.
    cut = encoded[:4] == b"RIFF" and len(encoded) < 8 + int.from_bytes(encoded[4:8], "little")
    if cut or any(words in message.lower() for words in _TRUNCATED):
        return "truncated: its end is missing"
    return UNREADABLE if isinstance(error, UnidentifiedImageError) else message or type(error).__name__


class SavedImages:
    """A sequence of images in files. Each image is read when it is accessed."""

    def __init__(self, paths):
        self._paths = list(paths)

    def __len__(self):
        return len(self._paths)

    def __getitem__(self, index):
        return imread(self._paths[index])
