"""test.py --each: every image of a folder by its own fit."""

import re
import zlib

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from skimage.io import imread

from engine.inference.each import check_each, reference_finder, transfer_each
from tests.commands import run_here, small_files_only
from tests.utils.images.encoding import chunk, png
from tests.utils.images.test_photograph import P3
from utils import UserError
from utils.colors import identity_lut, write_hald
from utils.images import Photograph, write_photograph

CAT = skimage.data.chelsea()[:60, :80]
STEPS = ("--steps", "3")


@pytest.fixture
def folder(tmp_path, save):
    """A folder of three images in two folders."""
    for number, name in enumerate(("a.png", "trip/b.jpg", "trip/c.tif")):
        save(tmp_path / "photos" / name, np.roll(CAT, number, axis=-1))
    return tmp_path / "photos"


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.long
def test_each_image_has_its_own_fit_and_its_own_reference(folder, tmp_path, save):
    colors = {"a.png": (200, 30, 30), "trip/b.png": (30, 200, 30), "trip/c.tif": (30, 30, 200)}
    for name, color in colors.items():  # b's reference has another suffix
        save(tmp_path / "looks" / name, np.full([20, 20, 3], color, np.uint8) + np.arange(20, dtype=np.uint8)[:, None])
    out = tmp_path / "out"
    command = ["--source", folder, "--reference", tmp_path / "looks", "--out", out, "--each", "--steps", "40"]
    done = run_here("test.py", *command)
    assert "images: 3; written: 3, kept: 0, left out: 0" in done.stdout and f"the result: {out}" in done.stdout
    assert files(out) == files(folder) == ["a.png", "trip/b.jpg", "trip/c.tif"]
    for channel, name in enumerate(files(out)):
        image = imread(out / name)
        assert image.shape == CAT.shape and image.mean((0, 1)).argmax() == channel


@pytest.mark.long
def test_a_failure_is_one_line_and_the_others_go_on(folder, save):
    save(folder / "d.png", CAT)
    (folder / "b.jpg").write_bytes(b"no image")
    for name in ("a.png", "d.png"):
        save(folder.parent / "looks" / name, CAT)
    out = folder.parent / "out"
    command = ["--source", folder, "--reference", folder.parent / "looks", "--out", out, "--each", *STEPS]
    done = run_here("test.py", *command, status=1)
    assert files(out) == ["a.png", "d.png"]
    warned = [line for line in done.stderr.splitlines() if line.startswith("warning: left out: ")]
    assert [re.search(r"\w+\.(jpg|tif)", line)[0] for line in warned] == ["b.jpg", "b.jpg", "c.tif"]
    assert "b.jpg has no reference: --reference" in warned[0]
    assert "images: 5; written: 2, kept: 0, left out: 3" in done.stdout


def test_resume_keeps_the_outputs_that_exist(folder, tmp_path, save):
    command = ["--source", folder, "--reference", save(tmp_path / "look.png", CAT), "--out", tmp_path / "out", "--each"]
    save(tmp_path / "out" / "a.png", CAT[:5])
    done = run_here("test.py", *command, *STEPS, status=2)
    assert done.stderr.splitlines()[-1].endswith("give a new one, or --resume to keep what it holds")
    done = run_here("test.py", *command, *STEPS, "--resume")
    assert "images: 3; written: 2, kept: 1, left out: 0" in done.stdout
    assert files(tmp_path / "out") == files(folder) and imread(tmp_path / "out" / "a.png").shape == (5, 80, 3)


@pytest.mark.parametrize(
    "source,reference,out,words",
    [
        ("photos", "look.png", "photos", "are one folder, or one is in the other"),
        ("photos", "look.png", "photos/out", "are one folder, or one is in the other"),
        ("photos/trip", "look.png", "photos", "are one folder, or one is in the other"),
        ("photos", "looks", "looks/out", "--reference looks are one folder, or one is in the other"),
        ("photos/a.png", "look.png", "out", "takes one folder of images as --source"),
        ("photos", "look.png", "look.png", "look.png exists and is not an empty folder; give a new one$"),
        ("photos", "look.png", "out.png", "got out.png, and a folder of images gives a folder; give a name without"),
    ],
)
def test_wrong_folders_are_refused(folder, save, monkeypatch, source, reference, out, words):
    monkeypatch.chdir(folder.parent)
    save(folder.parent / "look.png", CAT)
    (folder.parent / "looks").mkdir()
    before = files(folder.parent)
    for resume in (False, True):
        with pytest.raises(UserError, match=words):
            check_each([source], [reference], out=out, resume=resume)
    assert files(folder.parent) == before


@pytest.mark.parametrize(
    "arguments,words",
    [
        (["--resume"], "--resume: not taken by --source without --run"),
        (["--each", "--lut", "a.cube"], "--each: not taken by --lut"),
        (["--each", "--run", "looks"], "--each: not taken by --run with --source"),
    ],
)
def test_options_that_do_not_fit_are_refused(folder, arguments, words):
    command = ["--source", folder, "--reference", folder / "a.png", "--out", folder.parent / "out"]
    done = run_here("test.py", *command, *arguments, status=2)
    assert words in done.stderr.splitlines()[-1]


def test_a_full_disk_stops_and_leaves_whole_outputs(folder):
    out, large = folder.parent / "out", np.random.default_rng(0).integers(0, 256, [60, 80, 3]).astype(np.uint8)

    def transfer_one(name, target):
        write_photograph(target, Photograph(CAT[:4, :4] if name == "a.png" else large))

    with small_files_only(5000), pytest.raises(UserError, match=r"b\.jpg cannot be written \(File too large\)"):
        transfer_each(str(folder), transfer_one, out=out)
    assert files(out) == ["a.png"]


@pytest.mark.parametrize("error", (MemoryError(), tf.errors.ResourceExhaustedError(None, None, "OOM")))
def test_an_image_that_does_not_fit_into_memory_is_left_out_and_bugs_are_raised(folder, capsys, error):
    raised = {"trip/b.jpg": error}

    def transfer_one(name, target):
        if name in raised:
            raise raised[name]
        write_photograph(target, Photograph(CAT))

    assert not transfer_each(str(folder), transfer_one, out=folder.parent / "out")
    assert files(folder.parent / "out") == ["a.png", "trip/c.tif"]
    printed = capsys.readouterr()
    assert re.search(r"warning: left out: .*memory is full; give a smaller image than .*b\.jpg\n", printed.err)
    assert "written: 2, kept: 0, left out: 1" in printed.out
    raised["a.png"] = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        transfer_each(str(folder), transfer_one, out=folder.parent / "out")


def test_the_reference_with_the_same_suffix_goes_first(tmp_path, save):
    for name in ("a.png", "a.jpg", "b.tif"):
        save(tmp_path / name, CAT)
    find = reference_finder(str(tmp_path))
    found = [find(name) for name in ("a.jpg", "a.png", "b.png")]
    assert found == [str(tmp_path / name) for name in ("a.jpg", "a.png", "b.tif")]
    with pytest.raises(UserError, match=r"^c\.png has no reference: .*; add one$"):
        find("c.png")


def test_an_own_look_does_not_go_with_a_kept_profile(folder, tmp_path, save):
    """A look among the references takes sRGB, so its image is left out."""
    (folder / "a.png").write_bytes(png(CAT, chunk(b"iCCP", b"x\0\0" + zlib.compress(P3))))
    save(tmp_path / "looks" / "b.png", CAT)
    write_hald(tmp_path / "looks" / "a.png", identity_lut(2))
    command = ["--source", folder, "--reference", tmp_path / "looks", "--out", tmp_path / "out", "--each"]
    done = run_here("test.py", *command, "--keep_profile", *STEPS, status=1)
    assert "left out: --keep_profile: a look takes and gives sRGB" in done.stderr
