"""Checkpoints: named lists of arrays and what is known about them, one sealed .npz file a step.

A network is a list of arrays in the order of ``model.weights``, which is the same on both TensorFlow stacks. The file's
last 64 bytes (of the archive's comment) are the SHA-256 of all before them, in hexadecimal.
"""

import hashlib
import json
import math
import os
import zipfile
from pathlib import Path

import numpy as np

from utils.aside import written_aside
from utils.errors import UserError, warn

_DIGEST_LENGTH = 64


def save_checkpoint(folder, step, values, about=None):
    """Write ``folder/step-00000123.npz``: aside, sealed with its digest, flushed to the disk, then renamed.

    Args:
        folder: made where it is missing.
        step: the number of training steps taken.
        values: a dict of name to a list of arrays.
        about: a dict that JSON takes; ``emd``, the smaller the better, makes a checkpoint the `best_checkpoint`.

    Returns:
        The file's path.

    Raises:
        OSError: where it cannot be written; then nothing of it is left.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {f"{name}/{number:03d}": array for name, some in values.items() for number, array in enumerate(some)}
    path = folder / f"step-{step:08d}.npz"
    with written_aside(path, flush=True) as aside:
        np.savez(aside, about=json.dumps((about or {}) | {"step": step}), **arrays)
        _seal(aside)
    return path


def load_checkpoint(path):
    """What `save_checkpoint` was given: ``values`` and ``about``, with its ``step``.

    Raises:
        UserError: for a file that is not there, damaged, or no checkpoint.
    """
    if not is_whole(path):
        raise UserError(f"{path} is not a checkpoint: it is missing, damaged or something else")
    values = {}
    with np.load(path, allow_pickle=False) as arrays:
        for key in sorted(set(arrays.files) - {"about"}):
            values.setdefault(key.rpartition("/")[0], []).append(arrays[key])
        return values, json.loads(str(arrays["about"]))


def assign(path, values, variables):
    """Give variables their values of the checkpoint ``path``: dicts of name to a list, the variables' names count.

    Raises:
        UserError: where they do not fit; then none is changed.
    """
    for name, some in variables.items():
        if [array.shape for array in values.get(name, [])] != [tuple(variable.shape) for variable in some]:
            raise UserError(f"{path} does not fit: its {name} was made with other settings (size, bins, encoder, ...)")
    for name, some in variables.items():
        for variable, array in zip(some, values.get(name, []), strict=True):
            variable.assign(array)


def checkpoints(run):
    """The paths of a run's checkpoints, the last step's last."""
    return sorted((Path(run) / "checkpoints").glob("step-*.npz"))


def newest_checkpoint(run):
    """The last step's checkpoint that is whole, or None where there is none; damaged ones are named on stderr."""
    for path in reversed(checkpoints(run)):
        if is_whole(path):
            return path
        warn(f"{path} is damaged: the one before it is to be used")
    return None


def best_checkpoint(run):
    """The whole checkpoint of least ``emd``, or None where none has one."""
    return _best(_whole(run))


def prune(run, keep):
    """Remove a run's checkpoints but for the last ``keep`` and the best; damaged ones do not count, and stay."""
    whole = _whole(run)
    best = _best(whole)
    for path in whole[:-keep]:
        if path != best:
            os.unlink(path)


def is_whole(path):
    """Whether the file is there and its digest is right."""
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
    """Of all but the last bytes, in hexadecimal."""
    digest, left = hashlib.sha256(), os.path.getsize(path) - _DIGEST_LENGTH
    with open(path, "rb") as file:
        while chunk := file.read(min(left, 1 << 20)):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest().encode()


def _whole(run):
    return [path for path in checkpoints(run) if is_whole(path)]


def _best(paths):
    measured = [(_emd(path), path) for path in paths]
    return min(((emd, path) for emd, path in measured if math.isfinite(emd)), default=(None, None))[1]


def _emd(path):
    with np.load(path, allow_pickle=False) as arrays:
        return json.loads(str(arrays["about"])).get("emd", math.nan)
