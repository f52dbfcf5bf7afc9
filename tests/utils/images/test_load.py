"""Messages about files that cannot be read, and warnings about those that can."""

import struct
import warnings
from io import BytesIO

import numpy as np
import pytest
import skimage.data
from PIL import Image

from tests.utils.images.encoding import chunk, jpeg, png
from utils import UserError
from utils.images import TooLargeError, examine, load_image

PHOTOGRAPH = skimage.data.astronaut()[20:84, 180:260]


def saved(kind):
    file = BytesIO()
    Image.fromarray(PHOTOGRAPH).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    "content,name",
    [
        (saved("GIF"), "a GIF image"),
        (saved("JPEG2000"), "a JPEG 2000 image"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "a video"),
        (b"8BPS" + bytes(50), "a Photoshop document"),
        (b"v/1\x01" + bytes(50), "an OpenEXR image"),
        (b"%PDF-1.7", "a PDF document"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
    ],
    ids=str,
)
def test_other_formats_are_named_beside_those_that_are_read(tmp_path, content, name):
    (tmp_path / "a.jpg").write_bytes(content)
    sentence = (
        rf"^--source .*a\.jpg is not an image that can be read \({name}; JPEG, PNG, TIFF, WebP and BMP are read\)"
    )
    with pytest.raises(UserError, match=rf"{sentence}; give another file$"):
        load_image(tmp_path / "a.jpg", "--source")


def test_the_limit_of_pixels_can_be_lifted(tmp_path):
    path = tmp_path / "large.png"
    path.write_bytes(png(np.zeros([40, 50], np.uint8)))
    sentence = r"^--source .*: it has 0\.0 megapixels, and the limit is 0\.001; .* a larger --max_megapixels$"
    with pytest.raises(UserError, match=sentence):
        load_image(path, "--source", max_megapixels=0.001)
    assert load_image(path, "--source", max_megapixels=0.002).shape == (40, 50, 3)


def test_the_limit_of_pixels_is_ours_and_not_pillows():
    """Above 89 megapixels Pillow would warn of a "DOS attack", and above 179 it would refuse the image."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TooLargeError, match=r"^it has 100\.0 megapixels, and the limit is 90$"):
            examine(_promised(10000), 90)
        with pytest.raises(TooLargeError, match=r"^it has 196\.0 megapixels, and the limit is 179$"):
            examine(_promised(14000))
        with pytest.raises(ValueError, match=r"^truncated: its end is missing$"):
            examine(_promised(14000), 200)


def _promised(side):
    """A PNG whose header promises a square of gray pixels that it does not hold."""
    small = png(np.zeros([4, 4], np.uint8))
    return small[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)) + small[33:]


def test_ones_own_image_is_read_with_a_warning(tmp_path, capsys):
    whole = jpeg(PHOTOGRAPH)
    (tmp_path / "odd.jpg").write_bytes(whole[:-2] + bytes(40) + whole[-2:])
    assert load_image(tmp_path / "odd.jpg", "--source").shape == PHOTOGRAPH.shape
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"warning: --source {tmp_path}/odd.jpg: it may be damaged (")
