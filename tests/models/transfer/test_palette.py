"""The clusters of an image's colors."""

import numpy as np
import skimage.data

from models.transfer.palette import CLUSTERS, PIXELS, find_palette

PHOTOGRAPH = skimage.data.coffee()[::2, ::2]


def test_clusters_hold_the_images_own_colors_and_their_shares():
    palette = find_palette([PHOTOGRAPH])
    assert palette.colors.shape == (CLUSTERS, PIXELS, 3) and np.isclose(palette.shares.sum(), 1)
    means = palette.colors.mean(axis=1)
    np.testing.assert_allclose(palette.shares @ means, PHOTOGRAPH.mean(axis=(0, 1)) / 255, atol=0.01)
    within = palette.shares @ palette.colors.var(axis=1).sum(axis=-1)
    assert within < 0.1 * np.var(PHOTOGRAPH / 255, axis=(0, 1)).sum()


def test_few_colors_have_a_cluster_each():
    image = np.zeros((20, 20, 3), np.uint8)
    image[:5] = (255, 0, 0)
    palette = find_palette([image])
    shares = dict(zip(map(tuple, palette.colors[:2, 0]), palette.shares[:2], strict=True))
    assert np.isclose(shares[0, 0, 0], 0.75) and np.isclose(shares[1, 0, 0], 0.25)
    assert palette.shares[2:].max() < 1e-5


def test_a_palette_of_weighted_pixels_is_that_of_the_pixels_that_count():
    """White pixels alone, and gray ones half as often."""
    left, right = PHOTOGRAPH[:90, :90], PHOTOGRAPH[:90, 90:180]
    weights = np.zeros([90, 180, 1], np.uint8)
    weights[:, :90] = 254
    image = np.dstack([PHOTOGRAPH[:90, :180], weights])
    for found, wanted in zip(find_palette([image]), find_palette([left]), strict=True):
        np.testing.assert_array_equal(found, wanted)
    weights[:, 90:] = 127
    image = np.dstack([PHOTOGRAPH[:90, :180], weights])
    palette = find_palette([image])
    wanted = (2 * left.mean((0, 1)) + right.mean((0, 1))) / 3 / 255
    assert np.abs(wanted - image[..., :3].mean((0, 1)) / 255).max() > 0.02
    np.testing.assert_allclose(palette.shares @ palette.colors.mean(axis=1), wanted, atol=0.005)


def test_frames_without_weights_count_in_full():
    image = PHOTOGRAPH[:90, :90]
    opaque = np.dstack([image, np.full_like(image[..., :1], 255)])
    for found, wanted in zip(find_palette([opaque, image]), find_palette([image] * 2), strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_a_palette_repeats_and_is_the_same_of_16_bits():
    first, again, deep = (find_palette([image]) for image in (PHOTOGRAPH, PHOTOGRAPH, np.uint16(PHOTOGRAPH) * 257))
    assert np.array_equal(first.colors, again.colors) and np.array_equal(first.shares, again.shares)
    np.testing.assert_allclose(deep.shares.sum(), 1, atol=1e-5)
