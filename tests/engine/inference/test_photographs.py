"""Masks, transparency, metadata and profiles from the command line, with a fit, --quick and a run."""

import zlib
from io import BytesIO

import numpy as np
import pytest
import skimage.data
from PIL import Image
from skimage.io import imread

from tests.commands import last_line, run_here
from tests.utils.images.encoding import chunk, png
from tests.utils.images.test_photograph import P3
from utils.images import load_photograph
from utils.images.profiles import convert_rgb

CAT, COFFEE = skimage.data.chelsea()[:200:2, ::3], skimage.data.coffee()[::4, ::4]
FIT, QUICK, LOCAL = ["--steps", "3"], ["--quick"], ["--steps", "2", "--local"]


@pytest.fixture
def pair(tmp_path, save):
    return save(tmp_path / "cat.png", CAT), save(tmp_path / "coffee.png", COFFEE)


@pytest.fixture
def half(tmp_path):
    """A mask that is white on the left, gray in the middle, and black on the right."""
    mask = np.zeros(CAT.shape[:2], np.uint8)
    mask[:, :70], mask[:, 70:80] = 255, 128
    Image.fromarray(mask).save(tmp_path / "half.png")
    return tmp_path / "half.png"


def transfer(source, reference, *arguments, status=0):
    return run_here("test.py", "--source", source, "--reference", reference, *arguments, status=status)


def noisy(image, where, rng):
    """The image with other colors where a mask ``[h, w]`` says."""
    return np.where(where[..., None], rng.integers(0, 256, image.shape, np.uint8), image)


@pytest.mark.long
@pytest.mark.parametrize(
    "by,method",
    [
        ("mask", FIT),
        ("alpha", FIT),
        *(pytest.param(by, QUICK, marks=pytest.mark.long) for by in ("mask", "alpha")),
        *(pytest.param(by, LOCAL, marks=pytest.mark.long) for by in ("mask", "alpha")),
    ],
)
def test_pixels_that_do_not_count_change_nothing_to_the_bit(tmp_path, save, half, rng, by, method):
    """Neither the source's nor the reference's: every output is the same where it is not those pixels themselves."""
    weights = np.asarray(Image.open(half))
    outputs = []
    for number in range(2):
        images = [CAT, CAT[::-1] // 2] if number == 0 else [noisy(x, weights == 0, rng) for x in (CAT, CAT[::-1] // 2)]
        if by == "alpha":
            images = [np.dstack([image, weights]) for image in images]
        paths = [save(tmp_path / f"{name}{number}.png", image) for name, image in zip("ab", images, strict=True)]
        masks = ["--mask", half, "--reference_mask", half] if by == "mask" else []
        out = tmp_path / f"out{number}.png"
        transfer(*paths, *masks, *method, "--out", out)
        outputs.append(imread(out))
        np.testing.assert_array_equal(outputs[-1][weights == 0], images[0][weights == 0])
    np.testing.assert_array_equal(*(output[weights > 0] for output in outputs))
    assert np.abs(outputs[0][..., :3].astype(int) - CAT)[weights == 255].mean() > 1


@pytest.mark.long
def test_a_mask_of_the_pair_is_as_good_as_a_crop(pair, tmp_path, save):
    """White pixels alone: the map is the one that is fitted to them as an image of their own."""
    look = []
    mask = np.zeros(CAT.shape[:2], np.uint8)
    mask[:, :60] = 255
    save(tmp_path / "mask.png", mask)
    crop = save(tmp_path / "crop.png", CAT[:, :60])
    for source, *masked in ((crop,), (pair[0], "--mask", tmp_path / "mask.png")):
        transfer(source, pair[1], *masked, "--steps", "3", "--lut", tmp_path / "look.cube")
        look.append((tmp_path / "look.cube").read_text())
    assert look[0] == look[1]


@pytest.mark.long
def test_white_masks_change_nothing_and_a_mask_is_scaled(pair, tmp_path, half):
    Image.new("L", (7, 5), 255).save(tmp_path / "white.png")
    white = ["--mask", tmp_path / "white.png", "--reference_mask", tmp_path / "white.png"]
    for name, masks in (("plain", []), ("masked", white)):
        transfer(*pair, *masks, "--steps", "3", "--out", tmp_path / f"{name}.png")
    np.testing.assert_array_equal(imread(tmp_path / "plain.png"), imread(tmp_path / "masked.png"))
    Image.open(half).resize((500, 300)).save(tmp_path / "large.png")
    transfer(*pair, "--mask", tmp_path / "large.png", "--steps", "3", "--out", tmp_path / "out.png")
    output = imread(tmp_path / "out.png")
    np.testing.assert_array_equal(output[:, 85:], CAT[:, 85:])
    assert (output[:, :60] != CAT[:, :60]).any()


@pytest.mark.long
def test_a_run_keeps_alpha_and_what_its_mask_leaves(pair, tmp_path, save, half, matching_run, rng):
    """Histogram matching: masked pixels stay, transparent ones do not count, and the reference's do not either."""
    weights = np.asarray(Image.open(half))
    outputs = []
    for number in range(2):
        reference = COFFEE if number == 0 else noisy(COFFEE, np.arange(150)[None] > 90 + np.zeros([100, 1]), rng)
        cover = np.where(np.arange(150)[None] > 90 + np.zeros([100, 1]), 0, 255).astype(np.uint8)
        source = save(tmp_path / f"s{number}.png", np.dstack([CAT, weights]))
        reference = save(tmp_path / f"r{number}.png", np.dstack([reference, cover]))
        out = tmp_path / f"out{number}.png"
        transfer(source, reference, "--run", matching_run, "--mask", half, "--out", out)
        outputs.append(imread(out))
    np.testing.assert_array_equal(*outputs)
    np.testing.assert_array_equal(outputs[0][..., 3], weights)
    np.testing.assert_array_equal(outputs[0][weights == 0, :3], CAT[weights == 0])
    assert (outputs[0][weights == 255, :3] != CAT[weights == 255]).any()


@pytest.mark.long
def test_frames_keep_their_opacity_and_take_one_mask(pair, tmp_path, save, half):
    alpha = np.full(CAT.shape[:2], 200, np.uint8)
    for name, image in (("1.png", CAT), ("2.png", np.dstack([CAT, alpha]))):
        save(tmp_path / "frames" / name, image)
    transfer(tmp_path / "frames", pair[1], "--mask", half, "--steps", "2", "--out", tmp_path / "out")
    first, second = (imread(tmp_path / "out" / name) for name in ("1.png", "2.png"))
    np.testing.assert_array_equal(second[..., 3], alpha)
    np.testing.assert_array_equal(first, second[..., :3])
    np.testing.assert_array_equal(first[:, 80:], CAT[:, 80:])


@pytest.mark.long
def test_metadata_are_kept_unless_they_are_stripped(pair, tmp_path):
    exif = Image.Exif()
    exif.update({271: "Acme", 274: 6})
    Image.fromarray(CAT).save(tmp_path / "cat.jpg", exif=exif.tobytes(), dpi=(240, 240))
    for name, strip in (("kept.jpg", []), ("stripped.jpg", ["--strip"])):
        transfer(tmp_path / "cat.jpg", pair[1], *strip, "--quick", "--out", tmp_path / name)
    with Image.open(tmp_path / "kept.jpg") as kept, Image.open(tmp_path / "stripped.jpg") as stripped:
        assert kept.size == stripped.size == CAT.shape[:2]
        assert dict(kept.getexif()) == {271: "Acme", 274: 1} and kept.info["dpi"] == (240, 240)
        assert not dict(stripped.getexif()) and "dpi" not in stripped.info and stripped.info["icc_profile"]


@pytest.mark.long
def test_a_kept_profile_works_in_the_files_own_rgb(pair, tmp_path):
    """A source in Display P3 with itself as the reference, and with the same colors as the reference in sRGB."""
    tag = chunk(b"iCCP", b"x\0\0" + zlib.compress(P3))
    vivid = np.full([40, 50, 3], (250, 10, 10), np.uint8)  # beyond sRGB
    vivid[:, 20:] = COFFEE[:40, :30]
    (tmp_path / "p3.png").write_bytes(png(vivid, tag))
    for reference in (tmp_path / "p3.png", pair[1]):
        out = tmp_path / "out.png"
        transfer(tmp_path / "p3.png", reference, "--keep_profile", "--steps", "3", "--strength", "0", "--out", out)
        assert Image.open(BytesIO(out.read_bytes())).info["icc_profile"] == P3
        np.testing.assert_array_equal(imread(out), vivid)
        transfer(tmp_path / "p3.png", reference, "--steps", "3", "--strength", "0", "--out", out)
        assert "icc_profile" not in Image.open(out).info
        np.testing.assert_array_equal(imread(out), load_photograph(tmp_path / "p3.png", "--source").rgb)


@pytest.mark.long
def test_frames_of_other_profiles_get_the_map_in_that_of_the_first(pair, tmp_path, save):
    """The same colors, stored as sRGB and as Display P3, become the same colors."""
    colors = convert_rgb(COFFEE[:40, :50], None, P3)
    folder, out = tmp_path / "frames", tmp_path / "out"
    save(folder / "2.png", COFFEE[:40, :50])
    (folder / "1.png").write_bytes(png(colors, chunk(b"iCCP", b"x\0\0" + zlib.compress(P3))))
    transfer(folder, pair[0], "--keep_profile", "--quick", "--out", out)
    assert all(Image.open(out / name).info["icc_profile"] == P3 for name in ("1.png", "2.png"))
    first, second = (imread(out / name).astype(int) for name in ("1.png", "2.png"))
    assert np.abs(first - second).mean() < 1 < np.abs(first - colors).mean()


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--mask", "BLACK"], "--mask BLACK is black everywhere, so that no pixel counts; paint white what should"),
        (["--reference_mask", "BLACK"], "--reference_mask BLACK is black everywhere"),
        (["--mask", "TEXT"], "--mask TEXT is not an image that can be read; give another file"),
        (["--mask", "missing.png"], "--mask missing.png is not an image that can be read (No such file"),
        (["--mask", "HALF", "--out", "HALF"], "HALF is also an input; give another path, or --overwrite"),
        (["--keep_profile", "--lut", "LOOK"], "--keep_profile: a look takes and gives sRGB; leave --keep_profile out"),
    ],
)
def test_a_mistake_is_one_sentence(pair, half, tmp_path, arguments, message):
    Image.new("L", (9, 9)).save(tmp_path / "black.png")
    (tmp_path / "text.png").write_text("no image")
    names = {"BLACK": "black.png", "TEXT": "text.png", "HALF": "half.png", "LOOK": "look.cube"}
    names = {name: str(tmp_path / path) for name, path in names.items()}
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    command = [names.get(word, word) for word in arguments]
    out = [] if "--out" in command else ["--out", tmp_path / "out.png"]
    done = transfer(*pair, *command, *out, "--steps", "100000", status=2)
    for name, path in names.items():
        message = message.replace(name, path)
    assert message in last_line(done)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_fits_alone_is_refused_with_a_run(pair, tmp_path):
    done = transfer(*pair, "--run", "looks", "--keep_profile", "--out", tmp_path / "out.png", status=2)
    assert "--keep_profile: not taken by --run with --source; leave it out" in last_line(done)
