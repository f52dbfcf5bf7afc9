"""Read TIFF files: the largest page, 8 bits, 16 bits and floats, and the extra channels."""

from io import BytesIO

import numpy as np
import tifffile
from PIL import UnidentifiedImageError

from utils.images.formats import is_raw, read_raw
from utils.images.photographs import metadata_of_tiff
from utils.images.pixels import Pixels, check_megapixels
from utils.images.with_pillow import open_image, stored_pixels

STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
# The layouts of channels: for each photometric interpretation, the space of the colors and their number. More channels
# are extra: opacity, or unspecified. Pillow reads the others: few bits, palettes and YCbCr.
LAYOUTS = {
    "MINISBLACK": ("GRAY", 1),
    "MINISWHITE": ("GRAY", 1),
    "RGB": ("RGB", 3),
    "SEPARATED": ("CMYK", 4),
    "CIELAB": ("LAB", 3),
}
_PREMULTIPLIED, _STRAIGHT, _COREL = 1, 2, 999  # values of the tag ExtraSamples; Corel Draw means opacity
_REDUCED, _MASK = 1, 4  # bits of the tag NewSubfileType
_ORIENTATION, _INK_SET, _PROFILE = 274, 332, 34675  # tags
_OTHER_INKS = 2  # a value of InkSet: not CMYK
_JPEG = (6, 7, 34892)  # compressions that Pillow reads


def read_tiff(encoded, max_megapixels):
    """Read the bytes of a TIFF as `Pixels`. Those of a camera's raw data are developed.

    Raises:
        ValueError: if the file ends early, if the range of its values is unknown, or if its pixels cannot be read.
    """
    with tifffile.TiffFile(BytesIO(encoded)) as file:
        if is_raw(file):
            return read_raw(encoded, max_megapixels)
        page, notes = _largest(file)
        check_megapixels(page.imagelength, page.imagewidth, max_megapixels)
        if max(map(sum, zip(page.dataoffsets, page.databytecounts, strict=False)), default=0) > len(encoded):
            raise ValueError("truncated")
        name, bits = getattr(page.photometric, "name", page.photometric), page.bitspersample
        if name in LAYOUTS and isinstance(bits, int) and bits >= 8 and page.compression not in _JPEG:
            found = _pixels(page, name)
        else:
            try:
                with open_image(_with_first(encoded, file, page), max_megapixels) as image:
                    found = stored_pixels(image)
            except UnidentifiedImageError:
                raise ValueError(f"pixels of the kind {name} with {bits} bits, which cannot be read") from None
        return found._replace(metadata=metadata_of_tiff(encoded, page), notes=notes + found.notes)


def _largest(file):
    """Return the largest page, and a note, in a tuple, if there are several. Some files begin with a thumbnail."""
    every = [found for page in file.pages for found in (page, *(page.pages or ()))]
    pages = [page for page in every if not page.subfiletype & (_REDUCED | _MASK)] or every
    sizes = [page.imagelength * page.imagewidth for page in pages]
    number = sizes.index(max(sizes))
    which = "the first one" if min(sizes) == max(sizes) else f"the largest one, page {number + 1},"
    return pages[number], (f"it has {len(pages)} pages, and {which} is read",) if len(pages) > 1 else ()


def _with_first(encoded, file, page):
    """Return the bytes of the file with this page as its first one."""
    at, size = (8, 8) if file.is_bigtiff else (4, 4)
    offset = page.offset.to_bytes(size, "little" if file.byteorder == "<" else "big")
    return encoded[:at] + offset + encoded[at + size :]


def _pixels(page, name):
    space, count = LAYOUTS[name]
    values = page.asarray(squeeze=False)  # [planes, depth, H, W, samples]
    values = np.moveaxis(values[:, 0], 0, -1).reshape(*values.shape[2:4], -1)
    if values.shape[-1] < count or page.tags.valueof(_INK_SET) == _OTHER_INKS:
        raise ValueError(f"pixels of {values.shape[-1]} channels that are not {space}")
    values = _lab(values) if space == "LAB" else _whole(values, page.bitspersample)
    colors, alpha, kind = values[..., :count], None, 0
    extra = [int(each) for each in page.extrasamples] or [_STRAIGHT] * (values.shape[-1] - count == 1)
    for channel, kind in enumerate(extra[: values.shape[-1] - count], count):
        if kind in (_PREMULTIPLIED, _STRAIGHT, _COREL):
            alpha = values[..., channel : channel + 1]
            break
    return Pixels(
        np.iinfo(colors.dtype).max - colors if name == "MINISWHITE" else colors,
        space,
        alpha,
        premultiplied=kind == _PREMULTIPLIED,
        profile=page.tags.valueof(_PROFILE),
        orientation=page.tags.valueof(_ORIENTATION, 1),
    )


def _whole(values, bits):
    """Scale integers of 8 to 16 bits, or floats in [0, 1], to the whole range of uint8 or uint16."""
    if values.dtype.kind == "f":
        low, high = values.min(), values.max()
        if not (low >= 0 and high <= 1):  # also if they are not numbers
            raise ValueError(f"float pixels from {low:g} to {high:g}, and floats are read from 0 to 1 only")
        return np.round(values * np.float32(65535)).astype(np.uint16)
    if values.dtype.kind != "u" or bits > 16:
        sign = "with a sign, " if values.dtype.kind == "i" else ""
        raise ValueError(f"pixels of {bits} bits, {sign}whose range is unknown")
    if bits in (8, 16):
        return values.astype(values.dtype.newbyteorder("="), copy=False)
    return np.round(values * (65535 / (2**bits - 1))).astype(np.uint16)


def _lab(values):
    """Convert Lab of 8 or 16 bits, whose a and b have a sign, to ICC's encoding, where they start at 128."""
    if values.dtype.itemsize > 2 or values.dtype.kind == "f":
        raise ValueError(f"Lab pixels of {values.dtype}, and integers of 8 or 16 bits are read")
    unsigned = values.astype(f"u{values.dtype.itemsize}", casting="unsafe")
    a_and_b = unsigned[..., 1:3] ^ (1 << 8 * unsigned.itemsize - 1)
    if unsigned.itemsize == 2:
        a_and_b = np.minimum(a_and_b * (257 / 256), 65535)
    return np.concatenate([unsigned[..., :1], a_and_b.astype(unsigned.dtype), unsigned[..., 3:]], axis=-1)
