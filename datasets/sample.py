"""``sample``: crops of the colour photographs that scikit-image's wheel carries, for trying things without a download.

A photograph's right side is for testing, the rest for training: no pixel is in both. Half of the photographs are
side A, half side B, so that colour transfer is between different photographs.
"""

from itertools import chain

import numpy as np
import skimage.data
from skimage.color import rgb2gray
from skimage.feature import canny

from datasets.fitting import resize, scaled_size
from datasets.pictures import array_pictures

SIDES = {
    "A": ("astronaut", "chelsea", "immunohistochemistry", "rocket"),
    "B": ("coffee", "hubble_deep_field", "retina", "stereo_motorcycle"),
}
SHORT_SIDE = 400  # photographs are reduced to this
EDGE_SIGMA = 2.0


def open_sample(task, splits):
    """The sample, as `folders.open_folder` returns a folder: pairs for edges2photos, else sides A and B."""
    about = "crops of photographs that come with scikit-image"
    if task == "edges2photos":
        return f"{about}, and their Canny edges", {split: {"pairs": _pairs(split)} for split in splits}
    sides = {split: {side: array_pictures(_side(side, split), "sample") for side in SIDES} for split in splits}
    return about, sides


def _pairs(split):
    crops = chain.from_iterable(_side(side, split) for side in SIDES)
    return array_pictures([(name, (edges(crop), crop)) for name, (crop,) in crops], "sample edges")


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


def edges(photograph):
    """Black Canny edges on white, as in pix2pix's edge sets: uint8 ``[H, W, 3]`` to the same."""
    drawn = ~canny(rgb2gray(photograph), sigma=EDGE_SIGMA)
    return np.repeat(drawn[..., None], 3, axis=-1).astype(np.uint8) * 255


def _photograph(name):
    picture = getattr(skimage.data, name)()
    return picture[0] if name == "stereo_motorcycle" else picture


def _reduce(photograph):
    side = min(SHORT_SIDE, *photograph.shape[:2])
    return resize(photograph, scaled_size(photograph.shape[:2], (side, side), "crop"))
