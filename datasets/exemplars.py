"""Exemplars: other pictures than the examples' own references, for testing."""

import os
from pathlib import Path

import numpy as np

from datasets.checking import load_picture
from datasets.decoding import SUFFIXES
from datasets.files import picture_files
from datasets.pictures import file_pictures
from utils.errors import UserError


def open_exemplars(which, examples, seed=0):
    """A function from an example's index to its exemplar, RGB uint8 ``[h, w, 3]``.

    Args:
        which: a picture file, for every example; a folder of pictures, which are taken in turn; or ``"shuffle"``: each
            example gets the picture that another one, its partner by ``seed``, takes its own reference from.
        examples: `Examples`.

    Raises:
        UserError: for what is neither, a folder without pictures, a file that is none, or a single example to shuffle.
    """
    if which == "shuffle":
        partners, own = _partners(len(examples.pictures), seed), examples.own_references()
        return lambda index: own(partners[index])
    if os.path.isfile(which):
        paths = [which]
    elif os.path.isdir(which):
        paths = picture_files(Path(which))
    else:
        raise UserError(f"--exemplar: {which} is not there; give a picture, a folder of pictures or shuffle")
    if not paths:
        raise UserError(f"--exemplar: {which} has no pictures ({', '.join(SUFFIXES)})")
    for path in paths:
        load_picture(path, "--exemplar")
    pictures = file_pictures(paths)
    return lambda index: pictures.read(index % len(paths))[0]


def _partners(count, seed):
    """A partner for each of ``count``: one ring through all of them in an order drawn by ``seed``."""
    if count < 2:
        raise UserError("--exemplar shuffle takes two test pictures or more, and there is one")
    order = np.random.default_rng(seed).permutation(count)
    partners = np.empty(count, np.int64)
    partners[order] = np.roll(order, -1)
    return partners
