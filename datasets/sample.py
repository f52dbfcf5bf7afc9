"""``sample``: crops of the colour photographs that scikit-image's wheel carries, for trying things without a download.

A photograph's right side is for testing, the rest for training: no pixel is in both. Half of the photographs are
side A, half side B, so that colour transfer is between different photographs.
"""

from itertools import chain

import numpy as np
import skimage.data
import tensorflow as tf
from skimage.color import rgb2gray
from skimage.feature import canny

SIDES = {
    "A": ("astronaut", "chelsea", "immunohistochemistry", "rocket"),
    "B": ("coffee", "hubble_deep_field", "retina", "stereo_motorcycle"),
}
SHORT_SIDE = 400  # photographs are reduced to this
EDGE_SIGMA = 2.0


def sample_groups(split, pairs=False):
    """The sample in the way of a folder layout, with named arrays in the place of files.

    Args:
        split: ``"train"`` or ``"test"``.
        pairs: whether to set each crop's edges on its left.

    Returns:
        ``{"A": [(name, uint8 [s, s, 3]), ...], "B": ...}``, or ``{"pairs": [(name, uint8 [s, 2 s, 3]), ...]}``.
    """
    groups = {side: [crop for name in names for crop in _crops(name, split)] for side, names in SIDES.items()}
    if not pairs:
        return groups
    crops = chain.from_iterable(groups.values())
    return {"pairs": [(name, np.concatenate([edges(crop), crop], axis=1)) for name, crop in crops]}


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
    height, width, _ = photograph.shape
    factor = min(1.0, SHORT_SIDE / min(height, width))
    size = (round(height * factor), round(width * factor))
    reduced = tf.image.resize(photograph, size, antialias=True)
    return tf.cast(tf.clip_by_value(tf.round(reduced), 0, 255), tf.uint8).numpy()
