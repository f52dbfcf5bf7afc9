"""Resize images of any size and shape to the network's size: pure functions of uint8 arrays ``[h, w, 3]``.

| preprocess | what it does                                                                                |
|------------|---------------------------------------------------------------------------------------------|
| resize     | stretches to the size, as the released code and pix2pix do                                  |
| crop       | scales until the size is covered, and leaves the rest to be cropped                         |
| pad        | scales until it fits, and fills up with its mirror image, so that its colors stay its own  |
"""

import numpy as np
from PIL import Image

INTERPOLATIONS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
}

LONGEST = 4  # how much longer than the size an image to crop may be; longer strips would take gigabytes


def resize_and_crop(images, size, *, preprocess="resize", interpolation="bicubic"):
    """Resize images that belong together, all in the same way as the first, and crop or pad them.

    Args:
        images: n arrays, uint8 ``[h, w, 3]``.
        size: ``(H, W)``.
        preprocess: ``"resize"``, ``"crop"`` or ``"pad"``.
        interpolation: a name of INTERPOLATIONS; where it shrinks, all but nearest average.

    Returns:
        uint8 ``[H, W, 3 n]``, in the channels one over the other; for ``"crop"`` up to LONGEST H or W on one side.
    """
    if preprocess == "crop":
        images = [_without_ends(image, size) for image in images]
    scaled = scaled_size(images[0].shape[:2], size, preprocess)
    fitted = np.concatenate([resize(image, scaled, interpolation) for image in images], axis=-1)
    if preprocess != "pad":
        return fitted
    missing = [wanted - have for wanted, have in zip(size, scaled, strict=True)]
    return np.pad(fitted, [*((space // 2, space - space // 2) for space in missing), (0, 0)], mode="symmetric")


def _without_ends(image, size):
    """The middle of a strip that would be longer than LONGEST times H or W."""
    for axis in (0, 1):
        across = image.shape[1 - axis] / size[1 - axis]
        longest = max(1, round(LONGEST * size[axis] * across))
        start = max(0, (image.shape[axis] - longest) // 2)
        image = image[start : start + longest] if axis == 0 else image[:, start : start + longest]
    return image


def scaled_size(shape, size, preprocess):
    """The ``(h, w)`` that an image of ``shape`` is scaled to."""
    if preprocess == "resize":
        return tuple(size)
    ratios = [wanted / have for wanted, have in zip(size, shape, strict=True)]
    if preprocess == "crop":
        scale, bound = max(ratios), max
    else:
        scale, bound = min(ratios), min
    return tuple(bound(wanted, max(1, round(have * scale))) for wanted, have in zip(size, shape, strict=True))


def resize(image, size, interpolation="bicubic"):
    """uint8 ``[h, w, 3]`` to ``[H, W, 3]``."""
    if image.shape[:2] == tuple(size):
        return image
    return np.asarray(Image.fromarray(image).resize(size[::-1], INTERPOLATIONS[interpolation]))
