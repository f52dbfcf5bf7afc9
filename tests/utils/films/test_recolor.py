"""What a film keeps: size, time stamps, rotation, sound and subtitles. And what is refused in one sentence."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from tests.commands import ROOT, small_files_only
from tests.utils.films.making import checksum, ffmpeg, make_film, streams
from utils import UserError
from utils.colors import identity_lut
from utils.films import check_recoloring, open_film, read_frames, recolor_film, spread_frames

TABLE = identity_lut(9) ** 0.8
SUBTITLES = "1\n00:00:00,100 --> 00:00:00,600\nHello\n\n2\n00:00:00,700 --> 00:00:00,900\nGood bye\n"


def recolor(path, out):
    film = open_film(path, "--source")
    check_recoloring(film, out)
    recolor_film(film, [(0, TABLE)], out)
    return open_film(out, "--source")


@pytest.mark.parametrize(
    "suffix", (".mp4", ".mkv", *(pytest.param(each, marks=pytest.mark.long) for each in (".mov", ".webm")))
)
def test_sound_subtitles_and_time_stamps_stay(tmp_path, suffix):
    (tmp_path / "a.srt").write_text(SUBTITLES)
    codecs = {".mkv": ("aac", "srt"), ".webm": ("libopus", "webvtt")}.get(suffix, ("aac", "mov_text"))
    sound = ["-f", "lavfi", "-i", "sine=440:d=2", "-i", tmp_path / "a.srt", "-map", "0", "-map", "1", "-map", "2"]
    uneven = ["-vf", "settb=1/1000,setpts='100*N+40*mod(N,3)'", "-fps_mode", "passthrough", "-enc_time_base", "1:1000"]
    codecs = ["-c:a", codecs[0], "-c:s", codecs[1], "-metadata:s:a", "language=fra"]
    source = tmp_path / f"a{suffix}"
    at = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=2", *sound]
    ffmpeg(*at, *uneven, *codecs, *(["-c:v", "libvpx-vp9"] if suffix == ".webm" else ["-pix_fmt", "yuv420p"]), source)
    film, out = open_film(source, "--source"), tmp_path / f"b{suffix}"
    written = recolor(source, out)
    assert len(film.times) == 20 and np.ptp(np.diff(film.times)) > 0.05  # its rate varies
    np.testing.assert_allclose(np.diff(written.times), np.diff(film.times), atol=0.0011)
    assert abs(written.times[0] - film.times[0]) < 0.008  # Opus begins 7 ms before 0, so all moves by that
    for kind in "as":
        assert checksum(out, kind) == checksum(source, kind)
    assert streams(out, "a")[0]["tags"]["language"] == "fra"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["a" + suffix, "a.srt", "b" + suffix])


def test_the_rotation_stays(tmp_path):
    plain = make_film(tmp_path / "plain.mp4", seconds=0.5)
    ffmpeg("-i", plain, "-c", "copy", "-metadata:s:v", "rotate=90", tmp_path / "a.mp4")
    if "side_data_list" not in streams(tmp_path / "a.mp4", "v")[0]:  # ffmpeg 6 and later have another option
        ffmpeg("-display_rotation", "270", "-i", plain, "-c", "copy", tmp_path / "a.mp4")
    recolor(tmp_path / "a.mp4", tmp_path / "b.mp4")
    before, after = (streams(tmp_path / name, "v")[0] for name in ("a.mp4", "b.mp4"))
    assert abs(before["side_data_list"][0]["rotation"]) == 90
    assert after["side_data_list"][0]["rotation"] == before["side_data_list"][0]["rotation"]
    assert (after["width"], after["height"]) == (64, 48)


@pytest.mark.parametrize(
    "suffix,pixel_format",
    [
        (".mp4", "yuv420p"),
        pytest.param(".mp4", "yuv422p", marks=pytest.mark.long),
        pytest.param(".mp4", "yuv420p10le", marks=pytest.mark.long),
        pytest.param(".webm", "yuv420p", marks=pytest.mark.long),
        pytest.param(".webm", "yuv422p", marks=pytest.mark.long),
        (".webm", "yuv420p10le"),
    ],
)
def test_odd_sizes_stay(tmp_path, pixel_format, suffix):
    options = ["-vf", "scale=65:49", "-pix_fmt", pixel_format, "-c:v", "ffv1"]
    path = make_film(tmp_path / "a.mkv", seconds=0.3, options=options)
    written = recolor(path, tmp_path / f"b{suffix}")
    assert (written.width, written.height, len(written.times)) == (65, 49, 3)
    assert written.bits == (10 if "10" in pixel_format else 8)


@pytest.mark.long
def test_the_frames_for_a_fit_are_spread_over_the_film(tmp_path):
    """Each frame's gray is its number. One film has a single key frame, the other has one in every five frames."""
    for interval in (250, 5):
        path = tmp_path / f"{interval}.mkv"
        gray = "nullsrc=s=64x48:r=10:d=10,geq=lum='16+2*N':cb=128:cr=128"
        ffmpeg("-f", "lavfi", "-i", gray, "-pix_fmt", "yuv420p", "-crf", "5", "-g", interval, path)
        film = open_film(path, "--source")
        numbers = spread_frames(film, 16)
        assert len(numbers) == 16 and max(np.diff(numbers)) <= 11 and numbers[0] < 5 and numbers[-1] > 90
        assert interval == 250 or not np.mod(numbers, 5).any()
        shades = [frame.mean() / 257 for frame in read_frames(film, numbers)]
        np.testing.assert_allclose(shades, 2 * np.array(numbers) * 255 / 219, atol=1.2)
    assert spread_frames(open_film(make_film(tmp_path / "c.mkv", seconds=0.3), "--source"), 16) == [0, 1, 2]


def no_video(path):
    ffmpeg("-f", "lavfi", "-i", "sine=440:d=1", path)


def no_frames(path):
    make_film(path, options=["-frames:v", "0", "-f", "mp4"])


def cut_off(path):
    make_film(path, seconds=2)
    path.write_bytes(path.read_bytes()[:2000])


def in_hdr(path):
    make_film(path, options=["-color_trc", "smpte2084", "-color_primaries", "bt2020", "-colorspace", "bt2020nc"])


def interlaced(path):
    make_film(path, options=["-flags", "+ilme+ildct", "-x264opts", "tff=1"])


@pytest.mark.parametrize(
    "make,words",
    [
        (interlaced, "is interlaced; deinterlace it first: ffmpeg -i .* whole.mp4"),
        (no_video, "has no video; give another file"),
        (no_frames, "has no "),
        (cut_off, r"is not a film that can be read \(moov atom not found\); give another file"),
        (lambda path: path.write_text("no film"), r"is not a film that can be read \(.*\); give another file"),
        (lambda path: None, r"is not a film that can be read \(No such file or directory\); give another file"),
        (in_hdr, "has a high dynamic range, .* convert it first: ffmpeg -i .* sdr.mp4"),
    ],
)
def test_a_bad_film_is_one_sentence(tmp_path, make, words):
    make(tmp_path / "a.mp4")
    with pytest.raises(UserError, match=rf"^--source .*/a\.mp4 {words}") as error:
        open_film(tmp_path / "a.mp4", "--source")
    assert "\n" not in str(error.value)


def test_the_command_for_a_film_of_high_dynamic_range_makes_one_that_is_taken(tmp_path):
    in_hdr(tmp_path / "a.mp4")
    with pytest.raises(UserError) as error:
        open_film(tmp_path / "a.mp4", "--source")
    command = str(error.value).split("convert it first: ")[1]
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    assert open_film(tmp_path / "sdr.mp4", "--source").matrix == "bt709"


def test_without_ffmpeg_a_sentence_says_how_to_install_it(tmp_path, monkeypatch):
    path = make_film(tmp_path / "a.mp4", seconds=0.1)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        UserError, match=r"a\.mp4 is a film, which needs the program ffprobe, .*; install ffmpeg \(apt "
    ):
        open_film(path, "--source")


def test_what_the_new_file_cannot_hold_is_said_before_the_work(tmp_path):
    (tmp_path / "a.srt").write_text(SUBTITLES)
    at = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=1", "-i", tmp_path / "a.srt", "-map", "0", "-map", "1"]
    ffmpeg(*at, tmp_path / "a.mkv")
    with pytest.raises(UserError, match=r"cannot be written from .*a\.mkv \(.*\); .* ends in \.mkv can hold") as error:
        check_recoloring(open_film(tmp_path / "a.mkv", "--source"), tmp_path / "b.mp4")
    assert "\n" not in str(error.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mkv", "a.srt"]


def test_a_full_disk_leaves_no_half_film(tmp_path):
    film = open_film(make_film(tmp_path / "a.mp4", size="320x240"), "--source")
    with (
        small_files_only(3000),
        pytest.raises(UserError, match=r"b\.mp4 cannot be written from .* \(.*[Ff]ile (size|too).*\)"),
    ):
        recolor_film(film, [(0, TABLE[::4, ::4, ::4])], tmp_path / "b.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


@pytest.mark.long
def test_ctrl_c_leaves_no_half_film_and_no_ffmpeg(tmp_path):
    path, out = make_film(tmp_path / "a.mkv", seconds=60, size="640x480"), tmp_path / "out"
    out.mkdir()
    code = (
        "from utils.films import *; from utils.colors import identity_lut; import sys;"
        "recolor_film(open_film(sys.argv[1], '--source'), [(0, identity_lut(2))], sys.argv[2], on_frame=print)"
    )
    command = [sys.executable, "-uc", code, str(path), str(out / "b.mkv")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.readline()
    assert list(out.iterdir())
    started = time.monotonic()
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(20) and time.monotonic() - started < 20
    assert not list(out.iterdir())
    running = subprocess.run(["pgrep", "-f", str(out)], capture_output=True, text=True).stdout
    assert not running
