"""The colors of films: against the formulas of BT.601 and BT.709, in limited and in full range, 8 and 10 bits."""

import numpy as np
import pytest

from tests.utils.films.making import ffmpeg, make_film, store, stored, streams
from utils.colors import identity_lut
from utils.films import open_film, read_frames, recolor_film

WEIGHTS = {"bt709": (0.2126, 0.7152, 0.0722), "smpte170m": (0.299, 0.587, 0.114)}  # of R, G and B in the luma
SIDE = 16  # pixels of each side of a patch
SWAPPED = identity_lut(33)[..., ::-1]  # red and blue are exchanged


def bars():
    """Patches of the corners of the cube and of other colors, and a ramp of grays: float64 ``[H, W, 3]`` in [0, 1]."""
    corners = np.array([[r, g, b] for r in (0, 1) for g in (0, 1) for b in (0, 1)], np.float64)
    others = np.array([[0.8, 0.5, 0.3], [0.1, 0.3, 0.6], [0.75, 0.75, 0], [0.2, 0.7, 0.4]] * 2)
    rows = np.stack([corners, 0.75 * corners, others, np.linspace(0, 1, 8)[:, None].repeat(3, 1)])
    return rows.repeat(SIDE, 0).repeat(SIDE, 1)


def scales(bits, full):
    """The offsets and the ranges of Y, Cb and Cr."""
    unit, most = 2 ** (bits - 8), 2**bits - 1
    middle = 128 * unit
    if full:
        return [0, middle, middle], [most, most, most]
    return [16 * unit, middle, middle], [219 * unit, 224 * unit, 224 * unit]


def to_ycbcr(rgb, weights, bits, *, full):
    """``[H, W, 3]`` in [0, 1] as it is stored: integers ``[3, H, W]``."""
    luma = rgb @ weights
    chroma = [(rgb[..., c] - luma) / (2 * (1 - weights[c])) for c in (2, 0)]
    offsets, ranges = scales(bits, full)
    planes = [o + r * plane for o, r, plane in zip(offsets, ranges, (luma, *chroma), strict=True)]
    return np.clip(np.round(planes), 0, 2**bits - 1).astype("<u2" if bits > 8 else np.uint8)


def assert_near(planes, expected, bits):
    """That stored values are within two levels of 8 bits, inside the patches: the encoder blurs their edges."""
    inside = np.s_[..., SIDE // 4 :: SIDE // 2, SIDE // 4 :: SIDE // 2]
    assert np.abs(planes[inside] - expected[inside].astype(int)).max() <= 2 * 2 ** (bits - 8)


@pytest.mark.parametrize(
    "matrix,full,bits",
    [
        ("bt709", False, 8),
        pytest.param("bt709", False, 10, marks=pytest.mark.long),
        pytest.param("bt709", True, 8, marks=pytest.mark.long),
        pytest.param("bt709", True, 10, marks=pytest.mark.long),
        pytest.param("smpte170m", False, 8, marks=pytest.mark.long),
        pytest.param("smpte170m", False, 10, marks=pytest.mark.long),
        pytest.param("smpte170m", True, 8, marks=pytest.mark.long),
        ("smpte170m", True, 10),
    ],
)
def test_a_map_is_applied_in_the_films_own_matrix_and_range(tmp_path, matrix, full, bits):
    rgb, weights = bars(), WEIGHTS[matrix]
    pixel_format = "yuv444p10le" if bits == 10 else "yuv444p"
    tags = ["-colorspace", matrix, "-color_range", "pc" if full else "tv", "-color_trc", "bt709"]
    frame = to_ycbcr(rgb, np.array(weights), bits, full=full)
    path = store(tmp_path / "a.mkv", frame.tobytes() * 3, size=rgb.shape[1::-1], pixel_format=pixel_format, tags=tags)
    film = open_film(path, "--source")
    assert (film.bits, film.chroma, film.range) == (bits, "444", "full" if full else "limited")
    (read,) = read_frames(film, [1])  # what the fit sees
    assert np.abs(read / 65535 - rgb).max() < 2 / 255
    for table, expected in ((identity_lut(33), rgb), (SWAPPED, rgb[..., ::-1])):
        recolor_film(film, [(0, table)], tmp_path / "b.mp4")
        planes = stored(tmp_path / "b.mp4", pixel_format if bits == 10 or not full else "yuvj444p")
        assert len(planes) == 3
        assert_near(planes, to_ycbcr(expected, np.array(weights), bits, full=full), bits)
    (stream,) = streams(tmp_path / "b.mp4", "v")
    assert stream["pix_fmt"] in (pixel_format, pixel_format.replace("yuv", "yuvj"))
    assert (stream["color_space"], stream["color_range"]) == (matrix, "pc" if full else "tv")
    assert stream["color_transfer"] == "bt709"


def test_the_chroma_of_a_film_is_not_blurred(tmp_path):
    """In 4:2:0, without a map: a pattern of single chroma samples keeps its contrast."""
    size, chroma = (128, 96), np.indices([48, 64]).sum(0) % 2 * 60 + 98  # a chessboard
    frame = np.concatenate([np.full(128 * 96, 128), chroma.ravel(), np.full(48 * 64, 128)]).astype(np.uint8)
    tags = ["-colorspace", "bt709", "-color_range", "tv"]
    path = store(tmp_path / "a.mkv", frame.tobytes() * 2, size=size, pixel_format="yuv420p", tags=tags)
    recolor_film(open_film(path, "--source"), [(0, identity_lut(33))], tmp_path / "b.mkv")
    raw = ffmpeg("-i", tmp_path / "b.mkv", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-")
    written = np.frombuffer(raw, np.uint8).astype(int).reshape(2, -1)
    assert np.abs(written - frame).max() <= 12  # of the encoder; with interpolated chroma 30


def test_the_matrix_of_a_film_that_does_not_say_it_is_that_of_its_size(tmp_path):
    small, large = (make_film(tmp_path / f"{size}.mkv", size=size, seconds=0.1) for size in ("640x480", "1280x720"))
    films = [open_film(path, "--source") for path in (small, large)]
    assert [film.tags.color_space for film in films] == [None, None]
    assert [film.matrix for film in films] == ["bt601", "bt709"]
    recolor_film(films[0], [(0, identity_lut(2))], tmp_path / "b.mp4")
    assert "color_space" not in streams(tmp_path / "b.mp4", "v")[0]


def test_a_film_of_rgb_becomes_bt709(tmp_path):
    rgb = bars()
    pixels = np.round(255 * rgb).astype(np.uint8)
    path = store(tmp_path / "a.mkv", pixels.tobytes(), size=rgb.shape[1::-1], pixel_format="rgb24", tags=[])
    recolor_film(open_film(path, "--source"), [(0, SWAPPED)], tmp_path / "b.mp4")
    expected = to_ycbcr(rgb[..., ::-1], np.array(WEIGHTS["bt709"]), 8, full=False)
    assert_near(stored(tmp_path / "b.mp4", "yuv444p"), expected, 8)
    assert streams(tmp_path / "b.mp4", "v")[0]["color_space"] == "bt709"
