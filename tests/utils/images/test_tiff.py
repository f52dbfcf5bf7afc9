"""TIFF files: every layout of channels at 8 and 16 bits, floats, and several pages."""

import struct
from io import BytesIO

import numpy as np
import pytest
import tifffile

from tests.utils.images.encoding import tiff
from utils.images import decode, examine

LEVEL = 257  # of 8 bits, in values of 16 bits


def on_white(colors, alpha):
    return colors * alpha + 1 - alpha


def divided(colors, alpha):
    return on_white(np.minimum(colors / alpha, 1), alpha)


def inked(cmyk):
    return (1 - cmyk[..., :3]) * (1 - cmyk[..., 3:])


# Photometric interpretation, values of ExtraSamples, and what values in [0, 1] mean: RGB, or gray.
LAYOUTS = {
    "gray": ("minisblack", [], lambda v: v),
    "white is zero": ("miniswhite", [], lambda v: 1 - v),
    "gray, unspecified": ("minisblack", [0], lambda v: v[..., :1]),
    "gray, premultiplied": ("minisblack", [1], lambda v: divided(v[..., :1], v[..., 1:])),
    "gray, opacity": ("minisblack", [2], lambda v: on_white(v[..., :1], v[..., 1:])),
    "white is zero, opacity": ("miniswhite", [2], lambda v: on_white(1 - v[..., :1], v[..., 1:])),
    "rgb": ("rgb", [], lambda v: v),
    "rgb, unspecified": ("rgb", [0], lambda v: v[..., :3]),
    "rgb, premultiplied": ("rgb", [1], lambda v: divided(v[..., :3], v[..., 3:])),
    "rgb, opacity": ("rgb", [2], lambda v: on_white(v[..., :3], v[..., 3:])),
    "rgb, two unspecified": ("rgb", [0, 0], lambda v: v[..., :3]),
    "rgb, opacity, unspecified": ("rgb", [2, 0], lambda v: on_white(v[..., :3], v[..., 3:4])),
    "rgb, unspecified, opacity": ("rgb", [0, 2], lambda v: on_white(v[..., :3], v[..., 4:])),
    "cmyk": ("separated", [], inked),
    "cmyk, unspecified": ("separated", [0], lambda v: inked(v[..., :4])),
    "cmyk, opacity": ("separated", [2], lambda v: on_white(inked(v[..., :4]), v[..., 4:])),
}
COLORS = {"minisblack": 1, "miniswhite": 1, "rgb": 3, "separated": 4}


@pytest.mark.parametrize("planar", (False, True), ids=("contiguous", "separate"))
@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_is_read_alike_at_8_and_16_bits(layout, planar, rng):
    photometric, extra, meaning = LAYOUTS[layout]
    values = rng.integers(60, 256, [9, 11, COLORS[photometric] + len(extra)], np.uint8)
    if 1 in extra:  # premultiplied colors are at most their opacity
        values = np.sort(values, axis=-1)
    written = np.moveaxis(values, -1, 0) if planar and values.shape[-1] > 1 else values.squeeze()
    options = {"photometric": photometric, "extrasamples": extra, "planarconfig": "separate" if planar else "contig"}
    if written.ndim == 2:
        del options["planarconfig"], options["extrasamples"]
    shallow = decode(tiff(written, **options))
    deep = decode(tiff(written.astype(np.uint16) * LEVEL, **options))
    wanted = np.broadcast_to(meaning(values / 255), [9, 11, 3])
    assert shallow.dtype == np.uint8 and deep.dtype == np.uint16
    np.testing.assert_allclose(shallow / 255, wanted, atol=1 / 255)
    np.testing.assert_allclose(deep / 65535, wanted, atol=2 / 65535)


@pytest.mark.parametrize("bits", (8, 16))
def test_a_fourth_channel_that_is_not_specified_at_all_is_opacity(bits, rng):
    values = rng.integers(0, 256, [9, 11, 4], np.uint8)
    encoded = tiff(values if bits == 8 else values.astype(np.uint16) * LEVEL, photometric="rgb", extrasamples=[2])
    encoded = encoded.replace(struct.pack("<HH", 338, 3), struct.pack("<HH", 337, 3))  # another tag than ExtraSamples
    decoded = decode(encoded) / (2**bits - 1)
    np.testing.assert_allclose(decoded, on_white(values[..., :3] / 255, values[..., 3:] / 255), atol=1 / 255)


def lab_to_srgb(lab):
    """CIE Lab of the white point D50 to sRGB: the CIE's formulas, and Lindbloom's matrix for Bradford's adaptation."""
    y = (lab[..., :1] + 16) / 116
    f = np.concatenate([y + lab[..., 1:2] / 500, y, y - lab[..., 2:] / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, (f - 4 / 29) * 3 * (6 / 29) ** 2) * [0.96422, 1, 0.82521]
    matrix = [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
    linear = xyz @ np.transpose(matrix)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.abs(linear) ** (1 / 2.4) - 0.055)


def test_lab_is_converted_at_8_and_16_bits(rng):
    lab = np.concatenate([rng.integers(110, 200, [9, 11, 1]), rng.integers(-15, 16, [9, 11, 2])], axis=-1)
    shallow = decode(tiff(lab.astype(np.uint8), photometric="cielab"))
    deep = decode(tiff((lab * [LEVEL, 256, 256]).astype(np.uint16), photometric="cielab"))
    wanted = lab_to_srgb(lab * [100 / 255, 1, 1])
    np.testing.assert_allclose(shallow / 255, wanted, atol=1.5 / 255)
    np.testing.assert_allclose(deep / 65535, wanted, atol=0.5 / 255)


def test_12_bits_fill_the_range_of_16():
    """Packed by hand: two values of 12 bits in three bytes."""
    values = np.arange(0, 4096, 273)[None]  # 16 of them, from 0 to 4095
    packed = b"".join((int(a) << 12 | int(b)).to_bytes(3, "big") for a, b in values.reshape(-1, 2))
    encoded = tiff(values.astype(np.uint16), photometric="minisblack")
    with tifffile.TiffFile(BytesIO(encoded)) as file:
        at, count = file.pages[0].dataoffsets[0], file.pages[0].databytecounts[0]
    encoded = encoded[:at] + packed + encoded[at + count :]
    encoded = encoded.replace(struct.pack("<HHII", 258, 3, 1, 16), struct.pack("<HHII", 258, 3, 1, 12))
    encoded = encoded.replace(struct.pack("<HHII", 279, 4, 1, count), struct.pack("<HHII", 279, 4, 1, len(packed)))
    np.testing.assert_allclose(decode(encoded)[..., 0], values * (65535 / 4095), atol=0.5)


@pytest.mark.parametrize("kind", (np.float16, np.float32, np.float64))
def test_floats_from_0_to_1_are_read_with_16_bits(kind, rng):
    values = rng.random([9, 11, 3]).astype(kind)
    values[0, 0] = [0, 0.5, 1]
    decoded = decode(tiff(values, photometric="rgb"))
    assert decoded.dtype == np.uint16
    np.testing.assert_allclose(decoded / 65535, values.astype(float), atol=0.6 / 65535)


@pytest.mark.parametrize(
    "values,words",
    [
        (np.float32([[0, 255]]), "float pixels from 0 to 255, and floats are read from 0 to 1 only"),
        (np.float32([[-0.1, 1]]), "float pixels from -0.1 to 1, and"),
        (np.float32([[np.nan, 1]]), "float pixels from nan to nan, and"),
        (np.int32([[0, 7]]), "pixels of 32 bits, with a sign, whose range is unknown"),
        (np.uint32([[0, 7]]), "pixels of 32 bits, whose range is unknown"),
        (np.int16([[0, 7]]), "pixels of 16 bits, with a sign, whose range is unknown"),
        (np.int8([[0, 7]]), "pixels of 8 bits, with a sign, whose range is unknown"),
    ],
)
def test_values_of_unknown_range_are_refused_in_words(values, words):
    with pytest.raises(ValueError, match=f"^{words}"):
        examine(tiff(values, photometric="minisblack"))


def test_pixels_that_cannot_be_read_are_named():
    with pytest.raises(ValueError, match=r"^pixels of the kind LOGL with 16 bits, which cannot be read$"):
        examine(tiff(np.zeros([4, 4], np.uint16), photometric="logl"))


def pages(*images, **options):
    file = BytesIO()
    with tifffile.TiffWriter(file, **options) as writer:
        for image in images:
            writer.write(image, photometric="rgb")
    return file.getvalue()


@pytest.mark.parametrize("bigtiff", (False, True))
@pytest.mark.parametrize("byteorder", ("<", ">"))
@pytest.mark.parametrize("bits", (8, 16))
def test_the_largest_page_is_read_and_the_pages_are_counted(bits, byteorder, bigtiff, rng):
    images = [rng.integers(0, 256, [side, side + 2, 3], np.uint8) for side in (4, 9, 6)]
    images = [image if bits == 8 else image.astype(np.uint16) * LEVEL for image in images]
    image, notes = examine(pages(*images, byteorder=byteorder, bigtiff=bigtiff))
    np.testing.assert_array_equal(image, images[1])
    assert notes == ("it has 3 pages, and the largest one, page 2, is read",)
    image, notes = examine(pages(images[0], images[0][::-1]))
    np.testing.assert_array_equal(image, images[0])
    assert notes == ("it has 2 pages, and the first one is read",)


def test_the_largest_page_of_few_bits_is_read(rng):
    """Pillow reads it, although it is not the first."""
    bits = rng.integers(0, 2, [9, 16], bool)
    file = BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(np.zeros([3, 8], bool), photometric="minisblack")
        writer.write(bits, photometric="minisblack")
    np.testing.assert_array_equal(decode(file.getvalue())[..., 0], 255 * bits)


def test_a_photograph_below_its_thumbnail_is_read(rng):
    """In a SubIFD, as some cameras write it. A thumbnail that is marked is no page of its own."""
    small, large = (rng.integers(0, 256, [side, side, 3], np.uint8) for side in (4, 9))
    file = BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(small, photometric="rgb", subfiletype=1, subifds=1)
        writer.write(large, photometric="rgb")
    image, notes = examine(file.getvalue())
    np.testing.assert_array_equal(image, large)
    assert notes == ()


@pytest.mark.parametrize("compression", (None, "lzw", "zlib"))
@pytest.mark.parametrize("dtype", (np.uint8, np.uint16))
def test_a_file_whose_last_strip_is_cut_is_truncated(dtype, compression, rng):
    image = rng.integers(0, 256, [64, 50, 3]).astype(dtype)
    whole = tiff(image, photometric="rgb", compression=compression, rowsperstrip=8)
    np.testing.assert_array_equal(decode(whole), image)
    with pytest.raises(ValueError, match=r"^truncated: its end is missing$"):
        examine(whole[:-60])


def test_a_tag_of_a_wrong_length_is_not_explained_in_the_words_of_python():
    whole = tiff(np.zeros([64, 50], np.uint8), photometric="minisblack")
    at = whole.index(struct.pack("<HH", 256, 4))  # the tag of the width, a long
    damaged = whole[: at + 2] + struct.pack("<HI", 3, 2) + whole[at + 8 :]  # two widths
    with pytest.raises(ValueError, match=r"^not an image that can be read$"):
        examine(damaged)
