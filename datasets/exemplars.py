"""Exemplars: references for testing, other than the samples' own."""

import os
from pathlib import Path

import numpy as np

from datasets.sources import SUFFIXES, file_images, image_files, load_image
from utils import UserError


def open_exemplars(which, split, seed=0):
    """A function from a sample's index to its exemplar, RGB uint8 ``[h, w, 3]``.

    Args:
        which: an image file, for every sample; a folder of images, which are taken in turn; or ``"shuffle"``: each
            sample gets the reference of another one, its partner by ``seed``.
        split: `samples.Split`.

    Raises:
        UserError: for another text, a folder without images, a file that is no image, or a single sample to shuffle.
    """
    if which == "shuffle":
        partners = _partners(len(split.images), seed)
        return lambda index: split.own_reference(partners[index])
    if os.path.isfile(which):
        paths = [which]
    elif os.path.isdir(which):
        paths = image_files(Path(which))
    else:
        raise UserError(f"--exemplar: {which} is not there; give an image, a folder of images or shuffle")
    if not paths:
        raise UserError(f"--exemplar: {which} has no images ({', '.join(SUFFIXES)})")
    for path in paths:
        load_image(path, "--exemplar")
    images = file_images(paths)
    return lambda index: images.read(index % len(paths))[0]


def _partners(count, seed):
    """A partner for each of ``count``: one ring through all of them in an order drawn by ``seed``."""
    if count < 2:
        raise UserError("--exemplar shuffle takes two test images or more, and there is one")
    order = np.random.default_rng(seed).permutation(count)
    partners = np.empty(count, np.int64)
    partners[order] = np.roll(order, -1)
    return partners
