"""What is said about --out and --lut before any fit, and what is kept after it."""

import numpy as np
import pytest
import skimage.data
from PIL import Image
from skimage.io import imread

from tests.commands import last_line, run_here

SLOW = ["--steps", "100000"]  # a fit would take an hour


@pytest.fixture
def pair(tmp_path, save):
    """Paths of a source and a reference."""
    images = {"cat.png": skimage.data.chelsea()[::6, ::6], "coffee.png": skimage.data.coffee()[::8, ::8]}
    return [save(tmp_path / name, image) for name, image in images.items()]


@pytest.fixture
def frames(tmp_path, save):
    """A folder of ten frames. The fit takes all of them except numbers 2 and 7."""
    for number in range(10):
        save(tmp_path / "frames" / f"{number}.png", skimage.data.chelsea()[number::9, ::9])
    return tmp_path / "frames"


def transfer(*arguments, status=0, cwd=None):
    return run_here("test.py", *arguments, status=status, **({"cwd": cwd} if cwd else {}))


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--source", "missing.png", "--out", "nowhere/a.png"], "--out: there is no folder"),
        (["--source", "missing.png", "--out", "/proc/a.png"], "--out /proc/a.png cannot be written"),
        (["--source", "missing.png", "--out", "x" * 300 + ".png"], "cannot be written (File name too long)"),
        (["--source", "missing.png", "--out", "folder.png"], "--out: folder.png is not a file"),
        (["--source", "missing.png", "--lut", "/proc/a.cube"], "--lut /proc/a.cube cannot be written"),
        (["--source", "CAT", "--out", "CAT"], "is also an input; give another path, or --overwrite"),
        (["--source", "CAT", "--out", "link.png"], "--out: link.png is also an input"),
        (["--source", "CAT", "--out", "REFERENCE"], "is also an input; give another path, or --overwrite"),
        (["--source", "CAT", "--out", "a.png", "--lut", "./a.png"], "--lut: got ./a.png, the path of --out"),
        (["--source", "WIDE", "--out", "a.webp"], "a.webp: this format allows 16383 pixels per side, got 1x16384"),
        (["--source", *["CAT"] * 64, "--out", "a.webp"], "16383 pixels per side, got 16640x512; give a .png or .tif"),
        (["--source", "FRAMES", "--out", "new", "--lut", "frames/1.png"], "--lut: frames/1.png is also an input"),
        (["--source", "FRAMES", "--out", "/proc/out"], "--out /proc/out cannot be written"),
        (["--source", "FRAMES", "--out", "FRAMES"], "exists and is not an empty folder"),
        (["--source", "CAT", "FRAMES", "--out", "a.png"], "is a folder; it is taken alone"),
    ],
)
def test_what_cannot_be_written_is_said_before_the_fit(pair, frames, tmp_path, save, arguments, message):
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "link.png").symlink_to(pair[0])
    wide = save(tmp_path / "wide.png", np.zeros([1, 16384, 3], np.uint8))
    names = {"CAT": pair[0], "REFERENCE": pair[1], "FRAMES": frames, "WIDE": wide}
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.png") if path.is_file()}
    command = [*(names.get(word, word) for word in arguments), "--reference", pair[1], *SLOW]
    done = transfer(*command, status=2, cwd=tmp_path)
    assert message in last_line(done) and len(done.stderr.splitlines()) == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.png") if path.is_file()} == before


@pytest.mark.long
def test_the_source_is_replaced_on_request(pair, tmp_path):
    command = ["--source", pair[0], "--reference", pair[1], "--steps", "5", "--out"]
    transfer(*command, tmp_path / "result.png")
    transfer(*command, pair[0], "--overwrite")
    np.testing.assert_array_equal(imread(pair[0]), imread(tmp_path / "result.png"))


@pytest.mark.long
def test_a_link_stays_and_the_file_that_it_points_to_is_replaced(pair, tmp_path):
    real = tmp_path / "real.png"
    real.write_bytes(b"the result of yesterday")
    (tmp_path / "link.png").symlink_to(real)
    transfer("--source", pair[0], "--reference", pair[1], "--steps", "1", "--out", tmp_path / "link.png")
    assert (tmp_path / "link.png").is_symlink() and imread(real).shape == imread(pair[0]).shape


@pytest.mark.long
@pytest.mark.parametrize("suffix,longest", [(".webp", 16383), (".jpg", 65500)])
def test_the_longest_side_of_a_format_is_written(pair, tmp_path, save, suffix, longest):
    for side in (longest, longest + 1):
        source = save(tmp_path / f"{side}.png", np.zeros([1, side, 3], np.uint8))
        out = tmp_path / f"{side}{suffix}"
        transfer("--source", source, "--reference", pair[1], "--steps", "1", "--out", out, status=2 * (side > longest))
    with Image.open(tmp_path / f"{longest}{suffix}") as image:
        assert image.size == (longest, 1)
    with pytest.raises((OSError, ValueError)):  # the limit is that of the format
        Image.new("RGB", (longest + 1, 1)).save(tmp_path / f"too_long{suffix}")


@pytest.mark.long
def test_frames_that_cannot_be_read_are_named_and_the_others_are_kept(pair, frames, tmp_path):
    command = ["--source", frames, "--reference", pair[1], "--steps", "5", "--out"]
    transfer(*command, tmp_path / "whole")
    bad = frames / "2.png"
    bad.write_bytes(bad.read_bytes()[:-100])
    done = transfer(*command, tmp_path / "out", status=1)
    assert "Traceback" not in done.stderr and "frames left out: 1 of 10" in last_line(done)
    assert f"--source {bad} is not an image that can be read" in done.stderr and f"{tmp_path / 'out'}" in done.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{n}.png" for n in range(10) if n != 2]
    for path in (tmp_path / "out").iterdir():  # the fit did not see the bad one
        np.testing.assert_array_equal(imread(path), imread(tmp_path / "whole" / path.name))


def test_the_fit_needs_one_frame_that_can_be_read(pair, frames, tmp_path):
    for number in (0, 1, 3, 4, 5, 6, 8):
        (frames / f"{number}.png").write_bytes(b"")
    command = ["--source", frames, "--reference", pair[1], "--steps", "2", "--out", tmp_path / "out"]
    done = transfer(*command, status=1)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["2.png", "7.png", "9.png"]
    assert done.stderr.count("an empty file") == 7  # each is named once
    (frames / "9.png").write_bytes(b"")
    done = transfer(*command[:-1], tmp_path / "none", status=2)
    assert "none of the 8 frames to fit can be read" in last_line(done) and not (tmp_path / "none").exists()


@pytest.mark.long
@pytest.mark.parametrize("name", ("x" * 240 + ".png", "木" * 80 + ".png"))
def test_long_names_are_written_as_a_result_as_a_look_and_as_a_frame(pair, tmp_path, save, name):
    frame = save(tmp_path / "frames" / name, imread(pair[0]))
    out = tmp_path / name
    command = ["--reference", pair[1], "--steps", "1"]
    transfer("--source", frame, *command, "--out", out, "--lut", out.with_suffix(".cube"))
    transfer("--source", frame.parent, *command, "--out", tmp_path / out.stem)
    assert out.exists() and out.with_suffix(".cube").exists() and (tmp_path / out.stem / name).exists()
