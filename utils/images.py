"""Pictures as uint8 arrays: conversion, sheets and files."""

from pathlib import Path

import numpy as np
from skimage.io import imread, imsave

from utils.color_spaces import to_rgb


def to_uint8(rgb):
    """RGB float in [0, 1] to uint8, rounded: any shape."""
    return np.round(np.asarray(rgb) * 255).astype(np.uint8)


def to_float(rgb):
    """RGB uint8 to float32 in [0, 1]: any shape."""
    return np.asarray(rgb, np.float32) / 255


def in_rgb(pictures, color_space):
    """A dict of pictures in the network's colours to one of uint8 RGB."""
    return {name: to_uint8(to_rgb(picture, color_space)) for name, picture in pictures.items()}


def sheet(rows):
    """Rows of uint8 pictures ``[H, W, 3]``, all of one size, as one picture: ``[rows H, columns W, 3]``."""
    return np.concatenate([np.concatenate(list(row), axis=1) for row in rows], axis=0)


def save_picture(path, picture):
    """Write a uint8 picture; the folder is made where it is missing."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    imsave(path, picture, check_contrast=False)


class SavedPictures:
    """A sequence of picture files, each read when it is asked for."""

    def __init__(self, paths):
        self._paths = list(paths)

    def __len__(self):
        return len(self._paths)

    def __getitem__(self, index):
        return imread(self._paths[index])
