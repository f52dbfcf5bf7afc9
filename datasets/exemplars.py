"""Exemplars: other pictures than the examples' own references, for testing."""

import os
from pathlib import Path

import numpy as np
import tensorflow as tf

from datasets.layouts import SUFFIXES, picture_files
from datasets.pictures import FilePictures
from utils.errors import UserError


def open_exemplars(which, examples, seed=0):
    """A function from an example's index to its exemplar, RGB float32 ``[H, W, 3]`` in [0, 1].

    Args:
        which: a picture file, for every example; a folder of pictures, which are taken in turn; or ``"shuffle"``: each
            example gets the picture that another one, its partner by ``seed``, takes its own reference from.
        examples: what `open_examples` returns.

    Raises:
        UserError: for what is neither, a folder without pictures, a file that is none, or a single example to shuffle.
    """
    if which == "shuffle":
        partners = tf.constant(_partners(len(examples), seed))
        return lambda index: examples.load_reference_of(partners[index])
    if os.path.isfile(which):
        paths = [which]
    elif os.path.isdir(which):
        paths = picture_files(Path(which))
    else:
        raise UserError(f"--exemplar: {which} is not there; give a picture, a folder of pictures or shuffle")
    if not paths:
        raise UserError(f"--exemplar: {which} has no pictures ({', '.join(SUFFIXES)})")
    pictures = FilePictures(paths)
    for number, path in enumerate(paths):
        try:
            pictures.load(number)
        except tf.errors.OpError:
            raise UserError(f"--exemplar: {path} is not a picture that can be read (JPEG, PNG, BMP)") from None
    return lambda index: pictures.load(index % len(paths))


def _partners(count, seed):
    """A partner for each of ``count``: one ring through all of them in an order drawn by ``seed``."""
    if count < 2:
        raise UserError("--exemplar shuffle takes two test pictures or more, and there is one")
    order = np.random.default_rng(seed).permutation(count)
    partners = np.empty(count, np.int64)
    partners[order] = np.roll(order, -1)
    return partners
