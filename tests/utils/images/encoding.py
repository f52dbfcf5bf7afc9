"""Make image files byte by byte, also those that no library writes."""

import struct
import zlib
from io import BytesIO

import tifffile
from PIL import Image


def chunk(name, data):
    """A chunk of a PNG, with its checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(pixels, *chunks):
    """A gray or RGB PNG of 8 or 16 bits, with more chunks before the pixels."""
    height, width, *channels = pixels.shape
    rows = b"".join(b"\0" + row.astype(f">u{pixels.itemsize}").tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8 * pixels.itemsize, 2 if channels else 0, 0, 0, 0)
    data = chunk(b"IHDR", header), *chunks, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(data)


def segment(marker, data):
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(pixels, *segments, **options):
    """A JPEG, with more segments at its start."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=95, subsampling=0, **options)
    return file.getvalue()[:2] + b"".join(segments) + file.getvalue()[2:]


def tiff(pixels, **options):
    """A TIFF, as tifffile writes it."""
    file = BytesIO()
    tifffile.imwrite(file, pixels, **options)
    return file.getvalue()


def exif(entries, after=b""):
    """EXIF data: the entries of their folder, packed, and the bytes after it."""
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4) + after


def entry(tag, kind, value, count=1):
    """An entry of EXIF data, packed. Kinds: 3 a short, 4 a long, 5 the offset of a rational."""
    return struct.pack("<HHII", tag, kind, count, value)
