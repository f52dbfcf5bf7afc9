"""Checkpoint files: named lists of arrays and metadata, in one sealed .npz file per step.

A network is a list of arrays in the order of ``model.weights``, which is the same on both TensorFlow stacks. The file
ends with the archive's comment, 64 bytes: the SHA-256 of everything before them, in hexadecimal.
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
_KNOWN = {}  # states of files that this process wrote or found intact: hashing a gigabyte takes seconds


def save_checkpoint(folder, step, *, arrays, metadata=None):
    """Write ``folder/step-00000123.npz`` atomically, sealed with its digest and flushed to the disk.

    Args:
        folder: the folder, created if it is missing.
        step: the number of training steps taken.
        arrays: a dict of name to a list of arrays.
        metadata: a dict that JSON can hold. The checkpoint with the least ``emd`` is the `best_checkpoint`.

    Returns:
        The file's path.

    Raises:
        OSError: where it cannot be written; then no part of it is left.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    numbered = {f"{name}/{number:03d}": array for name, few in arrays.items() for number, array in enumerate(few)}
    path = folder / f"step-{step:08d}.npz"
    with atomic_write(path, flush=True) as temporary:
        np.savez(temporary, metadata=json.dumps((metadata or {}) | {"step": step}), **numbered)
        _seal(temporary)
    _KNOWN[path] = _state(path)
    return path


def load_checkpoint(path):
    """The ``arrays`` that `save_checkpoint` was given, and its ``metadata`` with the ``step``.

    Raises:
        UserError: for a file that is missing, damaged, or not a checkpoint.
    """
    if not is_whole(path):
        raise UserError(f"{path} is not a checkpoint: it is missing, damaged or something else")
    arrays = {}
    with np.load(path, allow_pickle=False) as file:
        for key in sorted(set(file.files) - {"metadata"}):
            arrays.setdefault(key.rpartition("/")[0], []).append(file[key])
        return arrays, json.loads(str(file["metadata"]))


def assign_variables(path, arrays, variables):
    """Assign a checkpoint's arrays to variables. Both are dicts of name to a list; ``path`` is for the error.

    Raises:
        UserError: where the shapes differ; then no variable is changed.
    """
    for name, few in variables.items():
        if [array.shape for array in arrays.get(name, [])] != [tuple(variable.shape) for variable in few]:
            raise UserError(f"{path} does not fit: its {name} was made with other settings (size, bins, encoder, ...)")
    for name, few in variables.items():
        for variable, array in zip(few, arrays.get(name, []), strict=True):
            variable.assign(array)


def checkpoints(run):
    """The paths of a run's checkpoints, sorted by step."""
    return sorted((Path(run) / "checkpoints").glob("step-*.npz"))


def newest_checkpoint(run):
    """The last intact checkpoint, or None. Damaged ones are named on stderr."""
    for path in reversed(checkpoints(run)):
        if is_whole(path):
            return path
        warn(f"{path} is damaged and is skipped")
    return None


def best_checkpoint(run):
    """The intact checkpoint with the least ``emd``, or None where none was measured."""
    return _best(_whole(run))


def is_measured(path):
    """Whether an intact checkpoint was measured before it was saved. A signal cuts measuring short."""
    return "emd" in _metadata(path)


def prune(run, max_to_keep):
    """Remove a run's checkpoints except the last ``max_to_keep`` and the best. Damaged ones do not count, and stay."""
    whole = _whole(run)
    best = _best(whole)
    for path in whole[:-max_to_keep]:
        if path != best:
            os.unlink(path)


def is_whole(path):
    """Whether the file exists and its digest is right."""
    try:
        with open(path, "rb") as file:
            file.seek(-_DIGEST_LENGTH, os.SEEK_END)
            return file.read() == _digest(path)
    except OSError:
        return False


def _seal(path):
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = bytes(_DIGEST_LENGTH)  # the place for the digest
    digest = _digest(path)
    with open(path, "r+b") as file:
        file.seek(-_DIGEST_LENGTH, os.SEEK_END)
        file.write(digest)


def _digest(path):
    """The SHA-256 of all but the last bytes, in hexadecimal."""
    digest, left = hashlib.sha256(), os.path.getsize(path) - _DIGEST_LENGTH
    with open(path, "rb") as file:
        while chunk := file.read(min(left, 1 << 20)):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest().encode()


def _whole(run):
    return [path for path in checkpoints(run) if _stays_whole(path)]


def _stays_whole(path):
    """As `is_whole`, but a file that has not changed since this process last found it intact is not read again."""
    state = _state(path)
    if _KNOWN.get(path) != state and is_whole(path):
        _KNOWN[path] = state
    return _KNOWN.get(path) == state


def _state(path):
    """A file's inode, size and modification time."""
    state = os.stat(path)
    return state.st_ino, state.st_size, state.st_mtime_ns


def _best(paths):
    measured = [(_metadata(path).get("emd", math.nan), path) for path in paths]
    return min(((emd, path) for emd, path in measured if math.isfinite(emd)), default=(None, None))[1]


def _metadata(path):
    with np.load(path, allow_pickle=False) as file:
        return json.loads(str(file["metadata"]))
