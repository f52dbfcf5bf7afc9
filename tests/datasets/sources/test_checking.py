"""Bad files: all are named or left out before the first step, and no other file stops the pipeline."""

import random
from pathlib import Path

import numpy as np
import pytest
import skimage.data
import tifffile
from PIL import Image

from datasets import Pipeline, open_dataset
from datasets.sources.checking import examine_files, find_bad
from utils import UserError
from utils.images import Photograph, decode, load_image
from utils.images.photographs import encode

PHOTOGRAPH = skimage.data.astronaut()[20:100, 180:280]
KINDS = {
    "jpg": {"quality": 90},
    "gray.jpg": {"mode": "L"},
    "cmyk.jpg": {"mode": "CMYK"},
    "progressive.jpg": {"progressive": True},
    "png": {},
    "alpha.png": {"mode": "RGBA"},
    "palette.png": {"mode": "P"},
    "16 bit.png": {"mode": "I;16"},
    "webp": {},
    "lossless.webp": {"lossless": True},
    "bmp": {},
    "tiff": {},
    "lzw.tif": {"compression": "tiff_lzw"},
}


def write(path, mode="RGB", **options):
    if mode == "I;16":
        image = Image.fromarray(PHOTOGRAPH[..., 0].astype(np.uint16) * 257)
    else:
        image = Image.fromarray(PHOTOGRAPH).convert(mode)
    image.save(path, **options)
    return path


def _flip(draw, good, flips):
    damaged = bytearray(good)
    for _ in range(flips):
        damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
    return bytes(damaged)


def _cut(draw, good):
    return good[: draw.randrange(1, len(good) - 1)]


def _overwrite(draw, good):
    at = draw.randrange(min(len(good), 200))
    return good[:at] + draw.randbytes(8) + good[at + 8 :]


DAMAGES = {
    "one bit": lambda draw, good: _flip(draw, good, 1),
    "many bits": lambda draw, good: _flip(draw, good, 40),
    "cut": _cut,
    "header": _overwrite,
    "tail": lambda draw, good: good + draw.randbytes(50),
    "noise": lambda draw, good: draw.randbytes(len(good)),
}


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    """A folder of good images of all kinds, each also with every damage 5 times; and a dict of path to damage."""
    folder = tmp_path_factory.mktemp("zoo") / "zoo"
    folder.mkdir()
    draw, files = random.Random(0), {}
    for kind, options in KINDS.items():
        good = write(folder / f"good.{kind}", **options)
        files[str(good)] = ""
        for damage, apply in DAMAGES.items():
            for number in range(5):
                path = folder / f"{damage} {number}.{kind}"
                path.write_bytes(apply(draw, good.read_bytes()))
                files[str(path)] = damage
    for name in ("empty.jpg", "text.jpg", "directory.png", "gif.png", "float.tif"):
        files[str(folder / name)] = "odd"
    (folder / "empty.jpg").touch()
    (folder / "text.jpg").write_text("This is a text.\n" * 50)
    (folder / "directory.png").mkdir()
    Image.fromarray(PHOTOGRAPH).save(folder / "gif.png", "GIF")
    tifffile.imwrite(folder / "float.tif", PHOTOGRAPH.astype(np.float32))
    for suffix in ("png", "bmp", "webp"):  # a wrong suffix is not damage
        (folder / f"jpeg.{suffix}").write_bytes((folder / "good.jpg").read_bytes())
        files[str(folder / f"jpeg.{suffix}")] = ""
    return folder, files


@pytest.fixture(scope="module")
def bad(zoo):
    return find_bad(examine_files([*zoo[1]]))


def test_no_good_file_is_bad(zoo, bad):
    assert len(zoo[1]) > 300
    assert not [path for path, damage in zoo[1].items() if not damage and path in bad]


def test_files_with_additional_bytes_are_decoded_like_the_original(zoo, bad):
    for path, damage in zoo[1].items():
        if damage == "tail" and path not in bad:
            whole = decode((zoo[0] / f"good.{path.split('.', 1)[1]}").read_bytes())
            np.testing.assert_array_equal(decode(Path(path).read_bytes()), whole)


def test_files_that_must_be_bad_are_named_with_a_reason(zoo, bad):
    for path, damage in zoo[1].items():
        if damage in ("cut", "noise", "odd") or (damage in ("one bit", "many bits") and path.endswith("png")):
            assert bad.get(path), path


def test_reasons_are_in_words(zoo, bad):
    assert not [reason for reason in bad.values() if "<_io" in reason or "object at" in reason or "\n" in reason]
    named = {Path(path).name: reason for path, reason in bad.items()}
    assert named["text.jpg"] == "not an image that can be read"
    assert named["gif.png"] == "a GIF image; JPEG, PNG, TIFF, WebP and BMP are read"
    assert named["empty.jpg"] == "an empty file"


@pytest.mark.parametrize("kind", ("jpg", "progressive.jpg", "png", "webp", "lossless.webp", "bmp", "tiff"))
def test_a_file_whose_second_half_is_missing_is_truncated(tmp_path, kind):
    path = write(tmp_path / f"cut.{kind}", **KINDS[kind])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert find_bad(examine_files([str(path)])) == {str(path): "truncated: its end is missing"}


@pytest.mark.parametrize(
    "content,reason",
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "a Git LFS pointer"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE HTML>\n<title>404 Not Found</title>", "an HTML page"),
        (b"<html><body>Moved</body></html>", "an HTML page"),
        (b"", "an empty file"),
    ],
)
def test_files_that_are_something_else_are_called_so(tmp_path, content, reason):
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    assert find_bad(examine_files([str(path)]))[str(path)].startswith(reason)
    with pytest.raises(UserError, match=rf"^--source .*a\.jpg is not an image that can be read \({reason}"):
        load_image(path, "--source")


def test_most_visibly_damaged_jpegs_are_named(tmp_path):
    whole = write(tmp_path / "whole.jpg").read_bytes()
    draw, paths = random.Random(1), []
    for number in range(200):
        damaged = _flip(draw, whole, 3)
        try:
            decoded = decode(damaged)
        except Exception:
            continue
        if decoded.shape != PHOTOGRAPH.shape or np.abs(np.int16(decoded) - decode(whole)).mean() > 10:
            paths.append(str(tmp_path / f"{number}.jpg"))
            (tmp_path / f"{number}.jpg").write_bytes(damaged)
    examined = examine_files(paths).values()
    assert len(paths) > 20 and sum(bool(image.reason or image.notes) for image in examined) > len(paths) / 2


def test_no_file_that_passes_stops_the_pipeline(zoo, bad):
    folder, files = zoo
    dataset = open_dataset("colorization", folder.name, folder.parent, skip_bad=True)
    assert f"{len(bad) - 1} bad files left out" in dataset.description  # a folder is not an image file
    count = 0
    for split in dataset.splits.values():
        for batch in Pipeline(split, image_size=(16, 24), batch_size=8, preprocess="crop").evaluation_batches():
            assert np.isfinite(batch["target"]).all()
            count += len(batch["index"])
    assert count == len(files) - len(bad)


@pytest.mark.parametrize("missing", (5, 12, 13))
def test_a_png_without_its_last_bytes_is_named(tmp_path, missing):
    path = write(tmp_path / "cut.png")
    path.write_bytes(path.read_bytes()[:-missing])
    assert find_bad(examine_files([str(path)]))


@pytest.mark.parametrize("suffix", (".png", ".tif"))
def test_a_file_of_16_bits_that_ends_early_is_named(suffix, tmp_path, rng):
    whole = encode(Photograph(rng.integers(0, 65536, [40, 50, 3], np.uint16)), suffix)
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(whole)
    assert find_bad(examine_files([str(path)])) == {} and examine_files([str(path)])[str(path)].bits == 16
    for part in (2, 3):
        path.write_bytes(whole[: len(whole) // part])
        assert str(path) in find_bad(examine_files([str(path)]))


def test_pairs_of_two_sizes_are_named(tmp_path, save):
    small, large = (str(save(tmp_path / f"{n}.png", PHOTOGRAPH[:n])) for n in (40, 60))
    examined = examine_files([small, large])
    assert find_bad(examined) == find_bad(examined, same_size=[(small, small)]) == {}
    reason = f"its size is 60x100, and 40x100 that of {small}"
    assert find_bad(examined, same_size=[(small, large)]) == {large: reason}


def test_real_photographs_are_good(data_folder):
    files = [str(path) for dataset in data_folder.iterdir() for path in dataset.rglob("*.jpg")]
    assert len(files) > 700 and find_bad(examine_files(files)) == {}
