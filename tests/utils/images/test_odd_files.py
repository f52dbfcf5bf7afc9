"""Files that every viewer opens although they are odd: they are read, with a note where something is ignored."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
import skimage.data
from PIL import Image

from tests.utils.images.encoding import chunk, entry, exif, jpeg, png, segment
from utils.images import decode, examine

PHOTOGRAPH = skimage.data.astronaut()[20:84, 180:260]
EXIF, ICC, ADOBE, MPF = 0xE1, 0xE2, 0xEE, 0xE2  # segments
ORIENTATION, RESOLUTION, RESOLUTION_AT = entry(0x0112, 3, 6), 0x011A, 8 + 2 + 2 * 12 + 4
ZERO = exif([ORIENTATION, entry(RESOLUTION, 5, RESOLUTION_AT)], struct.pack("<II", 0, 0))  # 0/0
TEXT = b"x" * 3_000_000
METADATA, EXIF_NOTE = "its metadata are damaged and ignored", "its EXIF data are damaged and ignored"
PROFILE = "its color profile is damaged and ignored"


def damaged(name, data):
    return chunk(name, data)[:-1] + b"\0"


@pytest.mark.parametrize(
    "chunks,notes",
    [
        ([chunk(b"zTXt", b"Comment\0\0" + zlib.compress(TEXT))], ()),
        ([chunk(b"tEXt", b"Comment\0" + TEXT)] * 30, ()),
        ([chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(TEXT))], ()),
        ([chunk(b"iTXt", b"Comment\0\1\1\0\0" + TEXT)], ()),
        ([damaged(b"tEXt", b"Comment\0abc")], (METADATA,)),
        ([damaged(b"iCCP", b"x\0\0abc")], (METADATA,)),
        ([chunk(b"gAMA", b"a")], (METADATA,)),
        ([chunk(b"sRGB", b"")], (METADATA,)),
        ([chunk(b"cHRM", b"a" * 31)], (METADATA,)),
        ([chunk(b"pHYs", b"a")], ()),
        ([chunk(b"iCCP", b"x\0\1abc")], (METADATA,)),
        ([chunk(b"iCCP", b"x\0\0abc")], (PROFILE,)),
        ([chunk(b"iCCP", b"x\0\0" + zlib.compress(TEXT))], (PROFILE,)),
        ([chunk(b"cHRM", bytes(32))], (PROFILE,)),
        ([chunk(b"cHRM", bytes(28))], (PROFILE,)),
        ([chunk(b"cICP", b"\x0c")], (PROFILE,)),
        ([chunk(b"cICP", bytes([9, 2, 9, 0]))], (PROFILE,)),
        ([chunk(b"eXIf", b"junk")], (EXIF_NOTE,)),
        ([chunk(b"acTL", bytes([0, 0, 0, 2, 0, 0, 0, 0]))], ("it is an animation, and its first frame is read",)),
    ],
)
@pytest.mark.parametrize("dtype", (np.uint8, np.uint16))
def test_a_png_with_odd_metadata_is_read(chunks, notes, dtype):
    pixels = PHOTOGRAPH.astype(dtype) * (1 if dtype == np.uint8 else 257)
    image, told = examine(png(pixels, *chunks))
    np.testing.assert_array_equal(image, pixels)
    assert told == notes


def test_a_png_is_turned_as_its_exif_or_its_xmp_says_also_beside_damaged_text():
    ways = [
        chunk(b"eXIf", exif([ORIENTATION])[6:]),
        chunk(b"eXIf", ZERO[6:]),
        chunk(b"iTXt", b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="6"/>'),
    ]
    for way in ways:
        image, notes = examine(png(PHOTOGRAPH, damaged(b"tEXt", b"Comment\0abc"), way))
        np.testing.assert_array_equal(image, np.rot90(PHOTOGRAPH, -1))
        assert notes == (METADATA,)


@pytest.mark.parametrize("name", (b"IHDR", b"IDAT", b"IEND"))
def test_a_png_whose_pixels_have_a_wrong_checksum_is_bad(name):
    whole = png(PHOTOGRAPH)
    at = whole.index(name)
    end = at + 4 + int.from_bytes(whole[at - 4 : at], "big")
    with pytest.raises(ValueError, match=f"^damaged: the checksum of its chunk {name.decode()} is wrong$"):
        examine(whole[:end] + b"\0" + whole[end + 1 :])


EXTRA = {
    "zero over zero": ([segment(EXIF, ZERO)], (), 6),
    "cut EXIF": ([segment(EXIF, exif([ORIENTATION, ORIENTATION])[:-10])], (), 6),
    "junk as EXIF": ([segment(EXIF, b"Exif\0\0junkjunk")], (), 1),
    "EXIF that points outside": ([segment(EXIF, b"Exif\0\0II*\0\xff\xff\xff\xff")], (), 1),
    "a short profile": ([segment(ICC, b"ICC_PROFILE\0")], (METADATA,), 1),
    "half a profile": ([segment(ICC, b"ICC_PROFILE\0\1\2junk")], ("it may be damaged (bad ICC marker)",), 1),
    "a junk profile": ([segment(ICC, b"ICC_PROFILE\0\1\1junk")], (PROFILE,), 1),
    "a junk list of frames": ([segment(MPF, b"MPF\0junkjunk")], (), 1),
    "a short marker of Adobe": ([segment(ADOBE, b"Adobe")], (METADATA,), 1),
    "a long comment": ([segment(0xFE, b"x" * 65533)], (), 1),
}


@pytest.mark.parametrize("case", EXTRA)
def test_a_jpeg_with_odd_metadata_is_read(case):
    segments, notes, orientation = EXTRA[case]
    image, told = examine(jpeg(PHOTOGRAPH, *segments))
    plain = decode(jpeg(PHOTOGRAPH))
    np.testing.assert_array_equal(image, plain if orientation == 1 else np.rot90(plain, -1))
    assert told == notes


@pytest.mark.parametrize("junk", (bytes(100), b"\1" * 100), ids=("zeros", "others"))
def test_a_jpeg_with_bytes_at_its_end_is_read(junk):
    whole = jpeg(PHOTOGRAPH)
    image, notes = examine(whole[:-2] + junk + whole[-2:])
    np.testing.assert_array_equal(image, decode(whole))
    assert len(notes) == 1 and notes[0].startswith("it may be damaged (") and "extraneous bytes" in notes[0]
    image, notes = examine(whole + junk)
    np.testing.assert_array_equal(image, decode(whole))
    assert notes == ()


@pytest.mark.parametrize("damage", (b"Exif\0\0junk", ZERO))
def test_a_webp_with_odd_exif_is_read(damage):
    file = BytesIO()
    Image.fromarray(PHOTOGRAPH).save(file, "WEBP", lossless=True, exif=damage)
    image, notes = examine(file.getvalue())
    turned = damage is ZERO
    np.testing.assert_array_equal(image, np.rot90(PHOTOGRAPH, -1) if turned else PHOTOGRAPH)
    assert notes == (() if turned else (EXIF_NOTE,))


def test_the_frames_of_a_webp_are_counted():
    file = BytesIO()
    frames = [Image.fromarray(PHOTOGRAPH), Image.fromarray(255 - PHOTOGRAPH)]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    image, notes = examine(file.getvalue())
    np.testing.assert_array_equal(image, PHOTOGRAPH)
    assert notes == ("it has 2 frames, and the first one is read",)
