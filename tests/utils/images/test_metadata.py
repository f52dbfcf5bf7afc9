"""EXIF, XMP and the resolution: kept from any format to any other, read by Pillow, tifffile and exiftool."""

import json
import re
import shutil
import subprocess
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
import skimage.data
import tifffile
from PIL import Image

from tests.utils.images.encoding import chunk, entry, exif, jpeg, png, segment, tiff
from utils.images import Photograph, load_photograph, write_photograph

PHOTOGRAPH = skimage.data.astronaut()[20:60, 180:240]  # 40 x 60
ARTIST, MAKE, ORIENTATION, EXPOSURE = "Jörg Müller", "Acme", 274, 33434
XMP = b"""<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:tiff='http://ns.adobe.com/tiff/1.0/'
xmlns:exif='http://ns.adobe.com/exif/1.0/' tiff:Orientation="6" exif:PixelXDimension="60" xmp:Rating="4">
<exif:PixelYDimension>40</exif:PixelYDimension><xmp:Thumbnails><rdf:Alt><rdf:li>AAAA</rdf:li></rdf:Alt></xmp:Thumbnails>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def made_exif(order="<"):
    """EXIF data of a turned image: a camera's directory, GPS, and a thumbnail."""
    made = Image.Exif()
    made.endian = order
    made.update({271: MAKE, 315: ARTIST.encode(), ORIENTATION: 6, 282: 240.0, 283: 240.0, 296: 2, 513: 7})
    made[34665] = {
        EXPOSURE: 0.004,
        0x927C: b"maker's note",
        0xA001: 65535,
        0xA002: 60,
        0xA003: 40,
        0x9286: b"ASCII\0\0\0hello",
    }
    made[34853] = {1: "N", 2: (48.0, 30.0, 0.0)}
    return made.tobytes()


@pytest.fixture
def source(tmp_path, request):
    """A file of a format, turned by 90 degrees, with EXIF, XMP and a resolution."""
    suffix, order = request.param
    path, made = tmp_path / f"source{suffix}", made_exif(order)
    if suffix == ".tif":
        Image.fromarray(PHOTOGRAPH).save(path, exif=made, dpi=(240, 240))
        encoded = path.read_bytes()
        with tifffile.TiffFile(BytesIO(encoded)) as file:
            assert 34665 in file.pages[0].tags
        return path
    Image.fromarray(PHOTOGRAPH).save(path, exif=made, xmp=XMP, dpi=(240, 240), lossless=True)
    if suffix == ".png":
        path.write_bytes(
            path.read_bytes()[:33] + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP) + path.read_bytes()[33:]
        )
    return path


SOURCES = [(".jpg", "<"), (".jpg", ">"), (".png", "<"), (".webp", ">"), (".tif", "<")]


@pytest.mark.parametrize("source", SOURCES, indirect=True, ids=str)
@pytest.mark.parametrize("out", (".jpg", ".png", ".webp", ".tif"))
def test_metadata_go_from_any_format_to_any_other(source, tmp_path, out):
    path = tmp_path / f"out{out}"
    write_photograph(path, load_photograph(source, "--source"))
    with Image.open(path) as image:
        found, info = image.getexif(), image.info
        assert image.size == (40, 60)
        camera, gps = found.get_ifd(34665), found.get_ifd(34853)
        xmp = info.get("xmp", b"")
        assert found[271] == MAKE and found.get(ORIENTATION) in (1, None if source.suffix == ".tif" else 1)
        assert float(found[282]) == 240 and 513 not in found and not found.get_ifd(1)
        assert np.isclose(camera[EXPOSURE], 0.004) and camera[0x927C] == b"maker's note"
        assert (camera[0xA001], camera[0xA002], camera[0xA003]) == (1, 40, 60)
        assert gps[1] == "N" and tuple(map(float, gps[2])) == (48, 30, 0)
        assert out == ".webp" or np.allclose([float(each) for each in info["dpi"]], 240, atol=0.01)
    if source.suffix != ".tif":
        assert b'tiff:Orientation="1"' in xmp and b'xmp:Rating="4"' in xmp and b"Thumbnails" not in xmp
        assert b'PixelXDimension="40"' in xmp and b"<exif:PixelYDimension>60<" in xmp
        assert ARTIST.encode() in path.read_bytes()  # Pillow writes no UTF-8 into a TIFF


@pytest.mark.parametrize("out", (".jpg", ".png", ".webp", ".tif"))
def test_strip_leaves_all_out_but_the_color_tag(tmp_path, out):
    Image.fromarray(PHOTOGRAPH).save(tmp_path / "source.jpg", exif=made_exif(), xmp=XMP, dpi=(240, 240))
    path = tmp_path / f"out{out}"
    write_photograph(path, load_photograph(tmp_path / "source.jpg", "--source", strip=True))
    encoded = path.read_bytes()
    assert not re.search(rb"Acme|xmpmeta|Exif|eXIf|EXIF|iTXt|pHYs", encoded)
    with Image.open(path) as image:
        assert image.info.get("icc_profile") or "srgb" in image.info
        assert image.info.get("dpi") in (None, (1, 1))


def test_a_16_bit_tiff_keeps_all_and_its_pixels(tmp_path, rng):
    values = rng.integers(0, 65536, [20, 30, 3], np.uint16)
    extra = [(271, "s", 0, MAKE, True), (700, 1, len(XMP), XMP, True)]
    encoded = tiff(values, photometric="rgb", byteorder=">", resolution=(118, 118), resolutionunit=3, extratags=extra)
    (tmp_path / "source.tif").write_bytes(encoded)
    for suffix in (".tif", ".png"):
        photograph = load_photograph(tmp_path / "source.tif", "--source")
        write_photograph(tmp_path / f"out{suffix}", photograph)
        again = load_photograph(tmp_path / f"out{suffix}", "--source")
        np.testing.assert_array_equal(again.rgb, values)
        assert again.metadata.exif.main[271].value.rstrip(b"\0") == MAKE.encode() and b"Rating" in again.metadata.xmp
        np.testing.assert_allclose(again.metadata.dpi, 118 * 2.54, rtol=1e-4)
    with tifffile.TiffFile(tmp_path / "out.tif") as file:
        assert file.pages[0].tags.valueof(271) == MAKE and len(file.pages) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"II*\0",
        b"XX*\0\x08\0\0\0",
        exif([entry(271, 2, 10**6, count=99)])[6:],  # beyond the end
        exif([entry(34665, 4, 10**6)])[6:],
        exif([entry(271, 99, 0)])[6:],
        b"II*\0\x08\0\0\0\xff\xff" + entry(271, 2, 0x00414141, count=4),
    ],
    ids=range(7),
)
def test_damaged_exif_is_left_out_and_the_image_is_written(data, tmp_path):
    (tmp_path / "source.jpg").write_bytes(jpeg(PHOTOGRAPH, segment(0xE1, b"Exif\0\0" + data)))
    (tmp_path / "source.png").write_bytes(png(PHOTOGRAPH, chunk(b"eXIf", data)))
    for source in ("source.jpg", "source.png"):
        photograph = load_photograph(tmp_path / source, "--source")
        for suffix in (".jpg", ".tif", ".png", ".webp"):
            write_photograph(tmp_path / f"out{suffix}", photograph)
            assert load_photograph(tmp_path / f"out{suffix}", "--source").rgb.shape == PHOTOGRAPH.shape


def test_too_much_for_a_jpeg_is_said_and_left_out(tmp_path, capsys):
    Image.fromarray(PHOTOGRAPH).save(tmp_path / "source.png")
    encoded = (tmp_path / "source.png").read_bytes()
    large = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP + b" " * 70000)
    (tmp_path / "source.png").write_bytes(encoded[:33] + large + encoded[33:])
    write_photograph(tmp_path / "out.jpg", load_photograph(tmp_path / "source.png", "--source"))
    assert re.search(r"warning: XMP is left out: the source has 7\d{4} bytes of it", capsys.readouterr().err)
    assert b"xmpmeta" not in (tmp_path / "out.jpg").read_bytes()


def _exiftool(path, *options):
    done = subprocess.run(["exiftool", "-j", "-n", "-G1", *options, path], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)[0]


@pytest.mark.skipif(not shutil.which("exiftool"), reason="no exiftool: install libimage-exiftool-perl")
@pytest.mark.parametrize("out", (".jpg", ".png", ".webp", ".tif"))
def test_exiftool_sees_the_same_and_no_damage(tmp_path, out):
    """It makes the source, with values of many types, and judges the output."""
    source, path = tmp_path / "source.jpg", tmp_path / f"out{out}"
    Image.fromarray(PHOTOGRAPH).save(source, dpi=(300, 300))
    values = {"Make": "Acme", "Artist": ARTIST, "ExposureTime": "0.004", "ExposureCompensation": "-0.33", "ISO": "200"}
    values |= {
        "LensModel": "50 mm",
        "UserComment": "hällo",
        "GPSLatitude": "48.5",
        "GPSLatitudeRef": "N",
        "XPTitle": "Cat",
    }
    values |= {
        "Orientation": "8",
        "ExifImageWidth": "60",
        "ExifImageHeight": "40",
        "InteropIndex": "R03",
        "XMP:Rating": "5",
    }
    command = ["exiftool", "-q", "-n", "-overwrite_original", *(f"-{name}={value}" for name, value in values.items())]
    subprocess.run([*command, source], check=True)
    photograph = load_photograph(source, "--source")
    write_photograph(path, photograph)
    before, after = _exiftool(source, "-exif:all", "-xmp:all"), _exiftool(path, "-exif:all", "-xmp:all")
    changed = {
        "IFD0:Orientation": 1,
        "ExifIFD:ExifImageWidth": 40,
        "ExifIFD:ExifImageHeight": 60,
        "ExifIFD:ColorSpace": 1,
    }
    for name, value in before.items():
        if not name.startswith(("IFD1", "InteropIFD", "SourceFile")) and name != "IFD0:YCbCrPositioning":
            assert after[name] == changed.get(name, value), name
    assert {"ExifIFD:LensModel", "GPS:GPSLatitude", "XMP-xmp:Rating"} <= after.keys()
    assert not [name for name in after if name.startswith(("IFD1", "InteropIFD"))]
    warned = subprocess.run(["exiftool", "-warning", "-error", "-a", path], capture_output=True, text=True).stdout
    assert not warned


@pytest.mark.skipif(not shutil.which("exiftool"), reason="no exiftool: install libimage-exiftool-perl")
def test_exiftool_sees_that_kept_colors_are_not_srgb(tmp_path):
    linear = imagecodecs.cms_profile("rgb", gamma=1.0)
    Image.fromarray(PHOTOGRAPH).save(tmp_path / "source.jpg", exif=made_exif())
    metadata = load_photograph(tmp_path / "source.jpg", "--source").metadata
    write_photograph(tmp_path / "out.jpg", Photograph(PHOTOGRAPH, profile=linear, metadata=metadata))
    assert _exiftool(tmp_path / "out.jpg", "-exif:all")["ExifIFD:ColorSpace"] == 65535
