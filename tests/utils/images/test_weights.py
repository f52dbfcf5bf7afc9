"""Weighted images: pixels that do not count have no effect, and others count as much as their weight says."""

import numpy as np
import pytest
import skimage.data

from utils.images import drawn_pixels, evenly_by_weight, fill, resize, shrink, weights_of

PHOTOGRAPH = skimage.data.coffee()[::3, ::3]


@pytest.fixture
def mask(rng):
    """Weights of blobs: some pixels have 0, some 255, and some are between."""
    coarse = rng.integers(0, 256, [5, 6, 1])
    return np.where(coarse < 80, 0, np.where(coarse > 200, 255, coarse)).astype(np.uint8).repeat(27, 0).repeat(34, 1)


def weighted(image, weights):
    size = image.shape[:2]
    return np.concatenate([image, weights[: size[0], : size[1]]], axis=-1)


@pytest.mark.parametrize("dtype", (np.uint8, np.uint16))
def test_a_shrunk_copy_has_the_weighted_means(mask, dtype):
    """Where the sides are multiples, a box average is a mean of blocks."""
    scale = 257 if dtype == np.uint16 else 1
    image = weighted(PHOTOGRAPH[:120, :160], mask).astype(dtype) * dtype(scale)
    copy = resize(image, (30, 40), "area")
    blocks = image.reshape(30, 4, 40, 4, 4).astype(np.float64)
    weights = blocks[..., 3:]
    sums = weights.sum((1, 3))
    means = (weights * blocks[..., :3]).sum((1, 3)) / np.where(sums > 0, sums, 1)
    assert copy.dtype == dtype and (sums == 0).any() and (sums > 0).any()
    np.testing.assert_allclose(copy[..., :3], means, atol=0.51)
    assert np.all((copy[..., 3] - sums[..., 0] / 16 >= -1e-3 * scale) & (copy[..., 3] - sums[..., 0] / 16 < 1.001))


def test_one_bright_pixel_of_a_large_mask_still_counts():
    image = np.zeros([1000, 1000, 4], np.uint8)
    image[3, 5] = (9, 8, 7, 1)
    copy = shrink(image, 64)
    assert (copy[..., 3] > 0).sum() == 1 and copy[..., :3].max(axis=(0, 1)).tolist() == [9, 8, 7]


def test_pixels_of_weight_0_have_no_effect(mask, rng):
    image = weighted(PHOTOGRAPH, mask)
    noise = rng.integers(0, 256, image[..., :3].shape, np.uint8)
    other = np.where(image[..., 3:] == 0, np.dstack([noise, image[..., 3:]]), image)
    assert (other != image).any()
    for function in (lambda x: shrink(x, 50), lambda x: drawn_pixels(x, 40), fill):
        np.testing.assert_array_equal(function(image), function(other))


def test_pixels_are_drawn_as_often_as_they_weigh(rng):
    weights = rng.integers(0, 65536, 500)
    counts = np.bincount(evenly_by_weight(weights, 8192), minlength=500)
    assert counts.sum() == 8192
    np.testing.assert_allclose(counts, 8192 * weights / weights.sum(), atol=1.001)
    np.testing.assert_array_equal(evenly_by_weight(np.full(500, 255), 8192), np.arange(500))
    np.testing.assert_array_equal(evenly_by_weight(np.array([0, 4, 2, 0, 6]), 8192), [1, 1, 2, 4, 4, 4])


def test_a_drawn_image_has_the_weighted_mean(mask):
    image = weighted(PHOTOGRAPH, mask)
    wanted = np.average(image[..., :3].reshape(-1, 3), axis=0, weights=image[..., 3].ravel())
    assert np.abs(wanted - PHOTOGRAPH.mean((0, 1))).max() > 3
    np.testing.assert_allclose(drawn_pixels(image, 200).mean((0, 1)), wanted, atol=0.1)


def test_a_filled_image_keeps_what_counts_and_repeats_the_nearest():
    image = np.dstack([PHOTOGRAPH[:3, :9], np.zeros([3, 9], np.uint8)])
    image[:, 2:4, 3] = 200
    filled = fill(image)
    np.testing.assert_array_equal(filled[:, :3], image[:, [2, 2, 2], :3])
    np.testing.assert_array_equal(filled[:, 3:], image[:, [3] * 6, :3])


def test_without_a_fourth_channel_all_pixels_count_in_full():
    assert weights_of(PHOTOGRAPH).min() == weights_of(np.dstack([PHOTOGRAPH, PHOTOGRAPH[..., :1] * 0 + 255])).min()
    np.testing.assert_array_equal(fill(PHOTOGRAPH), PHOTOGRAPH)
    np.testing.assert_array_equal(drawn_pixels(PHOTOGRAPH, 1000), PHOTOGRAPH)
