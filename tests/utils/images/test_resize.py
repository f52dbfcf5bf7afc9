"""Resizing: shapes, positions, and a comparison with scikit-image."""

import numpy as np
import pytest
import skimage.data
from skimage.transform import downscale_local_mean
from skimage.transform import resize as skimage_resize

from utils.images import with_depth
from utils.images.resize import INTERPOLATIONS, resize, resize_and_crop, resized_size, scaled_size

PHOTOGRAPH = skimage.data.coffee()[:240, :400]


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("size", ((64, 96), (300, 500), (240, 400)))
def test_resize_stretches_to_the_size_with_every_interpolation(interpolation, size):
    resized = resize_and_crop((PHOTOGRAPH,), size, preprocess="resize", interpolation=interpolation)
    assert resized.shape == (*size, 3) and resized.dtype == np.uint8
    assert np.abs(resized.mean((0, 1)) - PHOTOGRAPH.mean((0, 1))).max() < 2


def test_area_is_the_mean_of_a_block_and_nearest_makes_no_new_colors():
    blocks = downscale_local_mean(PHOTOGRAPH, (4, 4, 1))
    np.testing.assert_allclose(resize(PHOTOGRAPH, (60, 100), "area"), blocks, atol=1.01)  # it rounds twice
    colors = {tuple(color) for color in PHOTOGRAPH.reshape(-1, 3)}
    assert {tuple(color) for color in resize(PHOTOGRAPH, (50, 70), "nearest").reshape(-1, 3)} <= colors


def test_enlarging_agrees_with_scikit_image():
    wanted = 255 * skimage_resize(PHOTOGRAPH, (480, 800), order=1, mode="edge")
    assert np.abs(resize(PHOTOGRAPH, (480, 800), "bilinear") - wanted)[4:-4, 4:-4].mean() < 0.6


def test_shrinking_averages_except_by_nearest():
    stripes = np.repeat(255 * (np.arange(256) % 2)[None, :, None], 64, 0).repeat(3, -1).astype(np.uint8)
    for interpolation in ("bilinear", "bicubic", "area"):
        assert resize(stripes, (16, 64), interpolation).std() < 12
    assert resize(stripes, (16, 60), "nearest").std() > 100


@pytest.mark.parametrize("shape", ((100, 100), (300, 100), (100, 300), (7, 1000), (1, 1)))
def test_crop_covers_the_size_and_pad_fits_into_it_with_the_images_proportions(shape):
    size = (64, 96)
    covering, fitting = scaled_size(shape, size, "crop"), scaled_size(shape, size, "pad")
    assert min(c - w for c, w in zip(covering, size, strict=True)) == 0
    assert max(f - w for f, w in zip(fitting, size, strict=True)) == 0
    for scaled in (covering, fitting):
        if min(scaled) > 1:
            assert abs(scaled[0] / scaled[1] * shape[1] / shape[0] - 1) < 0.05


@pytest.mark.parametrize("preprocess", ("resize", "crop", "pad", "window"))
@pytest.mark.parametrize("shape", ((100, 100), (30, 80), (7, 1000), (1000, 7), (1, 1)))
def test_the_resized_size_is_known_without_resizing(shape, preprocess):
    resized = resize_and_crop((np.zeros((*shape, 3), np.uint8),), (32, 48), preprocess=preprocess)
    assert resized_size(shape, (32, 48), preprocess) == resized.shape[:2]


def test_pad_fills_the_rest_with_the_mirror_image():
    resized = resize_and_crop((PHOTOGRAPH,), (400, 400), preprocess="pad")
    np.testing.assert_array_equal(resized[80:320], PHOTOGRAPH)
    np.testing.assert_array_equal(resized[:80], PHOTOGRAPH[79::-1])
    np.testing.assert_array_equal(resized[320:], PHOTOGRAPH[:-81:-1])
    narrow = resize_and_crop((PHOTOGRAPH[:, :20],), (240, 400), preprocess="pad")  # many mirror images
    assert narrow.shape == (240, 400, 3)
    assert {tuple(c) for c in narrow.reshape(-1, 3)} == {tuple(c) for c in PHOTOGRAPH[:, :20].reshape(-1, 3)}


def test_crop_keeps_the_middle_of_a_long_strip():
    strip = np.zeros([2, 6000, 3], np.uint8)
    strip[:, 2997:3003] = 255
    resized = resize_and_crop((strip,), (64, 64), preprocess="crop")
    assert resized.shape[0] == 64 and resized.shape[1] <= 4 * 64 and resized[:, resized.shape[1] // 2].min() == 255
    assert resize_and_crop((strip.transpose(1, 0, 2),), (64, 64), preprocess="crop").shape[0] <= 4 * 64


@pytest.mark.parametrize("preprocess", ("resize", "crop", "pad"))
def test_the_two_images_of_a_pair_are_resized_alike(preprocess):
    resized = resize_and_crop((PHOTOGRAPH, PHOTOGRAPH[::2, ::2]), (60, 60), preprocess=preprocess)
    assert resized.shape[-1] == 6
    assert np.abs(np.int16(resized[..., :3]) - resized[..., 3:]).mean() < 6


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@pytest.mark.parametrize("size", ((64, 96), (300, 500)))
def test_16_bits_are_resized_as_8_bits_are_but_finer(interpolation, size):
    shallow = resize(PHOTOGRAPH, size, interpolation)
    deep = resize(with_depth(PHOTOGRAPH, np.uint16), size, interpolation)
    assert deep.dtype == np.uint16
    difference = np.abs(deep / 257 - shallow)
    # 8 bits are rounded, and cut off at 0 and 255, after each of the two directions.
    assert np.quantile(difference, 0.99) <= 1.01 and difference.mean() < 0.35
    assert len(np.unique(deep)) > 256 or interpolation in ("nearest", "area")


def test_a_window_keeps_the_images_resolution_unless_it_is_too_small():
    np.testing.assert_array_equal(resize_and_crop((PHOTOGRAPH,), (128, 200), preprocess="window"), PHOTOGRAPH)
    assert resize_and_crop((PHOTOGRAPH,), (480, 200), preprocess="window").shape == (480, 800, 3)
    with pytest.raises(ValueError, match=r"must have one size; received \[\(200, 400\), \(240, 400\)\]"):
        resize_and_crop((PHOTOGRAPH, PHOTOGRAPH[:200]), (128, 128), preprocess="window")
