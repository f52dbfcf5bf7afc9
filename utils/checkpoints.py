"""Checkpoints: the networks' weights and the step, one .npz file each.

A network is a list of arrays in the order of ``model.weights``, which is the same on both TensorFlow stacks.
"""

import zipfile
from pathlib import Path

import numpy as np

from utils.aside import written_aside
from utils.errors import UserError


def save_checkpoint(folder, step, networks):
    """Write ``folder/step-00000123.npz``, aside first, so that no file of that name is ever half.

    Args:
        folder: made where it is missing.
        step: the number of training steps taken.
        networks: a dict of name to `keras.Model`.

    Returns:
        The file's path.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {
        f"{name}/{number:03d}": array
        for name, network in networks.items()
        for number, array in enumerate(network.get_weights())
    }
    path = folder / f"step-{step:08d}.npz"
    with written_aside(path) as aside:
        np.savez(aside, step=step, **arrays)
    return path


def load_checkpoint(path, networks):
    """Set the networks' weights from a checkpoint and return its step.

    Raises:
        UserError: for a file that is not there or no checkpoint, or weights of networks with other settings.
    """
    arrays = _read(path)
    for name, network in networks.items():
        weights = [arrays[key] for key in sorted(arrays) if key.startswith(f"{name}/")]
        if [weight.shape for weight in weights] != [tuple(weight.shape) for weight in network.weights]:
            raise UserError(f"{path} does not fit: its {name} was made with other settings (size, bins, encoder, ...)")
        network.set_weights(weights)
    return int(arrays["step"])


def newest_checkpoint(run):
    """The checkpoint of the last step in a run's folder.

    Raises:
        UserError: where there is none.
    """
    checkpoints = sorted((Path(run) / "checkpoints").glob("step-*.npz"))
    if not checkpoints:
        raise UserError(f"{run} has no checkpoint, checkpoints/step-*.npz; give the folder of a trained run")
    return checkpoints[-1]


def _read(path):
    """All arrays of a checkpoint, by name."""
    try:
        if zipfile.is_zipfile(path):
            with np.load(path, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in [*arrays.files, "step"]}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        pass
    raise UserError(f"{path} is not a checkpoint: it is missing, damaged or something else")
