"""A film with several maps: each frame has the map of its own piece."""

import numpy as np
import pytest

from tests.utils.films.making import ffmpeg, make_film
from utils.films import open_film, read_small_frames, recolor_film


def shades(path):
    """The mean colors of all frames, in 255ths."""
    return read_small_frames(open_film(path, "--source")).mean((1, 2))


def flat(color):
    """A table that makes all colors one."""
    return np.zeros([2, 2, 2, 3]) + color


@pytest.fixture
def film(tmp_path):
    path = make_film(tmp_path / "a.mkv", source="smptebars", seconds=4, options=["-c:v", "ffv1"])
    return open_film(path, "--source")


def test_the_map_changes_exactly_at_the_first_frame_of_a_piece(film, tmp_path):
    pieces = {0: (0.8, 0.2, 0.2), 7: (0.2, 0.8, 0.2), 8: (0.2, 0.2, 0.8), 39: (0.5, 0.5, 0.5)}
    out = tmp_path / "b.mkv"
    recolor_film(film, [(first, flat(color)) for first, color in pieces.items()], out)
    expected = np.repeat([*pieces.values()], np.diff([*pieces, 40]), axis=0)
    np.testing.assert_allclose(shades(out), 255 * expected, atol=3)
    assert open_film(out, "--source").times == film.times


def test_a_variable_rate_does_not_move_a_cut(tmp_path):
    """Also where the first frames of the file are decoded but not shown, because it was cut without encoding."""
    whole, path, out = tmp_path / "whole.mp4", tmp_path / "a.mp4", tmp_path / "b.mkv"
    uneven = ["-vf", "settb=1/1000,setpts='100*N+40*mod(N,3)'", "-fps_mode", "passthrough", "-enc_time_base", "1:1000"]
    make_film(whole, seconds=4, options=uneven)
    ffmpeg("-ss", "1.3", "-i", whole, "-c", "copy", path)
    film = open_film(path, "--source")
    assert len(film.times) == len(shades(path)) < 32
    recolor_film(film, [(0, flat((1, 1, 1))), (10, flat((0, 0, 0)))], out)
    assert [*(shades(out).mean(-1) > 128)] == [True] * 10 + [False] * (len(film.times) - 10)


@pytest.mark.long
def test_a_film_of_300_shots(tmp_path):
    path, out = make_film(tmp_path / "long.mkv", seconds=60, options=["-c:v", "ffv1"]), tmp_path / "b.mkv"
    recolor_film(open_film(path, "--source"), [(2 * number, flat((number % 2,) * 3)) for number in range(300)], out)
    assert [*(shades(out).mean(-1) > 128)] == [False, False, True, True] * 150
