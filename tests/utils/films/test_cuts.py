"""Where the cuts of films are found that ffmpeg has made."""

import numpy as np
import pytest
import skimage.data
from skimage.io import imsave

from tests.utils.films.making import ffmpeg
from utils.films import Cut, find_cuts, open_film, read_small_frames

RATE = 25
SHOWN = "scale=160:90,setsar=1,format=yuv420p"
BARS = f"smptebars=s=160x90:r={RATE}:d=2,{SHOWN}"
TEST = f"testsrc2=s=160x90:r={RATE}:d=2,{SHOWN}"


@pytest.fixture
def photographs(tmp_path):
    """A function that returns a source of ffmpeg: a window that moves over a photograph for two seconds.

    The speed is in pixels per frame; the window has 240 x 135.
    """

    def moving(name, speed=1.5):
        path = tmp_path / f"{name}.png"
        imsave(path, getattr(skimage.data, name)()[:300, :400], check_contrast=False)
        window = f"crop=240:135:'{speed}*n':'{speed}*n/2'"
        return f"movie={path},loop=-1:1,setpts=N/{RATE}/TB,fps={RATE},trim=duration=2,{window},{SHOWN}"

    return moving


def cuts_of(tmp_path, *sources, graph):
    path = tmp_path / "film.mkv"
    inputs = [word for source in sources for word in ("-f", "lavfi", "-i", source)]
    ffmpeg(*inputs, "-filter_complex", graph, "-c:v", "ffv1", path)
    film = open_film(path, "--source")
    frames = read_small_frames(film)
    assert len(frames) == len(film.times)
    return find_cuts(frames, reach=round(film.rate / 2))


def test_hard_cuts_are_found_at_their_frames(tmp_path, photographs):
    sources = TEST, photographs("coffee"), BARS, photographs("chelsea")
    found = cuts_of(tmp_path, *sources, graph=f"concat=n={len(sources)}")
    assert found == [Cut(50, False), Cut(100, False), Cut(150, False)]


@pytest.mark.parametrize("name", ("coffee", "chelsea", "astronaut"))
def test_motion_is_no_cut(tmp_path, photographs, name):
    assert cuts_of(tmp_path, photographs(name), TEST, graph="[0]null") == []


@pytest.mark.parametrize("flash", ("white", "black", "red"))
def test_a_flash_of_one_frame_is_no_cut(tmp_path, photographs, flash):
    color = f"color={flash}:s=160x90:r={RATE},{SHOWN}"
    assert cuts_of(tmp_path, photographs("coffee"), color, graph="overlay=enable='eq(n,20)':shortest=1") == []


@pytest.mark.parametrize("second", ("chelsea", "astronaut"))
def test_a_dissolve_is_a_soft_cut_in_its_middle(tmp_path, photographs, second):
    graph = "xfade=duration=0.8:offset=1"  # frames 25 to 44
    (cut,) = cuts_of(tmp_path, photographs("coffee", 0.3), photographs(second, 0.3), graph=graph)
    assert cut.soft and abs(cut.frame - 35) <= 2


def test_shots_that_fade_through_black_are_cut_where_it_is_black(tmp_path, photographs):
    fades = "[0]fade=t=out:s=30:n=12[a];[1]fade=t=in:s=8:n=12[b];[a][b]concat"  # black from frame 42 to 57
    (cut,) = cuts_of(tmp_path, photographs("coffee"), photographs("chelsea"), graph=fades)
    assert cut.soft and abs(cut.frame - 50) <= 2


def test_light_that_changes_is_no_cut(rng):
    """A camera's exposure rises by a half within a second."""
    scene = rng.integers(0, 160, [18, 32, 3])
    frames = np.uint8(scene * np.interp(np.arange(75), [25, 50], [1, 1.5])[:, None, None, None])
    assert find_cuts(frames, 12) == []


def test_films_of_few_or_blank_frames_have_no_cuts(rng):
    for count in (1, 2, 5, 30):
        assert find_cuts(np.zeros([count, 18, 32, 3], np.uint8), 12) == []
        assert find_cuts(rng.integers(0, 256, [1, 18, 32, 3], np.uint8).repeat(count, 0), 12) == []


def test_a_shot_is_not_shorter_than_eight_frames(rng):
    dark, bright = (rng.integers(low, low + 40, [18, 32, 3], np.uint8) for low in (10, 180))
    frames = np.stack([dark] * 30 + [bright] * 5 + [dark] * 30)
    assert find_cuts(frames, 12) == [Cut(30, False)]
    assert find_cuts(frames[:36], 12) == []
