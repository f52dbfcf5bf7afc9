"""Images as uint8 arrays: conversion, sheets and files."""

from pathlib import Path

import numpy as np
from PIL import Image
from skimage.io import imread


def to_uint8(rgb):
    """RGB float in [0, 1] to uint8, rounded: any shape."""
    return np.round(np.asarray(rgb) * 255).astype(np.uint8)


def to_float(rgb):
    """RGB uint8 to float32 in [0, 1]: any shape."""
    return np.asarray(rgb, np.float32) / 255


def image_sheet(rows):
    """Rows of uint8 images ``[H, W, 3]``, all of one size, as one image ``[rows H, columns W, 3]``."""
    return np.concatenate([np.concatenate(list(row), axis=1) for row in rows], axis=0)


def save_image(path, image):
    """Write a uint8 image as PNG: in a third of the usual time, some 5 % larger. The folder is made where it is
    missing."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path, compress_level=1)


class SavedImages:
    """A sequence of image files. Each is read when it is asked for."""

    def __init__(self, paths):
        self._paths = list(paths)

    def __len__(self):
        return len(self._paths)

    def __getitem__(self, index):
        return imread(self._paths[index])
