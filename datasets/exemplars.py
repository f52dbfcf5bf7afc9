"""Exemplars: references that replace the samples' own references in a test."""

import os
from pathlib import Path

import numpy as np

from datasets.sources import file_images, image_files, other_images
from utils import UserError
from utils.images import MAX_MEGAPIXELS, SUFFIXES, load_image


def open_exemplars(which, split, seed=0, *, max_megapixels=MAX_MEGAPIXELS):
    """Open the exemplars of a split, one for each sample.

    Args:
        which: the path of an image, which every sample gets; the path of a folder, whose images are used in turn; or
            ``"shuffle"``, so that each sample gets the reference of another sample, drawn at random.
        split: `samples.Split`.
        seed: random seed of the shuffle.
        max_megapixels: the largest image that is read, in millions of pixels.

    Returns:
        `sources.ImageList`.

    Raises:
        UserError: if the path does not exist, the folder has no images, a file is not an image, or there is only
            one sample to shuffle.
    """
    count = len(split.images)
    if which == "shuffle":
        return split.fixed_references(_partners(count, seed))
    if os.path.isfile(which):
        folder, paths = os.path.dirname(which) or ".", [which]
    elif os.path.isdir(which):
        folder, paths = which, image_files(Path(which))
    else:
        raise UserError(f"--exemplar: {which} does not exist; give an image, a folder of images or shuffle")
    if not paths:
        found = f", but {others}" if (others := other_images(Path(which))) else ""
        raise UserError(
            f"--exemplar: {which} has no images ({', '.join(SUFFIXES)}){found}; give another folder or an image"
        )
    for path in paths:
        load_image(path, "--exemplar", max_megapixels)
    return file_images(paths, folder).take(np.arange(count) % len(paths))


def _partners(count, seed):
    """Return the index of another sample for each of ``count`` samples. Each index occurs once.

    The samples are shuffled by ``seed``. The partner of each sample is the one before it; of the first, the last.
    """
    if count < 2:
        raise UserError("--exemplar shuffle takes at least two test images, but there is one; give an image instead")
    order = np.random.default_rng(seed).permutation(count)
    partners = np.empty(count, np.int64)
    partners[order] = np.roll(order, -1)
    return partners
