"""Caches that keep resized images by index."""

import hashlib
import os
import warnings
from pathlib import Path

import numpy as np

from utils import UserError, atomic_write, probe, reason, user_error_on_oserror


def open_cache(where, key_of):
    """Open a cache of arrays.

    Args:
        where: ``"memory"``, ``"none"`` or the path of a folder.
        key_of: a function that takes an index and returns a key. The key must change whenever the array may have
            changed. Only a cache in a folder uses it.

    Returns:
        `MemoryCache`, `DiskCache`, or None for ``"none"``.

    Raises:
        UserError: if the folder cannot be written.
    """
    if where == "none":
        return None
    return MemoryCache() if where == "memory" else DiskCache(where, key_of)


def check_memory(needed):
    """Raise a UserError if a cache of ``needed`` bytes does not fit into the available memory."""
    available = _available_memory()
    if needed > available:
        raise UserError(
            f"--cache memory would take {needed / 1e9:.1f} GB, but {available / 1e9:.1f} GB of memory are available; "
            "give --cache disk or --cache none"
        )


def _available_memory():
    """Return how many bytes of memory a process can take before Linux swaps."""
    entries = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return int(entries["MemAvailable"].split()[0]) * 1024


class MemoryCache:
    """A cache in memory."""

    def __init__(self):
        self._arrays = {}

    def get(self, index):
        """Return the cached array of image ``index``, or None if there is none."""
        return self._arrays.get(index)

    def put(self, index, array):
        """Cache the array of image ``index``."""
        self._arrays[index] = array


class DiskCache:
    """A cache in a folder, with one file for each array. Later runs can use it too."""

    def __init__(self, folder, key_of):
        self._folder, self._key_of = Path(folder), key_of
        with user_error_on_oserror(f"--cache disk: {folder}", "give --cache memory or --cache none"):
            self._folder.mkdir(parents=True, exist_ok=True)
            probe(self._folder / "array")

    def get(self, index):
        """Return the cached array of image ``index``, or None if there is none."""
        path = self._path(index)
        return np.load(path) if path.exists() else None

    def put(self, index, array):
        """Cache the array of image ``index``. If it cannot be written, for example to a full disk, only warn."""
        try:
            with atomic_write(self._path(index)) as temporary:
                np.save(temporary, array)
        except OSError as error:
            warnings.warn(
                f"--cache disk: {self._folder} cannot be written ({reason(error)}); the image is not cached",
                stacklevel=2,
            )

    def _path(self, index):
        return self._folder / f"{hashlib.sha256(os.fsencode(self._key_of(index))).hexdigest()}.npy"
