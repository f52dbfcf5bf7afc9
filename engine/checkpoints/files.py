"""Checkpoint files: named lists of arrays, and metadata, in one .npz file for each saved step.

A network is stored as a list of arrays in the order of ``model.weights``, which is the same on both TensorFlow stacks.
The last 64 bytes of the file are the comment of the zip archive. They hold the SHA-256 digest of all bytes before them,
in hexadecimal.
"""

import hashlib
import json
import math
import os
import zipfile
from pathlib import Path

import numpy as np

from utils import UserError, atomic_write, warn

_DIGEST_LENGTH = 64
_KNOWN = {}  # {path: state} of intact files; they are not hashed again, because a gigabyte takes seconds


def save_checkpoint(folder, step, *, arrays, metadata=None):
    """Write ``folder/step-00000123.npz`` atomically, append its digest, and flush it to the disk.

    Args:
        folder: the folder. It is created if it is missing.
        step: the number of training steps taken.
        arrays: a dict that maps names to lists of arrays.
        metadata: a dict that can be stored as JSON. Its ``criterion`` names the entry that is the checkpoint's error.

    Returns:
        The file's path.

    Raises:
        OSError: if the file cannot be written. No partial file is left behind.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{step:08d}.npz"
    write_checkpoint(path, arrays, (metadata or {}) | {"step": step})
    _KNOWN[path] = _state(path)
    return path


def write_checkpoint(path, arrays, metadata):
    """Write a checkpoint with any name, as `save_checkpoint` does. The metadata include the ``step``."""
    numbered = {f"{name}/{number:03d}": array for name, few in arrays.items() for number, array in enumerate(few)}
    with atomic_write(path, flush=True) as temporary:
        np.savez(temporary, metadata=json.dumps(metadata), **numbered)
        _seal(temporary)


def load_checkpoint(path):
    """Load a checkpoint. Return its ``arrays`` and ``metadata``. The metadata include the ``step``.

    Raises:
        UserError: if the file is missing, damaged, or not a checkpoint.
    """
    if not is_whole(path):
        raise UserError(f"{path} is not a checkpoint: it is missing, damaged or something else")
    arrays = {}
    with np.load(path, allow_pickle=False) as file:
        for key in sorted(set(file.files) - {"metadata"}):
            arrays.setdefault(key.rpartition("/")[0], []).append(file[key])
        return arrays, json.loads(str(file["metadata"]))


def assign_variables(path, arrays, variables):
    """Assign the arrays of a checkpoint to variables.

    Args:
        path: the checkpoint's path, for the error message.
        arrays: a dict that maps names to lists of arrays.
        variables: a dict that maps names to lists of variables.

    Raises:
        UserError: if the shapes differ. In this case no variable is changed.
    """
    for name, few in variables.items():
        if [array.shape for array in arrays.get(name, [])] != [tuple(variable.shape) for variable in few]:
            raise UserError(f"{path} does not fit: its {name} was made with other settings (size, bins, encoder, ...)")
    for name, few in variables.items():
        for variable, array in zip(few, arrays.get(name, []), strict=True):
            variable.assign(array)


def checkpoints(run):
    """Return the paths of a run's checkpoints, sorted by step."""
    return sorted((Path(run) / "checkpoints").glob("step-*.npz"))


def newest_checkpoint(run):
    """Return the newest intact checkpoint, or None if there is none. Warn about damaged checkpoints."""
    for path in reversed(checkpoints(run)):
        if is_whole(path):
            return path
        warn(f"{path} is damaged and is skipped")
    return None


def best_checkpoint(run):
    """Return the intact checkpoint with the smallest error, or None if none has a finite error."""
    return _best(_whole(run))


def is_measured(path):
    """Return whether an intact checkpoint holds its error. It has none if a signal interrupted measuring."""
    return _error(path) is not None


def prune(run, max_to_keep):
    """Remove a run's checkpoints, except the newest ``max_to_keep`` and the best one.

    Damaged checkpoints do not count toward ``max_to_keep``, and are not removed.
    """
    whole = _whole(run)
    best = _best(whole)
    for path in whole[:-max_to_keep]:
        if path != best:
            os.unlink(path)


def is_whole(path):
    """Return whether the file exists and its digest is correct."""
    try:
        with open(path, "rb") as file:
            file.seek(-_DIGEST_LENGTH, os.SEEK_END)
            return file.read() == _digest(path)
    except OSError:
        return False


def _seal(path):
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = bytes(_DIGEST_LENGTH)  # reserves space for the digest
    digest = _digest(path)
    with open(path, "r+b") as file:
        file.seek(-_DIGEST_LENGTH, os.SEEK_END)
        file.write(digest)


def _digest(path):
    """Return the SHA-256 digest, in hexadecimal, of all bytes of a file except the last 64."""
    digest, left = hashlib.sha256(), os.path.getsize(path) - _DIGEST_LENGTH
    with open(path, "rb") as file:
        while chunk := file.read(min(left, 1 << 20)):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest().encode()


def _whole(run):
    return [path for path in checkpoints(run) if _stays_whole(path)]


def _stays_whole(path):
    """Return `is_whole`. Do not read a file again if it has not changed since this process found it intact."""
    state = _state(path)
    if _KNOWN.get(path) != state and is_whole(path):
        _KNOWN[path] = state
    return _KNOWN.get(path) == state


def _state(path):
    """Return a file's inode, size and modification time."""
    state = os.stat(path)
    return state.st_ino, state.st_size, state.st_mtime_ns


def _best(paths):
    measured = [(_error(path), path) for path in paths]
    finite = ((error, path) for error, path in measured if error is not None and math.isfinite(error))
    return min(finite, default=(None, None))[1]


def _error(path):
    """Return a checkpoint's error by its own criterion, or None. Earlier versions named no criterion, but ``emd``."""
    with np.load(path, allow_pickle=False) as file:
        metadata = json.loads(str(file["metadata"]))
    return metadata.get(metadata.get("criterion", "emd"))
