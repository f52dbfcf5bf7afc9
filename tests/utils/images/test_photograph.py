"""Photographs: opacity, masks and profiles from reading to saving, compared with Pillow, tifffile and arithmetic."""

import zlib
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
import skimage.data
import tifffile
from PIL import Image, ImageCms

from tests.utils.images.encoding import chunk, png, tiff
from utils import UserError
from utils.images import Photograph, decode, load_mask, load_photograph, write_photograph

PHOTOGRAPH = skimage.data.astronaut()[20:84, 180:260]
P3 = imagecodecs.cms_profile(
    "rgb", whitepoint=[0.3127, 0.3290, 1], primaries=(0.68, 0.32, 0.265, 0.69, 0.15, 0.06), gamma=2.2
)
SUFFIXES = (".png", ".tif", ".webp")


@pytest.fixture
def rgba(rng):
    """An image with every opacity from 0 to 255, and colors under those of 0."""
    alpha = rng.permutation(np.resize(np.arange(256), PHOTOGRAPH.shape[:2]).ravel()).reshape(*PHOTOGRAPH.shape[:2], 1)
    return np.concatenate([PHOTOGRAPH, alpha.astype(np.uint8)], axis=-1)


def deep(values):
    return values.astype(np.uint16) * 257


@pytest.mark.parametrize("source", SUFFIXES)
@pytest.mark.parametrize("out", SUFFIXES)
def test_opacity_is_kept_to_the_byte(rgba, tmp_path, source, out):
    Image.fromarray(rgba).save(tmp_path / f"source{source}", lossless=True, exact=True)
    photograph = load_photograph(tmp_path / f"source{source}", "--source")
    np.testing.assert_array_equal(photograph.rgb, rgba[..., :3])
    write_photograph(tmp_path / f"out{out}", photograph)
    written = np.asarray(Image.open(tmp_path / f"out{out}"))
    np.testing.assert_array_equal(written[..., 3], rgba[..., 3])
    if out != ".webp":
        np.testing.assert_array_equal(written, rgba)


def test_a_webp_keeps_the_colors_of_transparent_pixels(tmp_path):
    alpha = np.zeros([*PHOTOGRAPH.shape[:2], 1], np.uint8)
    alpha[:, :40] = 255
    write_photograph(tmp_path / "out.webp", Photograph(PHOTOGRAPH, alpha))
    written = np.asarray(Image.open(tmp_path / "out.webp"))
    assert np.abs(written[:, 40:, :3].astype(int) - PHOTOGRAPH[:, 40:]).mean() < 6


@pytest.mark.parametrize("suffix", (".png", ".tif"))
def test_16_bits_of_opacity_are_kept(rng, tmp_path, suffix):
    values = rng.integers(0, 65536, [20, 30, 4], np.uint16)
    (tmp_path / "source.tif").write_bytes(tiff(values, photometric="rgb", extrasamples=["unassalpha"]))
    write_photograph(tmp_path / f"out{suffix}", load_photograph(tmp_path / "source.tif", "--source"))
    read = imagecodecs.png_decode if suffix == ".png" else lambda encoded: tifffile.imread(BytesIO(encoded))
    np.testing.assert_array_equal(read((tmp_path / f"out{suffix}").read_bytes()), values)
    if suffix == ".tif":
        with tifffile.TiffFile(tmp_path / "out.tif") as file:
            assert file.pages[0].extrasamples == (2,)  # straight


@pytest.mark.parametrize("kind", ("assocalpha", "unassalpha"))
def test_premultiplied_and_straight_opacity_are_read_as_they_are(rgba, tmp_path, kind):
    opacity = rgba[..., 3:] / 255
    stored = rgba.copy()
    if kind == "assocalpha":
        stored[..., :3] = np.round(rgba[..., :3] * opacity)
    (tmp_path / "a.tif").write_bytes(tiff(stored, photometric="rgb", extrasamples=[kind]))
    photograph = load_photograph(tmp_path / "a.tif", "--source")
    np.testing.assert_array_equal(photograph.alpha, rgba[..., 3:])
    error = np.abs(photograph.rgb.astype(float) - rgba[..., :3]) * opacity  # the rest was lost when it was stored
    assert error.max() <= 1.001
    np.testing.assert_array_equal(photograph.on_white, decode((tmp_path / "a.tif").read_bytes()))


@pytest.mark.parametrize("suffix", (".jpg", ".bmp"))
def test_a_format_without_opacity_gets_white_and_says_so_once(rgba, tmp_path, capsys, suffix):
    write_photograph(tmp_path / f"out{suffix}", Photograph(rgba[..., :3], rgba[..., 3:]))
    opacity = rgba[..., 3:] / 255
    wanted = rgba[..., :3] * opacity + 255 * (1 - opacity)
    written = np.asarray(Image.open(tmp_path / f"out{suffix}")).astype(float)
    assert written.shape[-1] == 3 and np.abs(written - wanted).mean() < (0.5 if suffix == ".bmp" else 12)
    said = capsys.readouterr().err
    assert said.count("laid on white") == 1
    for alpha in (None, np.full_like(rgba[..., 3:], 255)):
        write_photograph(tmp_path / f"opaque{suffix}", Photograph(rgba[..., :3], alpha))
    assert not capsys.readouterr().err


def test_what_counts_is_the_product_of_mask_and_opacity(rgba, rng):
    mask = rng.integers(0, 256, rgba[..., :1].shape, np.uint8)
    for dtype, values in ((np.uint8, (rgba, mask)), (np.uint16, (deep(rgba), deep(mask)))):
        image, shares = values
        weighted = Photograph(image[..., :3], image[..., 3:], shares).weighted
        exact = image[..., 3:].astype(float) * shares / np.iinfo(dtype).max
        assert weighted.dtype == dtype and np.all((weighted[..., 3:] >= exact) & (weighted[..., 3:] < exact + 1))
    opaque = Photograph(PHOTOGRAPH, np.full_like(rgba[..., 3:], 255), np.full_like(mask, 255))
    assert opaque.weighted is opaque.rgb


def test_white_is_recolored_black_stays_and_gray_is_blended(rgba, rng):
    output = rng.integers(0, 256, PHOTOGRAPH.shape, np.uint8)
    mask = rng.choice(np.uint8([0, 255, 100]), [*PHOTOGRAPH.shape[:2], 1])
    for change in (lambda x: x, deep):
        image, recolored, shares = change(PHOTOGRAPH), change(output), change(mask)
        result = Photograph(image, mask=shares).recolored(recolored).rgb
        wanted = image + (recolored - image.astype(float)) * mask / 255
        np.testing.assert_allclose(result, wanted, atol=0.501)
        np.testing.assert_array_equal(np.where(mask == 0, result, image), image)
        np.testing.assert_array_equal(np.where(mask == 255, result, recolored), recolored)
    transparent = Photograph(PHOTOGRAPH, rgba[..., 3:]).recolored(output).rgb
    np.testing.assert_array_equal(transparent, np.where(rgba[..., 3:] == 0, PHOTOGRAPH, output))


def test_a_mask_is_gray_of_any_size_and_black_where_it_is_transparent(tmp_path):
    gray = np.zeros([4, 6], np.uint8)
    gray[:, 3:] = 200
    Image.fromarray(gray).save(tmp_path / "gray.png")
    np.testing.assert_array_equal(load_mask(tmp_path / "gray.png", "--mask")[..., 0], gray)
    (tmp_path / "deep.png").write_bytes(png(deep(gray)))
    np.testing.assert_array_equal(load_mask(tmp_path / "deep.png", "--mask")[..., 0], deep(gray))
    painted = np.dstack([np.full([4, 6, 3], 255, np.uint8), gray])
    Image.fromarray(painted).save(tmp_path / "painted.png")
    np.testing.assert_array_equal(load_mask(tmp_path / "painted.png", "--mask")[..., 0], gray)
    masked = Photograph(deep(PHOTOGRAPH)).masked(gray[..., None])
    assert masked.mask.shape == (*PHOTOGRAPH.shape[:2], 1) and masked.mask.dtype == np.uint16
    assert not masked.mask[:, :30].any() and (masked.mask[:, 50:] == 200 * 257).all()


def test_nothing_that_counts_is_one_sentence(tmp_path):
    Image.new("L", (5, 5)).save(tmp_path / "black.png")
    with pytest.raises(UserError, match=r"--mask .*black.png is black everywhere, so that no pixel counts; paint"):
        load_mask(tmp_path / "black.png", "--mask")
    values = np.zeros([4, 4, 4], np.uint8)
    Image.fromarray(values).save(tmp_path / "clear.png")
    with pytest.raises(UserError, match=r"--source .*clear.png is transparent everywhere, so that no pixel counts"):
        load_photograph(tmp_path / "clear.png", "--source")
    values[:2, :, 3] = 255
    Image.fromarray(values).save(tmp_path / "half.png")
    with pytest.raises(UserError, match=r"half.png is transparent where its mask is not black"):
        load_photograph(tmp_path / "half.png", "--source", mask=np.uint8([0, 0, 255, 255])[:, None, None])


@pytest.mark.parametrize("suffix", (".png", ".jpg", ".tif", ".webp"))
def test_srgb_is_tagged_and_read_without_a_change(tmp_path, suffix):
    path = tmp_path / f"out{suffix}"
    for image in (PHOTOGRAPH, deep(PHOTOGRAPH)):
        write_photograph(path, Photograph(image))
        with Image.open(path) as opened:
            profile, is_srgb = opened.info.get("icc_profile"), "srgb" in opened.info
            assert is_srgb if suffix == ".png" else 0 < len(profile) < 1000
        photograph = load_photograph(path, "--source")
        assert photograph.profile is None and load_photograph(path, "--source", keep_profile=True).profile is None
        if suffix in (".png", ".tif"):
            np.testing.assert_array_equal(photograph.rgb, image)
        if profile:  # to lcms in Pillow it is sRGB too
            to_srgb = ImageCms.buildTransform(
                ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), "RGB", "RGB"
            )
            changed = np.asarray(ImageCms.applyTransform(Image.fromarray(PHOTOGRAPH), to_srgb)).astype(int)
            assert np.abs(changed - PHOTOGRAPH).max() <= 1


def test_a_result_has_the_same_bytes_each_time(tmp_path):
    for name in ("a.jpg", "b.jpg"):
        write_photograph(tmp_path / name, Photograph(PHOTOGRAPH))
    assert (tmp_path / "a.jpg").read_bytes() == (tmp_path / "b.jpg").read_bytes()


@pytest.mark.parametrize("suffix", (".png", ".tif"))
@pytest.mark.parametrize("change", (np.asarray, deep))
def test_a_kept_profile_is_written_back_with_the_files_own_values(tmp_path, suffix, change):
    values = change(PHOTOGRAPH)
    (tmp_path / "p3.png").write_bytes(png(values, chunk(b"iCCP", b"x\0\0" + zlib.compress(P3))))
    photograph = load_photograph(tmp_path / "p3.png", "--source", keep_profile=True)
    np.testing.assert_array_equal(photograph.rgb, values)
    write_photograph(tmp_path / f"out{suffix}", photograph)
    written = (tmp_path / f"out{suffix}").read_bytes()
    if suffix == ".png":
        assert Image.open(BytesIO(written)).info["icc_profile"] == P3
    else:
        assert tifffile.TiffFile(BytesIO(written)).pages[0].tags.valueof(34675) == P3
    again = load_photograph(tmp_path / f"out{suffix}", "--source", keep_profile=True)
    assert again.profile == P3 and np.array_equal(again.rgb, values)
    srgb = load_photograph(tmp_path / "p3.png", "--source").rgb
    assert np.abs(srgb.astype(int) - values).max() > 1000 * (change is deep)
    np.testing.assert_array_equal(photograph.shown, srgb)


def test_gray_cannot_be_kept_and_is_srgb(tmp_path):
    profile = imagecodecs.cms_profile("gray", whitepoint=[0.3127, 0.3290, 1], gamma=1.0)
    (tmp_path / "gray.tif").write_bytes(tiff(PHOTOGRAPH[..., 0], photometric="minisblack", iccprofile=profile))
    kept, converted = (load_photograph(tmp_path / "gray.tif", "--source", keep_profile=keep) for keep in (True, False))
    assert kept.profile is None and np.array_equal(kept.rgb, converted.rgb)


def test_conversions_to_a_wide_rgb_and_back_lose_nothing_in_16_bits(rng):
    image = rng.integers(0, 65536, [30, 40, 3], np.uint16)
    there = Photograph(image).converted(P3)
    assert there.profile == P3 and np.abs(there.rgb.astype(int) - image).max() > 3000
    np.testing.assert_allclose(there.converted(None).rgb, image, atol=40)
