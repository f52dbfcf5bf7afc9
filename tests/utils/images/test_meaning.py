"""What the values of a file mean: color profiles, the chunks of a PNG, and EXIF data, compared with formulas."""

import struct
import zlib
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
import skimage.data
from PIL import ImageCms

from tests.utils.images.encoding import chunk, entry, exif, jpeg, png, segment, tiff
from utils.images import decode, examine

PHOTOGRAPH = skimage.data.astronaut()[20:84, 180:260]
GRAY = PHOTOGRAPH[..., 0]
D65, SRGB = (0.3127, 0.3290), (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
ADOBE, P3 = (0.64, 0.33, 0.21, 0.71, 0.15, 0.06), (0.68, 0.32, 0.265, 0.69, 0.15, 0.06)


def encoded_srgb(light):
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def decoded_srgb(values):
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def to_xyz(primaries):
    """The matrix from light of these primaries and the white point D65 to XYZ."""
    x, y = np.reshape(primaries, [3, 2]).T
    columns = np.stack([x / y, np.ones(3), (1 - x - y) / y])
    white = np.array([D65[0] / D65[1], 1, (1 - sum(D65)) / D65[1]])
    return columns * np.linalg.solve(columns, white)


def to_srgb(values, primaries, curve):
    """The formulas: values in [0, 1] to sRGB in [0, 1]."""
    light = curve(values) if callable(curve) else values**curve
    return encoded_srgb(light @ (np.linalg.inv(to_xyz(SRGB)) @ to_xyz(primaries)).T)


def profile(name, gamma, primaries=SRGB):
    """An ICC profile of RGB with a name of 12 letters."""
    made = imagecodecs.cms_profile("rgb", whitepoint=[*D65, 1], primaries=primaries, gamma=gamma)
    return made.replace("RGB built-in".encode("utf-16-be"), name.encode("utf-16-be"))


def gray_profile(gamma):
    return imagecodecs.cms_profile("gray", whitepoint=[*D65, 1], gamma=gamma)


def assert_close(actual, wanted, levels=1.0):
    """Compare an image of any depth with floats in [0, 1], within levels of 8 bits."""
    most = np.iinfo(actual.dtype).max
    np.testing.assert_allclose(actual / most, np.broadcast_to(wanted, actual.shape), atol=levels / 255 + 0.5 / most)


@pytest.mark.parametrize("name", ("sRGB linear ", "AnyOther12ch"))
@pytest.mark.parametrize("gamma", (1.0, 1.8, 2.2))
def test_a_profile_counts_by_what_it_does_and_not_by_its_name(name, gamma):
    iccp = chunk(b"iCCP", b"x\0\0" + zlib.compress(profile(name, gamma)))
    for pixels in (PHOTOGRAPH, PHOTOGRAPH.astype(np.uint16) * 257):
        assert_close(decode(png(pixels, iccp)), to_srgb(PHOTOGRAPH / 255, SRGB, gamma))
    assert name in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile(name, gamma))))


def test_a_profile_that_is_srgb_under_another_name_changes_nothing(rng):
    srgb = imagecodecs.cms_profile("srgb").replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    pixels = rng.integers(0, 256, [40, 50, 3], np.uint8)
    np.testing.assert_array_equal(decode(tiff(pixels, photometric="rgb", iccprofile=srgb)), pixels)


@pytest.mark.parametrize("gamma", (1.0, 2.2))
@pytest.mark.parametrize("dtype", (np.uint8, np.uint16))
def test_gray_keeps_its_profile_also_beside_opacity(gamma, dtype):
    """All levels: lcms itself is off by 10 levels where it approximates a linear gray."""
    levels = np.repeat(np.arange(256)[None, :, None], 2, axis=0)
    wanted = encoded_srgb((levels / 255) ** gamma)
    for opacity in (255, 128):
        values = np.concatenate([levels, np.full_like(levels, opacity)], axis=-1).astype(np.uint8)
        values = values if dtype == np.uint8 else values.astype(dtype) * 257
        encoded = tiff(values, photometric="minisblack", extrasamples=[2], iccprofile=gray_profile(gamma))
        assert_close(decode(encoded), wanted * opacity / 255 + 1 - opacity / 255)
        encoded = tiff(values[..., 0], photometric="minisblack", iccprofile=gray_profile(gamma))
        assert_close(decode(encoded), wanted)


def test_colors_are_converted_before_they_are_laid_on_white(rng):
    pixels = rng.integers(0, 256, [9, 11, 4], np.uint8)
    encoded = tiff(pixels, photometric="rgb", extrasamples=[2], iccprofile=profile("AnyOther12ch", 1.0))
    opacity = pixels[..., 3:] / 255
    assert_close(decode(encoded), to_srgb(pixels[..., :3] / 255, SRGB, 1.0) * opacity + 1 - opacity)


GAMA, CHRM = b"gAMA", b"cHRM"


def gama(gamma):
    return chunk(GAMA, struct.pack(">I", round(gamma * 100000)))


def chrm(primaries):
    return chunk(CHRM, struct.pack(">8I", *(round(value * 100000) for value in (*D65, *primaries))))


def cicp(*codes):
    return chunk(b"cICP", bytes(codes))


IS_SRGB = chunk(b"sRGB", b"\0")
P3_PROFILE = chunk(b"iCCP", b"x\0\0" + zlib.compress(profile("AnyOther12ch", 2.2, P3)))


@pytest.mark.parametrize("dtype", (np.uint8, np.uint16))
@pytest.mark.parametrize(
    "chunks,primaries,curve",
    [
        ([gama(1)], SRGB, 1.0),
        ([gama(1 / 1.8)], SRGB, 1.8),
        ([gama(1 / 2.2)], SRGB, decoded_srgb),
        ([gama(0.46)], SRGB, decoded_srgb),
        ([gama(1 / 2.2), chrm(ADOBE)], ADOBE, decoded_srgb),
        ([gama(1), chrm(P3)], P3, 1.0),
        ([chrm(P3)], P3, decoded_srgb),
        ([gama(1), chrm(P3), IS_SRGB], SRGB, decoded_srgb),
        ([P3_PROFILE, gama(1)], P3, 2.2),
        ([cicp(12, 13, 0, 1), gama(1), IS_SRGB], P3, decoded_srgb),
        ([cicp(1, 13, 0, 1), P3_PROFILE], SRGB, decoded_srgb),
        ([cicp(1, 8, 0, 1)], SRGB, 1.0),
        ([cicp(1, 1, 0, 1)], SRGB, lambda v: np.where(v < 0.081, v / 4.5, ((v + 0.099) / 1.099) ** (1 / 0.45))),
    ],
    ids=range(13),
)
def test_the_chunks_of_a_png_say_what_its_values_mean(chunks, primaries, curve, dtype):
    pixels = PHOTOGRAPH if dtype == np.uint8 else PHOTOGRAPH.astype(dtype) * 257
    decoded = decode(png(pixels, *chunks))
    assert_close(decoded, to_srgb(PHOTOGRAPH / 255, primaries, curve), levels=1.5)
    if primaries == SRGB and curve is decoded_srgb:
        np.testing.assert_array_equal(decoded, pixels)


def test_gray_has_a_gamma_too():
    assert_close(decode(png(GRAY, gama(1))), encoded_srgb(GRAY / 255)[..., None])


@pytest.mark.parametrize("transfer,name", [(16, "PQ"), (18, "HLG")])
def test_hdr_is_refused_in_words(transfer, name):
    with pytest.raises(ValueError, match=rf"^HDR values \({name}\), and only SDR values are read$"):
        examine(png(PHOTOGRAPH, cicp(9, transfer, 0, 1)))


def _interoperability(index):
    """EXIF data as a camera writes them: the folder of details holds the folder of interoperability."""
    inner = struct.pack("<H", 1) + struct.pack("<HHI4s", 1, 2, 4, index + b"\0") + bytes(4)
    details = struct.pack("<H", 1) + entry(0xA005, 4, 26 + 18) + bytes(4)
    return exif([entry(0x8769, 4, 26)], details + inner)


def test_a_camera_says_that_its_colors_are_adobe_rgb():
    shown = decode(jpeg(PHOTOGRAPH, segment(0xE1, _interoperability(b"R03"))))
    stored = decode(jpeg(PHOTOGRAPH))
    assert_close(shown, to_srgb(stored / 255, ADOBE, 563 / 256), levels=1.5)
    assert np.abs(shown.astype(int) - stored).max() > 10
    np.testing.assert_array_equal(decode(jpeg(PHOTOGRAPH, segment(0xE1, _interoperability(b"R98")))), stored)


def test_an_embedded_profile_comes_before_the_cameras_word():
    srgb = imagecodecs.cms_profile("srgb")
    shown = decode(jpeg(PHOTOGRAPH, segment(0xE1, _interoperability(b"R03")), icc_profile=srgb))
    np.testing.assert_array_equal(shown, decode(jpeg(PHOTOGRAPH)))


@pytest.mark.parametrize(
    "content,words",
    [
        (b"broken", "its color profile is damaged and ignored"),
        (profile("AnyOther12ch", 1.0)[:200], "its color profile is damaged and ignored"),
        (gray_profile(1.0), "its color profile is ignored: the profile is for GRAY, and the image is RGB"),
    ],
    ids=("broken", "cut", "gray"),
)
def test_a_profile_that_cannot_be_applied_is_ignored_with_a_note(content, words):
    image, notes = examine(tiff(PHOTOGRAPH, photometric="rgb", iccprofile=content))
    np.testing.assert_array_equal(image, PHOTOGRAPH)
    assert notes == (words,)


def test_a_color_key_makes_16_bits_transparent_as_it_does_8():
    key = PHOTOGRAPH[5, 7]
    for pixels in (PHOTOGRAPH, PHOTOGRAPH.astype(np.uint16) * 257):
        trns = chunk(b"tRNS", pixels[5, 7].astype(">u2").tobytes())
        wanted = np.where((key == PHOTOGRAPH).all(-1, keepdims=True), 1, PHOTOGRAPH / 255)
        assert_close(decode(png(pixels, trns)), wanted, levels=0)
