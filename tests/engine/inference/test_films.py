"""test.py with a film as source."""

import os
import shutil
import signal
import subprocess
import threading
import time

import numpy as np
import pytest
import skimage.data

from engine.inference.films import _size, blend
from engine.run_folder import handling
from models import ColorMap
from tests.commands import run_here
from tests.utils.films.making import checksum, ffmpeg, make_film, streams
from utils.colors import apply_lut, identity_lut, read_lut, write_cube
from utils.films import Cut, open_film, read_frames, read_small_frames


@pytest.fixture
def files(tmp_path, save):
    if not shutil.which("ffmpeg"):
        pytest.skip("no ffmpeg: install it")
    return make_film(tmp_path / "film.mp4", size="96x64"), save(tmp_path / "look.png", skimage.data.coffee()[::4, ::4])


@pytest.mark.long
def test_a_film_is_mapped_by_the_look_that_is_written(files, tmp_path):
    film, reference = files
    out, look = tmp_path / "out.mkv", tmp_path / "look.cube"
    command = ["--source", film, "--reference", reference, "--out", out, "--lut", look, "--steps", "40"]
    done = run_here("test.py", *command)
    assert done.stdout.splitlines() == [f"the result: {out}", f"the result: {look}"]
    assert [stream["codec_name"] for stream in streams(out, "v")] == ["h264"]
    before, after = (open_film(path, "--source") for path in (film, out))
    assert after.times == before.times
    for number in (1, 8):
        (source,), (output,) = (read_frames(each, [number]) / np.float32(65535) for each in (before, after))
        expected = np.clip(apply_lut(read_lut(look), source), 0, 1)
        assert np.abs(expected - source).mean() > 0.05  # the look changes colors
        assert np.median(np.abs(output - expected)) < 0.01
    without = run_here("test.py", "--source", film, "--reference", look, "--out", tmp_path / "again.mp4")
    assert "the result" in without.stdout and open_film(tmp_path / "again.mp4", "--source").times == before.times


@pytest.mark.long
def test_one_color_is_one_color_in_every_frame(files, tmp_path):
    """No flicker: a still film stays still."""
    film = make_film(tmp_path / "still.mkv", source="smptebars", options=["-c:v", "ffv1"])
    out = tmp_path / "out.mkv"
    run_here("test.py", "--source", film, "--reference", files[1], "--out", out, "--steps", "3")
    frames = np.array(read_frames(open_film(out, "--source"), range(10)))
    assert len(frames) == 10 and np.ptp(frames.mean((1, 2)), axis=0).max() < 65535 * 0.1 / 255


@pytest.mark.long
def test_each_shot_has_its_own_fit(files, tmp_path):
    """Two still shots: the map changes at the cut and nowhere else. A film of one shot is that without --shots."""
    film, out = tmp_path / "two.mkv", tmp_path / "out.mkv"
    still = [f"{source}=s=96x64:r=10:d=2,format=yuv420p" for source in ("smptebars", "rgbtestsrc")]
    inputs = [word for source in still for word in ("-f", "lavfi", "-i", source)]
    ffmpeg(*inputs, "-filter_complex", "concat", "-c:v", "ffv1", film)
    command = ["--reference", files[1], "--steps", "3"]
    done = run_here("test.py", "--source", film, *command, "--out", out, "--shots")
    assert done.stdout.splitlines() == ["shots: 2", f"the result: {out}"]
    frames = read_small_frames(open_film(out, "--source")).mean((1, 2))
    assert np.ptp(frames[:20], axis=0).max() < 1 and np.ptp(frames[20:], axis=0).max() < 1
    for first, last, name in ((0, 20, "a"), (20, 40, "b")):  # each shot as a film of its own has the same map
        alone, mapped = tmp_path / f"{name}.mkv", [tmp_path / f"{name}{number}.mkv" for number in (1, 2)]
        ffmpeg("-i", film, "-vf", f"trim=start_frame={first}:end_frame={last},setpts=N/10/TB", "-c:v", "ffv1", alone)
        run_here("test.py", "--source", alone, *command, "--out", mapped[0])
        run_here("test.py", "--source", alone, *command, "--out", mapped[1], "--shots")
        assert checksum(mapped[0], "v") == checksum(mapped[1], "v")
        shot = read_small_frames(open_film(mapped[0], "--source")).mean((1, 2))
        np.testing.assert_allclose(frames[first:last], shot, atol=1)


def test_maps_are_mixed_over_six_frames_at_a_soft_cut():
    black, gray, white = (np.full([2, 2, 2, 3], level) for level in (0.0, 0.5, 1.0))
    pieces = [*blend([black, white, gray], [Cut(20, True), Cut(40, False)])]
    assert [first for first, _ in pieces] == [0, 17, 18, 19, 20, 21, 22, 23, 40]
    levels = [table.mean() for _, table in pieces]
    np.testing.assert_allclose(levels, [0, 1 / 12, 3 / 12, 5 / 12, 7 / 12, 9 / 12, 11 / 12, 1, 0.5])


@pytest.mark.long
def test_sigterm_leaves_no_half_film_and_no_ffmpeg(files, tmp_path):
    film, look, out = (
        make_film(tmp_path / "long.mkv", seconds=10, size="640x480"),
        tmp_path / "look.cube",
        tmp_path / "out",
    )
    write_cube(look, identity_lut(2), "look")
    out.mkdir()

    def stop_at_the_first_bytes():
        end = time.monotonic() + 60
        while not any(".partial" in path.name for path in out.iterdir()) and time.monotonic() < end:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    thread, missed = threading.Thread(target=stop_at_the_first_bytes), []
    with handling({signal.SIGTERM: lambda *_: missed.append(True)}):
        thread.start()
        run_here("test.py", "--source", film, "--reference", look, "--out", out / "a.mkv", status=143)
        thread.join()
    assert not missed and not list(out.iterdir())
    assert not subprocess.run(["pgrep", "-f", str(out)], capture_output=True).stdout


@pytest.mark.parametrize("size", (2, 3, 9, 17, 33, 65))
def test_the_table_for_ffmpeg_has_all_entries_of_the_map(size, rng):
    color_map = ColorMap(rng.random([size, size, size, 3]))
    step = (_size(size) - 1) // (size - 1)
    assert _size(size) >= 33
    np.testing.assert_allclose(color_map.sample(_size(size))[::step, ::step, ::step], color_map.table, atol=1e-5)


@pytest.mark.parametrize(
    "changed,words",
    [
        ({"--out": ["film.mp4"]}, "film.mp4 is also an input; give another path, or --overwrite to replace it"),
        ({"--out": ["out.png"]}, "takes for a film a file that ends in .mp4, .m4v"),
        ({"--out": ["nowhere/out.mp4"]}, "there is no folder"),
        ({"--local": []}, "--local: not for films, which have one map for all pixels"),
        ({"--mask": ["look.png"]}, "--mask: not for films"),
        ({"--strip": []}, "--strip: not for films, which keep their metadata; leave it out"),
        ({"--keep_profile": []}, "--keep_profile: not for films, which have no color profile; leave it out"),
        ({"--source": ["film.mp4", "look.png"]}, "--source: film.mp4 is a film; it is taken alone"),
        ({"--reference": ["look.png", "look.png"]}, "a film or a folder of frames takes a single reference"),
        ({"--source": ["sound.mp4"]}, "--source sound.mp4 has no video"),
        ({"--reference": ["film.mp4"]}, "--reference film.mp4 is not an image that can be read (a video;"),
        ({"--shots": [], "--reference": ["look.cube"]}, "--shots: a look from a file is one map for all shots"),
        (
            {"--shots": [], "--source": ["look.png"], "--out": ["b.png"]},
            "--shots: takes a film as --source, got look",
        ),
        ({"--shots": [], "--lut": ["new.cube"]}, "--shots: not taken by --lut; leave it out"),
        ({"--each": []}, "--each: takes one folder of images as --source"),
        ({"--run": ["looks"]}, "film.mp4 is a film; a run takes images"),
    ],
)
def test_a_mistake_with_a_film_is_one_sentence_and_writes_nothing(files, tmp_path, monkeypatch, changed, words):
    ffmpeg("-f", "lavfi", "-i", "sine=440:d=0.2", tmp_path / "sound.mp4")
    write_cube(tmp_path / "look.cube", identity_lut(2), "look")
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    options = {"--source": ["film.mp4"], "--reference": ["look.png"], "--out": ["out.mp4"]} | changed
    done = run_here(
        "test.py", *(word for name, values in options.items() for word in (name, *values)), cwd=".", status=2
    )
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: ") and words in last
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
