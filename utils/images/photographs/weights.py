"""Weighted images ``[h, w, 4]``: RGB, and as the fourth channel how much each pixel counts.

The colors of pixels of weight 0 have no effect on what is made of these images.
"""

import numpy as np

from utils.images.arrays import with_depth


def weights_of(image):
    """Return the weights of an image's pixels, uint16 ``[h, w]``. In ``[h, w, 3]``, all count in full."""
    if image.shape[-1] == 3:
        return np.full(image.shape[:2], 65535, np.uint16)
    return with_depth(image[..., 3], np.uint16)


def evenly_by_weight(weights, most):
    """Return indices of pixels, in order, such that a pixel of twice the weight is taken twice as often.

    Args:
        weights: integers ``[N]``, not all 0.
        most: the largest number of indices. There are fewer if the weights, divided by their greatest common divisor,
            have a smaller sum: if all are the same, each pixel is taken once.
    """
    ends = np.cumsum(weights // np.gcd.reduce(weights), dtype=np.int64)
    count = min(ends[-1], most)
    return np.searchsorted(ends, (np.arange(count) * 2 + 1) * ends[-1] // (2 * count), side="right")


def drawn_pixels(image, side):
    """Draw about ``side ** 2`` pixels of an image in proportion to their weights, as an image without weights.

    From ``[h, w, 3]``, at most ``side`` evenly spaced rows and columns are taken. From ``[h, w, 4]``, the result is
    ``[side, side, 3]``: its rows and columns have no meaning, but its colors are distributed as the weighted ones.
    """
    if image.shape[-1] == 3:
        rows, columns = (np.linspace(0, size - 1, min(size, side)).astype(int) for size in image.shape[:2])
        return image[rows][:, columns]
    place = evenly_by_weight(image[..., 3].ravel(), side * side)
    place = place[np.arange(side * side) * len(place) // (side * side)]
    return image.reshape(-1, 4)[place, :3].reshape(side, side, 3)


def fill(image):
    """Give each pixel of weight 0 the color of the nearest pixel that counts: ``[h, w, 4]`` to ``[h, w, 3]``."""
    if image.shape[-1] == 3:
        return image
    from scipy.ndimage import distance_transform_edt  # takes a while to import, and few images have weights

    nearest = distance_transform_edt(image[..., 3] == 0, return_distances=False, return_indices=True)
    return np.ascontiguousarray(image[tuple(nearest)][..., :3])
