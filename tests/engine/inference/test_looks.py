"""Looks as files: a fitted map is written as a .cube or a Hald image, and applied from there."""

import numpy as np
import pytest
import skimage.data
from skimage.io import imread

from tests.commands import last_line, run_here
from utils.colors import read_lut


@pytest.fixture
def pair(tmp_path, save):
    images = {"cat.png": skimage.data.chelsea()[::3, ::3], "coffee.png": skimage.data.coffee()[::4, ::4]}
    return [str(save(tmp_path / name, image)) for name, image in images.items()]


def transfer(*arguments, status=0, cwd=None):
    return run_here("test.py", *arguments, status=status, **({"cwd": cwd} if cwd else {}))


@pytest.mark.long
@pytest.mark.parametrize("name,size,levels", [("look.cube", 33, 1), ("look.png", 64, 2)])
def test_a_look_gives_what_the_fit_gives(pair, tmp_path, name, size, levels):
    look, fitted, applied = (tmp_path / file for file in (name, "fitted.png", "applied.png"))
    transfer("--source", pair[0], "--reference", pair[1], "--steps", "20", "--out", fitted, "--lut", look)
    assert read_lut(look).shape == (size, size, size, 3)
    transfer("--source", pair[0], "--reference", look, "--out", applied)
    difference = np.abs(np.int16(imread(fitted)) - imread(applied))
    assert difference.max() <= levels and not np.array_equal(imread(applied), imread(pair[0]))


@pytest.mark.long
def test_a_look_needs_no_output_and_has_a_size_and_a_strength(pair, tmp_path):
    look, none = tmp_path / "look.cube", tmp_path / "none.cube"
    common = ["--source", pair[0], "--reference", pair[1], "--steps", "5", "--lut_size", "17"]
    done = transfer(*common, "--lut", look)
    assert done.stdout.splitlines() == [f"the result: {look}"] and read_lut(look).shape == (17, 17, 17, 3)
    transfer(*common, "--lut", none, "--strength", "0")
    levels = np.linspace(0, 1, 17)
    identity = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1)
    np.testing.assert_allclose(read_lut(none), identity, atol=2e-6)


@pytest.mark.long
def test_strength_goes_beyond_the_fit(pair, tmp_path):
    outputs = {}
    for strength in ("0", "1", "2"):
        out = tmp_path / f"{strength}.png"
        transfer("--source", pair[0], "--reference", pair[1], "--steps", "20", "--strength", strength, "--out", out)
        outputs[strength] = np.float64(imread(out))
    np.testing.assert_array_equal(outputs["0"], imread(pair[0]))
    expected = np.clip(2 * outputs["1"] - outputs["0"], 0, 255)
    inside = (outputs["2"] > 2) & (outputs["2"] < 253)
    assert np.abs(outputs["2"] - expected)[inside].max() <= 3 and np.abs(outputs["2"] - outputs["1"]).max() > 5


def test_frames_and_a_look_share_one_map(pair, tmp_path, save):
    frames = tmp_path / "frames"
    for number in range(2):
        save(frames / f"{number}.png", skimage.data.chelsea()[number::8, ::8])
    look, out = tmp_path / "look.cube", tmp_path / "result"
    transfer("--source", frames, "--reference", pair[1], "--steps", "10", "--out", out, "--lut", look)
    transfer("--source", frames, "--reference", look, "--out", tmp_path / "again")
    for number in range(2):
        images = [np.int16(imread(folder / f"{number}.png")) for folder in (out, tmp_path / "again")]
        assert np.abs(images[0] - images[1]).max() <= 1


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--reference", "COFFEE", "--lut", "look.txt"], "--lut: got look.txt, takes a file that ends in .cube"),
        (["--reference", "COFFEE", "--lut", "nowhere/look.cube"], "--lut: there is no folder"),
        (["--reference", "COFFEE", "COFFEE", "--lut", "look.cube"], "--lut: got 2 pairs"),
        (["--reference", "COFFEE", "--local", "--lut", "look.cube"], "--local has several"),
        (["--reference", "COFFEE", "--lut", "look.png", "--lut_size", "17"], "--lut_size: a Hald image has 64"),
        (["--reference", "COFFEE", "--lut", "look.cube", "--lut_size", "1"], "--lut_size: got 1"),
        (["--reference", "COFFEE", "--out", "a.png", "--lut_size", "17"], "--lut_size: not taken"),
        (["--reference", "COFFEE", "--out", "a.png", "--proportions", "2"], "--proportions: got 2"),
        (["--reference", "COFFEE", "--out", "a.png", "--strength", "3"], "--strength: got 3"),
        (["--reference", "WRONG", "--out", "a.png"], "line 3"),
        (["--reference", "LOOK", "--out", "a.png", "--steps", "5"], "--steps: a look from a file is not fitted"),
        (["--reference", "COFFEE"], "--out FILE (where the result goes) is missing"),
    ],
)
def test_a_users_mistake_is_one_sentence_before_any_fit(pair, tmp_path, arguments, message):
    look = "LUT_3D_SIZE 2\n" + "".join(f"{r} {g} {b}\n" for b in (0, 1) for g in (0, 1) for r in (0, 1))
    (tmp_path / "right.cube").write_text(look)
    (tmp_path / "wrong.cube").write_text(look.replace("1 0 0\n", "1 0\n"))
    names = {"COFFEE": pair[1], "WRONG": tmp_path / "wrong.cube", "LOOK": tmp_path / "right.cube"}
    before = sorted(tmp_path.iterdir())
    done = transfer("--source", pair[0], *(names.get(word, word) for word in arguments), status=2, cwd=tmp_path)
    assert message in last_line(done) and len(done.stderr.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == before


def test_a_run_takes_no_look(matching_run, pair, tmp_path):
    arguments = ["--run", matching_run, "--source", pair[0], "--reference", pair[1], "--lut", "look.cube"]
    assert "--lut: not taken by" in last_line(transfer(*arguments, status=2, cwd=tmp_path))
