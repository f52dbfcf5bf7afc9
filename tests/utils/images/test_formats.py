"""AVIF, HEIC, JPEG XL and camera raw: what is read is compared with Pillow and arithmetic; the others are named."""

import struct
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
import skimage.data
import tifffile
from PIL import Image, ImageOps, features

from tests.utils.images.encoding import chunk, png
from utils import UserError
from utils.images import decode, examine, load_image, load_photograph
from utils.images.formats import OPTIONAL

PHOTOGRAPH = skimage.data.astronaut()[20:84, 180:260]
BOX = b"\0\0\0\x18ftyp"
HEIC = r"a HEIC image; heif-convert photo\.heic photo\.png converts it, and pip install pillow-heif makes it readable"
JPEG_XL = r"a JPEG XL image; djxl photo\.jxl photo\.png converts it"
RAW = r"the raw data of a camera; darktable-cli photo\.nef photo\.tif converts it, and pip install rawpy makes it .*"
needs_avif = pytest.mark.skipif(not features.check("avif"), reason="this Pillow reads no AVIF")
without_heif = pytest.mark.skipif("pillow_heif" in OPTIONAL, reason="pillow-heif is installed")
without_rawpy = pytest.mark.skipif("rawpy" in OPTIONAL, reason="rawpy is installed")


def avif(image=PHOTOGRAPH, **options):
    file = BytesIO()
    Image.fromarray(image).save(file, "AVIF", quality=100, subsampling="4:4:4", speed=10, **options)
    return file.getvalue()


def dng(sensor, **preview):
    """A raw file whose first page is a preview in RGB, and whose second one holds the values of the sensor."""
    file = BytesIO()
    with tifffile.TiffWriter(file) as writer:
        matrix = [
            number for value in (3.2, -1.5, -0.5, -1, 1.9, 0, 0.1, -0.2, 1.1) for number in (int(value * 100), 100)
        ]
        tags = [(50706, 1, 4, (1, 4, 0, 0), True), (50708, 2, 0, "Camera", True), (50721, 10, 9, matrix, True)]
        tags += [(271, 2, 0, "Maker", True), (50728, 5, 3, (1, 1, 1, 1, 1, 1), True)]
        writer.write(PHOTOGRAPH, photometric="rgb", subifds=1, extratags=tags, **preview)
        mosaic = [(33421, 3, 2, (2, 2), True), (33422, 1, 4, (0, 1, 1, 2), True), (50717, 3, 1, 65535, True)]
        writer.write(sensor, photometric="cfa", subfiletype=0, extratags=mosaic)
    return file.getvalue()


@needs_avif
def test_an_avif_is_read_with_its_opacity_and_metadata(tmp_path):
    rgba = np.dstack([PHOTOGRAPH, np.tile(np.arange(80, dtype=np.uint8) * 3, (64, 1))])
    exif = Image.Exif()
    exif[271] = "Maker"
    (tmp_path / "a.avif").write_bytes(avif(rgba, exif=exif))
    photograph = load_photograph(tmp_path / "a.avif", "--source")
    assert np.abs(photograph.rgb[:, 1:].astype(int) - PHOTOGRAPH[:, 1:]).max() <= 3
    np.testing.assert_array_equal(photograph.alpha[..., 0], rgba[..., 3])
    assert photograph.metadata.exif.main[271].value == b"Maker\0"


@needs_avif
@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_avif_is_turned_upright(orientation):
    exif = Image.Exif()
    exif[274] = orientation
    encoded = avif(exif=exif)
    upright = np.asarray(ImageOps.exif_transpose(Image.open(BytesIO(encoded))))
    assert upright.shape[0] == (64 if orientation < 5 else 80)
    np.testing.assert_array_equal(decode(encoded), upright)


@needs_avif
@pytest.mark.parametrize("coded", (False, True), ids=("profile", "codes"))
def test_the_colors_of_an_avif_in_display_p3_become_srgb(coded):
    p3 = imagecodecs.cms_profile(
        "rgb",
        whitepoint=[0.3127, 0.3290, 1],
        primaries=(0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
        transferfunction=_curve(),
    )
    encoded = _with_codes(12, 13) if coded else avif(icc_profile=p3)
    values = np.asarray(Image.open(BytesIO(encoded)))
    wanted = decode(png(values, chunk(b"cICP", bytes([12, 13, 0, 1])))).astype(int)
    assert np.abs(wanted - values).max() > 20
    assert np.abs(decode(encoded) - wanted).max() <= 1


def _curve():
    values = np.linspace(0, 1, 4096)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _with_codes(primaries, curve):
    encoded = avif()
    at = encoded.index(b"colrnclx") + 8
    return encoded[:at] + struct.pack(">HH", primaries, curve) + encoded[at + 4 :]


@needs_avif
def test_an_avif_that_is_hdr_or_damaged_says_so():
    with pytest.raises(ValueError, match=r"^HDR values \(PQ\), and only SDR values are read$"):
        examine(_with_codes(9, 16))
    whole = avif()
    for end in (len(whole) // 2, -1):
        with pytest.raises(ValueError, match=r"^truncated: its end is missing$"):
            examine(whole[:end])
    np.testing.assert_array_equal(decode(_with_codes(2, 2)), np.asarray(Image.open(BytesIO(whole))))


@pytest.mark.parametrize(
    "content,name",
    [
        pytest.param(BOX + b"heic\0\0\0\0mif1heic", HEIC, marks=without_heif),
        pytest.param(b"\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf", HEIC, marks=without_heif),
        (b"\xff\x0a" + bytes(50), JPEG_XL),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(50), JPEG_XL),
        pytest.param(BOX + b"crx \0\0\0\1crx isom", RAW, marks=without_rawpy),
        pytest.param(b"FUJIFILMCCD-RAW 0201" + bytes(50), RAW, marks=without_rawpy),
        pytest.param(b"IIU\0" + bytes(50), RAW, marks=without_rawpy),
        pytest.param(b"II*\0\x10\0\0\0CR\2\0" + bytes(50), RAW, marks=without_rawpy),
        pytest.param(dng(np.zeros([64, 80], np.uint16), subfiletype=1), RAW, marks=without_rawpy),
        pytest.param(dng(np.zeros([32, 40], np.uint16)), RAW, marks=without_rawpy),  # the preview is the largest image
    ],
    ids=str,
)
def test_what_is_not_read_is_named_with_a_command_that_converts_it(tmp_path, content, name):
    (tmp_path / "a.jpg").write_bytes(content)
    sentence = rf"^--source .*a\.jpg is not an image that can be read \({name}\); give another file$"
    with pytest.raises(UserError, match=sentence):
        load_image(tmp_path / "a.jpg", "--source")


def test_a_tiff_of_a_camera_that_holds_an_image_is_no_raw_data():
    file = BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(PHOTOGRAPH, photometric="rgb", subifds=1, extratags=[(271, 2, 0, "Maker", True)])
        writer.write(PHOTOGRAPH[::2, ::2], photometric="rgb", subfiletype=1)
    np.testing.assert_array_equal(decode(file.getvalue()), PHOTOGRAPH)


@pytest.mark.parametrize("orientation", (1, 6))
def test_a_heic_is_read_where_pillow_heif_is_installed(orientation):
    pytest.importorskip("pillow_heif")
    file, exif, image = BytesIO(), Image.Exif(), Image.fromarray(PHOTOGRAPH)
    exif[274] = orientation
    image.info["exif"] = exif.tobytes()  # from here, pillow-heif writes a HEIC's own rotation, too
    image.save(file, "HEIF", quality=-1, chroma=444, matrix_coefficients=0)  # lossless RGB
    upright = np.rot90(PHOTOGRAPH, -1) if orientation == 6 else PHOTOGRAPH
    np.testing.assert_array_equal(decode(file.getvalue()), upright)
    with pytest.raises(ValueError, match=r"^truncated: its end is missing$"):
        examine(file.getvalue()[:-100])


def test_raw_data_are_developed_where_rawpy_is_installed():
    """The values of the sensor are a ramp in gray, so what is developed is one too, and not the preview."""
    pytest.importorskip("rawpy")
    ramp = np.tile(np.linspace(1000, 60000, 240), (160, 1)).astype(np.uint16)
    developed = decode(dng(ramp))
    metadata, _ = examine(dng(ramp), convert=lambda pixels: pixels.metadata)
    assert metadata.exif.main[271].value == b"Maker\0"
    assert developed.dtype == np.uint16 and developed.shape == (160, 240, 3)
    middle = developed[80, 10:-10].astype(int)
    assert np.ptp(middle, axis=-1).max() < 3000 and (np.diff(middle.mean(-1)[::4]) >= 0).all()
    with pytest.raises(ValueError, match=r"^the raw data of a camera, which rawpy cannot read; darktable-cli"):
        examine(b"FUJIFILMCCD-RAW 0201" + bytes(50))
