"""EXIF data as directories of tags. Every value stays as its bytes, so that nothing that is not changed is lost.

EXIF data have the structure of a TIFF file, and a TIFF file holds EXIF data in its first directory.
"""

import struct
from typing import NamedTuple

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_SHORT, _LONG = 3, 4  # types of values
_ORIENTATION, _CAMERA, _GPS = 274, 34665, 34853  # tags of the first directory
_COLOR_SPACE, _WIDTH, _HEIGHT, _INTEROPERABILITY = 0xA001, 0xA002, 0xA003, 0xA005  # tags of the camera's directory
_SRGB, _UNCALIBRATED = 1, 0xFFFF  # values of _COLOR_SPACE
_ACROSS, _DOWN, _UNIT = 282, 283, 296  # the resolution
_PER_INCH = {2: 1.0, 3: 2.54}  # for the values of _UNIT: inch and centimeter
_POSITIONING = 531  # of chroma, in a JPEG
# Tags of a first directory that describe how a file stores its pixels, or that are kept elsewhere: size, strips, tiles,
# tables, XMP, IPTC, Photoshop's layers, the color profile, and the data of raw files.
_STRUCTURE = {*range(254, 269), *range(277, 282), *range(288, 293), *range(317, 348), *range(512, 531)}
_STRUCTURE |= {273, 284, 301, 532, 700, 33421, 33422, 33723, 34377, 34675, 37724, *range(50706, 52600), _CAMERA, _GPS}


class Entry(NamedTuple):
    """A tag's value: its type, the number of values, and their bytes in the order of the file."""

    kind: int
    count: int
    value: bytes


class Exif(NamedTuple):
    """EXIF data.

    Attributes:
        order: ``"<"`` or ``">"``, the order of bytes, as in the module struct.
        main, camera, gps: the directories, dicts from a tag to its `Entry`. The first one is without the tags of
            _STRUCTURE. Thumbnails are left out.
    """

    order: str
    main: dict
    camera: dict
    gps: dict


class _Layout(NamedTuple):
    """The formats of a directory's parts: its number of entries, an entry, and an offset; and the bytes of a value."""

    number: str
    entry: str
    offset: str
    inline: int


_LAYOUTS = {42: _Layout("H", "HHL4s", "L", 4), 43: _Layout("Q", "HHQ8s", "Q", 8)}


def read_exif(data):
    """Read the bytes of EXIF data or of a TIFF file as `Exif`; None if there is nothing that can be read.

    An entry that is damaged is left out.
    """
    data = data.removeprefix(b"Exif\0\0")
    try:
        order, layout, start = _header(data)
        main = _read_directory(data, start, order, layout=layout)
        camera, gps = (_pointed(data, main.get(tag), order, layout=layout) for tag in (_CAMERA, _GPS))
    except (struct.error, KeyError):
        return None
    found = Exif(order, {tag: entry for tag, entry in main.items() if tag not in _STRUCTURE}, camera, gps)
    return found if any(found[1:]) else None


def corrected(exif, size, *, srgb):
    """Return `Exif` of an upright image of ``size``, (H, W). ``srgb``: whether its colors are sRGB."""
    height, width = size
    values = {_HEIGHT: (_LONG, height), _WIDTH: (_LONG, width)}
    values[_COLOR_SPACE] = _SHORT, _SRGB if srgb else _UNCALIBRATED
    camera = {tag: entry for tag, entry in exif.camera.items() if tag != _INTEROPERABILITY}  # it may say Adobe RGB
    main = _changed(exif.main, {_ORIENTATION: (_SHORT, 1)}, exif.order)
    return exif._replace(main=main, camera=_changed(camera, values, exif.order))


def _changed(directory, values, order):
    """Change the tags that a directory has. ``values`` is a dict from a tag to its type and its number."""
    packed = {
        tag: Entry(kind, 1, struct.pack(order + ("H" if kind == _SHORT else "L"), number))
        for tag, (kind, number) in values.items()
    }
    return directory | {tag: entry for tag, entry in packed.items() if tag in directory}


def resolution(exif):
    """Return the resolution across and down, in pixels per inch, or None if the data do not say.

    Raises:
        ZeroDivisionError: if it is damaged.
    """
    if not exif or not {_ACROSS, _DOWN} <= exif.main.keys():
        return None
    parts = [exif.main[tag].value.ljust(8, b"\0") for tag in (_ACROSS, _DOWN)]
    x, y = (above / below for above, below in (struct.unpack_from(exif.order + "LL", part) for part in parts))
    unit = exif.main[_UNIT].value if _UNIT in exif.main else struct.pack(exif.order + "H", 2)
    scale = _PER_INCH.get(struct.unpack_from(exif.order + "H", unit.ljust(2, b"\0"))[0], 0)
    return x * scale, y * scale


def exif_bytes(exif):
    """Return the bytes of `Exif`, without the six that come before them in a JPEG."""
    header = (b"II*\0" if exif.order == "<" else b"MM\0*") + struct.pack(exif.order + "L", 8)
    return header + _packed_directories(exif, exif.main, 8, layout=_LAYOUTS[42])


def add_to_tiff(encoded, exif):
    """Return the bytes of a TIFF file, which has the same order of bytes, with `Exif` in its first directory."""
    order, layout, start = _header(encoded)
    kept = {tag: entry for tag, entry in exif.main.items() if tag != _POSITIONING}
    main = _read_directory(encoded, start, order, layout=layout) | kept
    encoded += bytes(len(encoded) % 2)
    at = 4 if layout.inline == 4 else 8
    pointer = struct.pack(order + layout.offset, len(encoded))
    directories = _packed_directories(exif, main, len(encoded), layout=layout)
    return encoded[:at] + pointer + encoded[at + len(pointer) :] + directories


def _header(data):
    """Return the order of bytes, the layout, and the offset of the first directory."""
    order = {b"II": "<", b"MM": ">"}[data[:2]]
    layout = _LAYOUTS[struct.unpack_from(order + "H", data, 2)[0]]
    return order, layout, struct.unpack_from(order + layout.offset, data, 4 if layout.inline == 4 else 8)[0]


def _pointed(data, entry, order, *, layout):
    """Read the directory to which an entry points; an empty one if there is none, or if it is damaged."""
    try:
        start = int.from_bytes(entry.value, "little" if order == "<" else "big")
        return _read_directory(data, start, order, layout=layout)
    except (AttributeError, struct.error):
        return {}


def _read_directory(data, start, order, *, layout):
    number = struct.unpack_from(order + layout.number, data, start)[0]
    start += struct.calcsize(order + layout.number)
    directory, length = {}, struct.calcsize(order + layout.entry)
    for at in range(start, min(start + number * length, len(data) - length + 1), length):
        tag, kind, count, value = struct.unpack_from(order + layout.entry, data, at)
        size = _SIZES.get(kind, 0) * count
        if size > layout.inline:
            offset = struct.unpack(order + layout.offset, value)[0]
            value = data[offset : offset + size]
        if 0 < size <= len(value):
            directory[tag] = Entry(kind, count, value[:size])
    return directory


def _packed_directories(exif, main, start, *, layout):
    """Pack a first directory for the offset ``start``, and the camera's and the GPS directory after it."""
    pointed = {tag: directory for tag, directory in ((_CAMERA, exif.camera), (_GPS, exif.gps)) if directory}
    blank = Entry(_LONG, 1, bytes(4))
    main = main | dict.fromkeys(pointed, blank)
    packed, at = b"", start + len(_packed(main, start, exif.order, layout=layout))
    for tag, directory in pointed.items():
        main[tag] = blank._replace(value=struct.pack(exif.order + "L", at + len(packed)))
        packed += _packed(directory, at + len(packed), exif.order, layout=layout)
    return _packed(main, start, exif.order, layout=layout) + packed


def _packed(directory, start, order, *, layout):
    """Pack a directory for the offset ``start``, and the values that do not fit into its entries after it."""
    entries, values = struct.pack(order + layout.number, len(directory)), b""
    length = struct.calcsize(order + layout.entry)
    after = start + len(entries) + len(directory) * length + layout.inline
    for tag, (kind, count, value) in sorted(directory.items()):
        if len(value) > layout.inline:
            offset = struct.pack(order + layout.offset, after + len(values))
            values += value + bytes(len(value) % 2)
            value = offset
        entries += struct.pack(order + layout.entry, tag, kind, count, value)
    return entries + bytes(layout.inline) + values
