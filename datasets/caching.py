"""Caches of fitted pictures: a function of an index, made to remember what it returned."""

import functools
import hashlib
import os
import tempfile
import warnings
from pathlib import Path

import numpy as np

from utils.aside import written_aside
from utils.errors import UserError


def cached(read, identify, where):
    """``read`` with a cache.

    Args:
        read: a function of an index that returns an array.
        identify: a function of an index; the text that it returns stands for the array.
        where: ``"none"``, ``"memory"``, or a folder, which lasts.

    Raises:
        UserError: for a folder that cannot be written.
    """
    if where == "none":
        return read
    if where == "memory":
        return functools.cache(read)
    folder = Path(where)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise UserError(f"--cache disk: {folder} cannot be written ({error.strerror}); give memory or none") from None

    def remembered(index):
        path = folder / f"{hashlib.sha256(os.fsencode(identify(index))).hexdigest()}.npy"
        if not path.exists():
            array = read(index)
            _save(path, array)
            return array
        return np.load(path)

    return remembered


def _save(path, array):
    """A full disk is no reason to stop."""
    try:
        with written_aside(path) as aside:
            np.save(aside, array)
    except OSError as error:
        warnings.warn(f"--cache disk: {path.parent} cannot take more ({error.strerror})", stacklevel=2)
