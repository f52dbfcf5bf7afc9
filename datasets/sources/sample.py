"""``sample``: crops of color photographs that come with scikit-image, to try things without a download.

The right side of each photograph is for testing, the rest for training, so no pixel is in both. Half of the photographs
are group A, half group B, so color transfer is between different photographs.
"""

from itertools import chain

import numpy as np
import skimage.data
from skimage.color import rgb2gray
from skimage.feature import canny

from datasets.resizing import resize, scaled_size
from datasets.sources.image_list import array_images

SIDES = {
    "A": ("astronaut", "chelsea", "immunohistochemistry", "rocket"),
    "B": ("coffee", "hubble_deep_field", "retina", "stereo_motorcycle"),
}
SHORT_SIDE = 400  # photographs are reduced to this
EDGE_SIGMA = 2.0


def open_sample(splits, *, edges=False):
    """The sample, as `folders.open_folder` returns a folder: photographs in groups A and B, or pairs with ``edges``."""
    description = "crops of photographs that come with scikit-image"
    if edges:
        return f"{description}, and their Canny edges", {split: {"pairs": _pairs(split)} for split in splits}
    groups = {split: {side: array_images(_side(side, split), "sample") for side in SIDES} for split in splits}
    return description, groups


def _pairs(split):
    crops = chain.from_iterable(_side(side, split) for side in SIDES)
    return array_images([(name, (draw_edges(crop), crop)) for name, (crop,) in crops], "sample edges")


def _side(side, split):
    return [(name, (crop,)) for photograph in SIDES[side] for name, crop in _crops(photograph, split)]


def _crops(name, split):
    """Crops of s x s, s = half the short side of the reduced photograph; its last s columns are for testing."""
    photograph = _reduce(_photograph(name))
    height, width, _ = photograph.shape
    size = min(height, width) // 2
    columns = range(0, width - 2 * size + 1, size // 4) if split == "train" else [width - size]
    rows = range(0, height - size + 1, size // 4 if split == "train" else size // 2)
    return [(f"{name}_{x}_{y}", photograph[y : y + size, x : x + size]) for x in columns for y in rows]


def draw_edges(photograph):
    """Black Canny edges on white, as in pix2pix's edge sets: uint8 ``[H, W, 3]`` to the same."""
    drawn = ~canny(rgb2gray(photograph), sigma=EDGE_SIGMA)
    return np.repeat(drawn[..., None], 3, axis=-1).astype(np.uint8) * 255


def _photograph(name):
    image = getattr(skimage.data, name)()
    return image[0] if name == "stereo_motorcycle" else image


def _reduce(photograph):
    side = min(SHORT_SIDE, *photograph.shape[:2])
    return resize(photograph, scaled_size(photograph.shape[:2], (side, side), "crop"))
