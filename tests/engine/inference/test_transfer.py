"""test.py without a run: images and frames by a fit to each pair."""

import numpy as np
import pytest
import skimage.data
from PIL import Image
from skimage.io import imread

from metrics import palette_distance
from tests.commands import run_here


@pytest.fixture
def images(tmp_path, save):
    return save(tmp_path / "cat.png", skimage.data.chelsea()), save(tmp_path / "coffee.jpg", skimage.data.coffee())


def translate(*arguments, status=0, cwd=None):
    return run_here("test.py", *arguments, status=status, **({"cwd": cwd} if cwd else {}))


def test_a_pair_needs_no_run_and_keeps_the_sources_size(images, tmp_path):
    translate("--source", images[0], "--reference", images[1], "--out", tmp_path / "out.tif", "--steps", "20")
    output, source, reference = (imread(path) for path in (tmp_path / "out.tif", *images))
    assert output.shape == source.shape
    assert palette_distance(output, reference) < 0.5 * palette_distance(source, reference)
    translate(
        "--source",
        images[0],
        "--reference",
        images[1],
        "--out",
        tmp_path / "none.png",
        "--strength",
        "0",
        "--steps",
        "1",
    )
    np.testing.assert_allclose(imread(tmp_path / "none.png"), source, atol=1)


@pytest.mark.long
def test_several_make_a_grid(images, tmp_path):
    translate("--source", *images, "--reference", *images, "--out", tmp_path / "grid.png", "--steps", "2")
    assert imread(tmp_path / "grid.png").shape == (3 * 256, 3 * 256, 3)


@pytest.mark.long
def test_frames_of_a_folder_share_a_fit(images, tmp_path, save):
    for number in range(3):
        save(tmp_path / "frames" / f"{number}.png", skimage.data.chelsea()[: 100 + 20 * number, :150])
    command = ["--source", tmp_path / "frames", "--reference", images[1], "--out", tmp_path / "out", "--steps", "5"]
    translate(*command)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["0.png", "1.png", "2.png"]
    assert imread(tmp_path / "out" / "2.png").shape == (140, 150, 3)
    done = translate(*command, status=2)
    assert "is not an empty folder" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--source", "CAT", "--out", "a.png"], "--reference FILE"),
        (
            ["--source", "CAT", "--reference", "nowhere.png", "--out", "a.png"],
            "--reference nowhere.png is not an image",
        ),
        (["--source", "CAT", "--reference", "CAT", "--out", "a.doc"], "takes a file that ends in"),
        (["--source", "CAT", "--reference", "CAT", "--out", "a.png", "--steps", "many"], "--steps: got many"),
        (["--source", "CAT", "--reference", "CAT", "--out", "a.png", "--steps", "0"], "--steps: got 0"),
        (["--source", "CAT", "--reference", "CAT", "--out", "a.png", "--seed", "2147483648"], "--seed: got 2147483648"),
        (["--source", "CAT", "--reference", "CAT", "--out", "a.png", "--exemplar", "shuffle"], "--exemplar: not taken"),
        (
            ["--source", "CAT", "--reference", "CAT", "--out", "a.png", "--checkpoint", "best"],
            "--checkpoint: not taken",
        ),
        (["--source", "EMPTY", "--reference", "CAT", "--out", "out"], "has no images; give a folder of JPEG, PNG,"),
        (
            ["--source", "GIFS", "--reference", "CAT", "--out", "out"],
            "that are read in folders, but 1 .gif, 1 .heic;",
        ),
        (["--source", "GIFS", "--reference", "CAT", "--out", "out.mp4"], "got out.mp4, and a folder of images gives"),
        (["--source", "FOLDER", "--reference", "CAT", "--out", "FOLDER/out"], "are one folder, or one is in the other"),
        (["--source", "CAT", "--reference", "CAT", "--out", "a.png", "--max_megapixels", "0"], "megapixels: got 0"),
        (["--compare", "a", "b", "--checkpoint", "best"], "--checkpoint: not taken by --compare"),
        (["--run", "a", "--strength", "1"], "--strength: not taken by --run"),
        (["--export", "a"], "--run RUN (the run to export) is missing"),
        ([], "is missing"),
    ],
)
def test_a_mistake_is_one_sentence_and_writes_nothing(images, tmp_path, arguments, message):
    for name in ("empty/.hidden.png", "gifs/1.gif", "gifs/2.heic"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    names = {"CAT": images[0], "EMPTY": tmp_path / "empty", "GIFS": tmp_path / "gifs"}
    names |= {"FOLDER": images[0].parent, "FOLDER/out": images[0].parent / "out"}
    before = sorted(tmp_path.iterdir())
    done = translate(*(names.get(word, word) for word in arguments), status=2, cwd=tmp_path)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: ") and message in last
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.long
def test_images_that_are_left_out_are_said(images, tmp_path, save):
    """Thumbnails of a storage device are no frames, and frames of another format are not forgotten in silence."""
    for name in ("1.png", "2.png", "@eaDir/1.png/THUMB_XL.jpg"):
        save(tmp_path / "frames" / name, skimage.data.chelsea()[:100, :150])
    (tmp_path / "frames" / "3.gif").touch()
    done = translate(
        "--source", tmp_path / "frames", "--reference", images[1], "--out", tmp_path / "out", "--steps", "2"
    )
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["1.png", "2.png"]
    assert f"warning: --source {tmp_path}/frames: 1 .gif are not read in folders, and JPEG, PNG" in done.stderr


@pytest.mark.long
def test_a_gray_image_and_one_with_alpha_are_translated(images, tmp_path):
    rgba = np.dstack([skimage.data.chelsea(), np.full([300, 451], 200, np.uint8)])
    Image.fromarray(rgba).save(tmp_path / "alpha.png")
    Image.fromarray(skimage.data.camera()).save(tmp_path / "gray.png")
    for name in ("alpha", "gray"):
        out = tmp_path / f"{name}_out.png"
        translate("--source", tmp_path / f"{name}.png", "--reference", images[1], "--out", out, "--steps", "2")
        assert imread(out).shape == ((*rgba.shape[:2], 4) if name == "alpha" else (512, 512, 3))
