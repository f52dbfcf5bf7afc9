"""Encode an image with all that belongs to it, in the format of a file's suffix."""

import struct
import zlib
from io import BytesIO

import imagecodecs
import numpy as np
import tifffile
from PIL import Image

from utils.errors import warn
from utils.images.arrays import with_depth
from utils.images.photographs.exif import add_to_tiff, exif_bytes
from utils.images.photographs.metadata import XMP_TAG
from utils.images.profiles import SRGB

QUALITY = 95  # of JPEG and WebP
_PNG_HEADER = 33  # bytes of the signature and the chunk IHDR
_INCH = 0.0254  # meters
_LONGEST_SEGMENT = 65533 - len("http://ns.adobe.com/xap/1.0/\0")  # bytes of metadata in a JPEG


def encode(photograph, suffix):
    """Return the bytes of a file that holds a `Photograph`. ``suffix``: the file's suffix, such as ``".png"``.

    Its metadata are corrected for the pixels as they are written. PNG and TIFF keep 16 bits. A format without opacity
    gets the image laid on white.
    """
    metadata = photograph.metadata.corrected(photograph.rgb.shape[:2], srgb=photograph.profile is None)
    return _ENCODERS[suffix](photograph, metadata)


def _png(photograph, metadata):
    values = _values(photograph)
    encoded = imagecodecs.png_encode(values, level=1) if values.dtype == np.uint16 else _with_pillow(values, "PNG")
    chunks = [_chunk(b"sRGB", b"\0")]  # perceptual, as PNG's specification wants it for photographs
    if photograph.profile:
        chunks = [_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(photograph.profile))]
    if metadata.dpi:
        chunks.append(_chunk(b"pHYs", struct.pack(">LLB", *(round(each / _INCH) for each in metadata.dpi), 1)))
    if metadata.exif:
        chunks.append(_chunk(b"eXIf", exif_bytes(metadata.exif)))
    if metadata.xmp:
        chunks.append(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + metadata.xmp))
    return b"".join([encoded[:_PNG_HEADER], *chunks, encoded[_PNG_HEADER:]])


def _tiff(photograph, metadata):
    values, file = _values(photograph), BytesIO()
    tifffile.imwrite(
        file,
        values,
        byteorder=metadata.exif.order if metadata.exif else "<",
        photometric="rgb",
        planarconfig="contig",
        extrasamples=["unassalpha"] if values.shape[-1] == 4 else None,
        compression="zlib",
        predictor=True,
        iccprofile=photograph.profile or SRGB,
        resolution=metadata.dpi,
        resolutionunit="INCH" if metadata.dpi else None,
        extratags=[(XMP_TAG, 1, len(metadata.xmp), metadata.xmp, True)] if metadata.xmp else (),
        metadata=None,
        software=False,
    )
    return add_to_tiff(file.getvalue(), metadata.exif) if metadata.exif else file.getvalue()


def _jpeg(photograph, metadata):
    described = _described(metadata)
    kept = {name: data for name, data in described.items() if len(data) <= _LONGEST_SEGMENT}
    for name in described.keys() - kept.keys():
        warn(f"{name.upper()} is left out: the source has {len(described[name])} bytes of it, too many for a JPEG")
    dpi = {"dpi": metadata.dpi} if metadata.dpi else {}
    rgb = with_depth(photograph.on_white, np.uint8)
    return _with_pillow(rgb, "JPEG", icc_profile=photograph.profile or SRGB, quality=QUALITY, **kept, **dpi)


def _webp(photograph, metadata):
    values = with_depth(_values(photograph), np.uint8)
    profile = photograph.profile or SRGB
    return _with_pillow(values, "WEBP", icc_profile=profile, quality=QUALITY, exact=True, **_described(metadata))


def _bmp(photograph, metadata):
    dpi = {"dpi": metadata.dpi} if metadata.dpi else {}
    return _with_pillow(with_depth(photograph.on_white, np.uint8), "BMP", **dpi)


_ENCODERS = {".png": _png, ".tif": _tiff, ".tiff": _tiff, ".jpg": _jpeg, ".jpeg": _jpeg, ".webp": _webp, ".bmp": _bmp}
WITH_ALPHA = (".png", ".tif", ".tiff", ".webp")  # suffixes of the formats that keep opacity


def _values(photograph):
    return photograph.rgb if photograph.alpha is None else np.concatenate([photograph.rgb, photograph.alpha], axis=-1)


def _described(metadata):
    """Return the arguments of Pillow for EXIF and XMP."""
    exif = {"exif": b"Exif\0\0" + exif_bytes(metadata.exif)} if metadata.exif else {}
    return exif | ({"xmp": metadata.xmp} if metadata.xmp else {})


def _with_pillow(values, kind, **options):
    file = BytesIO()
    Image.fromarray(values).save(file, kind, **options)
    return file.getvalue()


def _chunk(name, data):
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))
