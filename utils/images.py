"""Images as arrays of 8 or 16 bits: conversion, sheets and files."""

from pathlib import Path

import numpy as np
from PIL import Image
from skimage.io import imread


def to_integers(rgb, dtype):
    """RGB float in [0, 1] to uint8 or uint16, rounded: any shape."""
    return np.round(np.asarray(rgb) * np.iinfo(dtype).max).astype(dtype)


def to_uint8(rgb):
    """RGB float in [0, 1] to uint8, rounded: any shape."""
    return to_integers(rgb, np.uint8)


def to_float(rgb):
    """RGB uint8 or uint16 to float32 in [0, 1]: any shape."""
    rgb = np.asarray(rgb)
    return rgb.astype(np.float32) / np.iinfo(rgb.dtype).max


def with_depth(rgb, dtype):
    """RGB uint8 or uint16 as the other of the two, or as it is: any shape. 8 bits to 16 and back is exact."""
    rgb = np.asarray(rgb)
    if rgb.dtype == dtype:
        return rgb
    return rgb.astype(np.uint16) * 257 if dtype == np.uint16 else np.round(rgb / 257).astype(np.uint8)


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
