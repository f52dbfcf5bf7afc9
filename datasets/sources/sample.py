"""The data set ``sample``: crops of color photographs that come with scikit-image. It needs no download.

The right side of each photograph is for testing. Of the rest, the bottom is for validation and the remainder for
training, so no pixel is in two of them. Half of the photographs are group A and half are group B, so that colors are
transferred between different photographs. The task enhancement is an exception: whole photographs are held out for
testing.
"""

from pkgutil import resolve_name

import numpy as np
import skimage.data
from skimage.color import rgb2gray
from skimage.feature import canny

from datasets.sources.cameras import simulate_camera
from datasets.sources.image_list import array_images
from utils.images import resize, scaled_size

SIDES = {
    "A": ("astronaut", "chelsea", "immunohistochemistry", "rocket"),
    "B": ("coffee", "hubble_deep_field", "retina", "stereo_motorcycle"),
}
ENHANCED_FOR_TESTING = ("chelsea", "coffee")
SHORT_SIDE = 400  # shorter side of the reduced photographs, in pixels
EDGE_SIGMA = 2.0
EXPOSURES = 16  # simulated inputs of each crop for training


def open_sample(task, splits):
    """Open the data set ``sample`` for a task.

    Args:
        task: `tasks.Task`, whose ``sample_data`` makes the groups.
        splits: which of ``"train"``, ``"validation"`` and ``"test"`` to open.

    Returns:
        As `folders.open_folder`.
    """
    make_groups = resolve_name(task.sample_data)
    return "crops of photographs that come with scikit-image", {split: make_groups(split) for split in splits}


def sample_photographs():
    """Return a dict from each name to the whole photograph, uint8 ``[H, W, 3]``."""
    return {name: _photograph(name) for side in SIDES.values() for name in side}


def crops(split):
    """Make the crops of one split, in groups A and B."""
    return {side: array_images(_crops_of_side(side, split), "sample") for side in SIDES}


def edges_and_crops(split):
    """Make the pairs of one split: the Canny edges of a crop, and the crop."""
    found = {name: crop for side in SIDES for name, crop in _crops_of_side(side, split).items()}
    return {"pairs": array_images({name: (draw_edges(crop), crop) for name, (crop,) in found.items()}, "sample edges")}


def inputs_and_crops(split):
    """Make the pairs of one split: a simulated poor exposure of a crop (`cameras`), and the crop.

    For training, each crop has EXPOSURES inputs. With one, a network learns the crops by heart.
    """
    names = [name for side in SIDES.values() for name in side if (name in ENHANCED_FOR_TESTING) == (split == "test")]
    found = {label: crop for name in names for label, crop in _crops_of_one_use(name, split)}
    endings = ["", *(f"_{number}" for number in range(1, EXPOSURES if split == "train" else 1))]
    pairs = {name + end: (simulate_camera(crop, name + end), crop) for name, crop in found.items() for end in endings}
    return {"pairs": array_images(pairs, "sample cameras")}


def _crops_of_side(side, split):
    return {name: (crop,) for photograph in SIDES[side] for name, crop in _crops(photograph, split)}


def _crops(name, split):
    """Return the crops of one split, as `_cut` does. The last s columns are for testing; s is half the shorter side."""
    photograph = _reduce(_photograph(name))
    height, width, _ = photograph.shape
    size = min(height, width) // 2
    if split == "test":
        return _cut(photograph, name, size, columns=[width - size], rows=range(0, height - size + 1, size // 2))
    return _crops_to_learn(photograph[:, : width - size], name, split, size=size, steps=(size // 4, size // 8))


def _crops_of_one_use(name, split):
    """Return the crops of one split, as `_cut` does, from a photograph that is only for testing, or not for it."""
    photograph = _reduce(_photograph(name))
    height, width, _ = photograph.shape
    size = min(height, width) // 2
    if split == "test":
        columns, rows = (range(0, side - size + 1, size // 2) for side in (width, height))
        return _cut(photograph, name, size, columns=columns, rows=rows)
    return _crops_to_learn(photograph, name, split, size=size, steps=(size // 2, size // 4))


def _crops_to_learn(photograph, name, split, *, size, steps):
    """Return the crops for training or validation. The last s/2 rows are for validation, in crops of half the size.

    ``steps`` are the distances between neighboring crops for training: of their columns, and of their rows.
    """
    height, width, _ = photograph.shape
    strip = size // 2
    if split == "validation":
        return _cut(photograph, name, strip, columns=range(0, width - strip + 1, strip), rows=[height - strip])
    columns = range(0, width - size + 1, steps[0])
    return _cut(photograph, name, size, columns=columns, rows=range(0, height - strip - size + 1, steps[1]))


def _cut(photograph, name, size, *, columns, rows):
    """Return pairs (name, crop ``[size, size, 3]``). A name ends with the crop's place: ``NAME_X_Y``."""
    return [(f"{name}_{x}_{y}", photograph[y : y + size, x : x + size]) for x in columns for y in rows]


def draw_edges(photograph):
    """Draw Canny edges in black on white, as in pix2pix's edge data sets: uint8 ``[H, W, 3]`` to ``[H, W, 3]``."""
    background = ~canny(rgb2gray(photograph), sigma=EDGE_SIGMA)
    return np.repeat(background[..., None], 3, axis=-1).astype(np.uint8) * 255


def _photograph(name):
    image = getattr(skimage.data, name)()
    return image[0] if name == "stereo_motorcycle" else image  # the left view of a stereo pair


def _reduce(photograph):
    side = min(SHORT_SIDE, *photograph.shape[:2])
    return resize(photograph, scaled_size(photograph.shape[:2], (side, side), "crop"))
