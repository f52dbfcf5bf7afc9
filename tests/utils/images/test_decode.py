"""Decoding: every format and pixel type, compared with numpy arrays."""

import struct
import zlib
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
import simplejpeg
import skimage.data
import tifffile
from PIL import Image, ImageCms

from utils.images import Photograph, with_depth
from utils.images.decode import decode
from utils.images.photographs import encode as encode_photograph

PHOTOGRAPH = skimage.data.astronaut()[20:84, 180:260]  # [64, 80, 3]


def encode(image, kind, **options):
    file = BytesIO()
    image = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind,options", [("PNG", {}), ("BMP", {}), ("TIFF", {}), ("WEBP", {"lossless": True})])
def test_lossless_formats_are_decoded_exactly(kind, options):
    np.testing.assert_array_equal(decode(encode(PHOTOGRAPH, kind, **options)), PHOTOGRAPH)


@pytest.mark.parametrize("kind", ("JPEG", "WEBP"))
def test_lossy_formats_are_decoded_approximately(kind):
    assert np.abs(np.int16(decode(encode(PHOTOGRAPH, kind, quality=95))) - PHOTOGRAPH).mean() < 3


def test_a_jpeg_is_decoded_as_by_another_decoder():
    encoded = encode(PHOTOGRAPH, "JPEG", quality=80)
    assert np.abs(np.int16(decode(encoded)) - simplejpeg.decode_jpeg(encoded)).max() <= 4


@pytest.mark.parametrize("kind", ("PNG", "TIFF"))
@pytest.mark.parametrize("channels", (1, 3))
def test_16_bits_are_kept(kind, channels, rng, tmp_path):
    deep = rng.integers(0, 65536, [9, 11, 3], np.uint16)[..., :channels].squeeze()
    path = tmp_path / f"deep.{kind.lower()}"
    if kind == "TIFF":
        tifffile.imwrite(path, deep)
    elif channels == 1:
        Image.fromarray(deep).save(path)
    else:
        path.write_bytes(_png_of_16_bits(deep))
    decoded = decode(path.read_bytes())
    assert decoded.dtype == np.uint16
    np.testing.assert_array_equal(decoded, np.broadcast_to(deep.reshape(9, 11, channels), [9, 11, 3]))


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "lzw", "predictor": True},
        {"compression": "zlib"},
        {"byteorder": ">"},
        {"tile": (16, 16)},
        {"planarconfig": "separate"},
    ],
    ids=str,
)
def test_a_tiff_of_16_bits_may_be_stored_in_any_way(options, rng, tmp_path):
    deep = rng.integers(0, 65536, [9, 11, 3], np.uint16)
    written = np.moveaxis(deep, -1, 0) if "planarconfig" in options else deep
    tifffile.imwrite(tmp_path / "deep.tif", written, photometric="rgb", **options)
    np.testing.assert_array_equal(decode((tmp_path / "deep.tif").read_bytes()), deep)


@pytest.mark.parametrize("suffix", (".png", ".tif", ".tiff"))
def test_16_bits_that_are_written_are_read_again(suffix, rng):
    deep = rng.integers(0, 65536, [9, 11, 3], np.uint16)
    np.testing.assert_array_equal(decode(encode_photograph(Photograph(deep), suffix)), deep)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_16_bits_are_turned_as_8_bits_are(orientation, tmp_path):
    decoded = []
    for image in (PHOTOGRAPH, with_depth(PHOTOGRAPH, np.uint16)):
        path = tmp_path / f"{image.dtype}.tif"
        tifffile.imwrite(path, image, photometric="rgb", extratags=[(0x0112, 3, 1, orientation)])
        decoded.append(decode(path.read_bytes()))
    np.testing.assert_array_equal(decoded[1], with_depth(decoded[0], np.uint16))
    assert np.array_equal(decoded[0], PHOTOGRAPH) == (orientation == 1)


def test_transparent_pixels_of_16_bits_are_laid_on_white(rng):
    deep = rng.integers(0, 65536, [9, 11, 4], np.uint16)
    wanted = deep[..., :3] * (deep[..., 3:] / 65535) + 65535 - deep[..., 3:]
    assert np.abs(decode(imagecodecs.png_encode(deep)) - wanted).max() <= 1


def test_a_color_profile_of_16_bits_is_converted_as_one_of_8_bits(tmp_path):
    profile = swapped_profile()
    shallow = np.int64(decode(encode(PHOTOGRAPH, "TIFF", icc_profile=profile))) * 257
    tifffile.imwrite(tmp_path / "deep.tif", with_depth(PHOTOGRAPH, np.uint16), photometric="rgb", iccprofile=profile)
    deep = np.int64(decode((tmp_path / "deep.tif").read_bytes()))
    assert np.abs(deep - shallow).max() <= 257 and np.abs(deep - with_depth(PHOTOGRAPH, np.uint16)).max() > 2000


def _png_of_16_bits(deep):
    """An RGB PNG with 16 bits, made by hand since Pillow cannot write one."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    height, width, _ = deep.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in deep)
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_gray_palettes_and_one_bit_become_rgb():
    gray = PHOTOGRAPH[..., 0]
    np.testing.assert_array_equal(decode(encode(gray, "PNG")), np.repeat(gray[..., None], 3, axis=-1))
    few = Image.fromarray(PHOTOGRAPH).quantize(16)
    np.testing.assert_array_equal(decode(encode(few, "PNG")), np.reshape(few.getpalette(), [-1, 3])[np.asarray(few)])
    bits = decode(encode(Image.fromarray(gray > 100), "PNG"))
    np.testing.assert_array_equal(bits, 255 * np.repeat((gray > 100)[..., None], 3, axis=-1))


@pytest.mark.parametrize("kind", ("PNG", "WEBP", "TIFF"))
def test_transparent_pixels_are_laid_on_white(kind, rng):
    alpha = rng.integers(0, 256, [*PHOTOGRAPH.shape[:2], 1], np.uint8)
    encoded = encode(np.concatenate([PHOTOGRAPH, alpha], axis=-1), kind, **{"lossless": True} if kind == "WEBP" else {})
    wanted = 255 + (PHOTOGRAPH - 255.0) * (alpha / 255)
    difference = np.abs(decode(encoded) - wanted)
    assert difference[alpha[..., 0] > 0].max() <= 1  # WebP does not keep the colors of invisible pixels
    assert decode(encoded)[alpha[..., 0] == 0].min() >= 254


def test_transparent_palettes_and_gray_are_laid_on_white():
    few = Image.fromarray(PHOTOGRAPH).quantize(8)
    holes = np.asarray(few) == 3
    decoded = decode(encode(few, "PNG", transparency=3))
    assert holes.any() and (decoded[holes] == 255).all()
    np.testing.assert_array_equal(decoded[~holes], np.asarray(few.convert("RGB"))[~holes])
    pale = decode(encode(np.stack([PHOTOGRAPH[..., 0], np.full([64, 80], 128, np.uint8)], axis=-1), "PNG"))
    np.testing.assert_allclose(pale[..., 0], 255 + (PHOTOGRAPH[..., 0] - 255.0) * (128 / 255), atol=1)


ORIENTED = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: p.transpose(1, 0, 2)[::-1, ::-1],
    8: lambda p: np.rot90(p),
}


@pytest.mark.parametrize("orientation", ORIENTED)
@pytest.mark.parametrize("kind", ("PNG", "WEBP", "TIFF"))
def test_exif_orientation_is_applied(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    encoded = encode(PHOTOGRAPH, kind, exif=exif, **{"lossless": True} if kind == "WEBP" else {})
    np.testing.assert_array_equal(decode(encoded), ORIENTED[orientation](PHOTOGRAPH))


def test_cmyk_is_converted_with_normal_and_with_inverted_values():
    cmyk = Image.fromarray(PHOTOGRAPH).convert("CMYK")
    values = np.asarray(cmyk) / 255
    wanted = 255 * (1 - values[..., :3]) * (1 - values[..., 3:])
    np.testing.assert_allclose(decode(encode(cmyk, "TIFF")), wanted, atol=1)
    adobe = encode(cmyk, "JPEG", quality=100, subsampling=0)  # Pillow writes Adobe's marker and inverted values
    assert b"Adobe" in adobe
    assert np.abs(decode(adobe) - wanted).mean() < 2


def test_the_first_of_several_frames_is_decoded():
    frames = [Image.fromarray(PHOTOGRAPH), Image.fromarray(255 - PHOTOGRAPH)]
    for kind in ("TIFF", "WEBP", "PNG"):
        options = {"save_all": True, "append_images": frames[1:]} | ({"lossless": True} if kind == "WEBP" else {})
        np.testing.assert_array_equal(decode(encode(frames[0], kind, **options)), PHOTOGRAPH)


def test_other_formats_are_refused():
    with pytest.raises(OSError, match="cannot identify"):
        decode(encode(PHOTOGRAPH, "GIF"))


def swapped_profile():
    """The profile of sRGB with red and green exchanged: their tags in the profile's table carry each other's names."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    for color in (b"XYZ", b"TRC"):
        red, green = b"r" + color, b"g" + color
        profile = profile.replace(red, b"_" + color, 1).replace(green, red, 1).replace(b"_" + color, green, 1)
    return profile


@pytest.mark.parametrize("kind", ("PNG", "TIFF", "JPEG"))
def test_colors_are_converted_from_the_files_profile_to_srgb(kind):
    options = {"quality": 95, "subsampling": 0} if kind == "JPEG" else {}
    swapped = decode(encode(PHOTOGRAPH[..., [1, 0, 2]], kind, icc_profile=swapped_profile(), **options))
    assert np.abs(np.int16(swapped) - PHOTOGRAPH).mean() < (3 if kind == "JPEG" else 0.5)


@pytest.mark.parametrize("profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"broken"])
def test_a_profile_of_srgb_and_a_broken_one_change_nothing(profile):
    np.testing.assert_array_equal(decode(encode(PHOTOGRAPH, "PNG", icc_profile=profile)), PHOTOGRAPH)


def test_a_profile_of_colors_does_not_apply_to_a_gray_image():
    gray = PHOTOGRAPH[..., 0]
    decoded = decode(encode(gray, "PNG", icc_profile=swapped_profile()))
    np.testing.assert_array_equal(decoded, np.repeat(gray[..., None], 3, axis=-1))
