"""Read PNG files: their chunks are checked, and 16 bits are kept."""

import zlib

import imagecodecs
import numpy as np
from PIL import UnidentifiedImageError

from utils.images.photographs import metadata_of_pillow
from utils.images.pixels import Pixels
from utils.images.png_colors import png_profile
from utils.images.with_pillow import exif_hints, open_image, stored_pixels

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"PLTE", b"tRNS", b"IDAT", b"IEND")  # chunks
_METADATA = (b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"eXIf")
_WITH_ORIENTATION = (b"iTXtXML:com.adobe.xmp\0", b"zTXtRaw profile type exif\0", b"tEXtRaw profile type exif\0")
_RESOLUTION, _WHOLE = b"pHYs", 21  # a chunk and its length; Pillow refuses the image if it is shorter
_DEPTH = 16  # offset in IHDR
_DAMAGED = "its metadata are damaged and ignored"


def read_png(encoded, max_megapixels):
    """Read the bytes of a PNG as `Pixels`. If metadata are damaged, a note says so.

    Raises:
        ValueError: if a chunk of the pixels is damaged or missing, or if the values are not those of a screen.
    """
    chunks = [*_chunks(encoded)]
    if not chunks or chunks[-1][0] != b"IEND":
        raise ValueError("truncated")
    if damaged := [name for name, _, intact in chunks if name in (b"IHDR", *_PIXELS) and not intact]:
        raise ValueError(f"damaged: the checksum of its chunk {damaged[0].decode()} is wrong")
    header, pixels = chunks[0][1], b"".join(chunk for name, chunk, _ in chunks if name in _PIXELS)
    metadata = {name: chunk for name, chunk, intact in chunks if intact and _is_metadata(name, chunk)}
    notes = () if all(intact for _, _, intact in chunks) else (_DAMAGED,)
    try:
        image = open_image(SIGNATURE + header + b"".join(metadata.values()) + pixels, max_megapixels)
    except (UnidentifiedImageError, ValueError, SyntaxError):
        metadata, notes = {}, (_DAMAGED,)
        image = open_image(SIGNATURE + header + pixels, max_megapixels)
    with image:
        deep = header[_DEPTH] == 16
        found = _sixteen_bits(SIGNATURE + header + pixels, exif_hints(image)) if deep else stored_pixels(image)
        profile = png_profile(image.info, metadata.get(b"cICP", b"")[8:-4], found.space)
    if b"acTL" in {name for name, *_ in chunks}:
        notes += ("it is an animation, and its first frame is read",)
    profile, notes = found.profile if profile is None else profile, notes + found.notes
    return found._replace(profile=profile, metadata=metadata_of_pillow(image), notes=notes)


def _sixteen_bits(encoded, exif):
    values = np.atleast_3d(imagecodecs.png_decode(encoded))  # gray or RGB, perhaps with opacity
    count = values.shape[-1] // 3 * 2 + 1  # of colors
    alpha = values[..., count:] if values.shape[-1] > count else None
    space = "RGB" if count == 3 else "GRAY"
    profile = exif.profile(space)
    return Pixels(values[..., :count], space, alpha, profile=profile, orientation=exif.orientation, notes=exif.notes)


def _is_metadata(name, chunk):
    is_resolution = name == _RESOLUTION and len(chunk) == _WHOLE
    return name in _METADATA or is_resolution or chunk[4:].startswith(_WITH_ORIENTATION)


def _chunks(encoded):
    """Yield the chunks, up to IEND: the name, the whole chunk, and whether its checksum is right."""
    at, name = len(SIGNATURE), b""
    while name != b"IEND":
        end = at + 12 + int.from_bytes(encoded[at : at + 4], "big")
        if end > len(encoded):
            return
        name, checked = encoded[at + 4 : at + 8], encoded[at + 4 : end - 4]
        yield name, encoded[at:end], zlib.crc32(checked) == int.from_bytes(encoded[end - 4 : end], "big")
        at = end
