"""Restore a model from a checkpoint: the full training state, or only the weights of the networks."""

from engine.checkpoints.files import (
    assign_variables,
    best_checkpoint,
    checkpoints,
    load_checkpoint,
    newest_checkpoint,
)
from models import SHIPPED
from utils import UserError


def restore(run, model, metadata):
    """Restore a model from the run's newest checkpoint. Do nothing if the run has no checkpoint yet.

    Args:
        run: the run's folder.
        model: a compiled `HueNet`.
        metadata: the run's current metadata. ``shuffle``, ``data`` and the major version of ``keras`` must match the
            checkpoint.

    Raises:
        UserError: if all checkpoints are damaged, or the newest was trained with another major version of Keras, by a
            version that shuffled images differently, or on images with other names.
    """
    path = newest_checkpoint(run)
    if not path and checkpoints(run):
        raise UserError(
            f"{run} cannot be resumed: none of its checkpoints can be used; restore one, or start another run"
        )
    if not path:
        return
    arrays, before = load_checkpoint(path)
    if before["keras"].split(".")[0] != metadata["keras"].split(".")[0]:
        raise UserError(
            f"{run} was trained with Keras {before['keras']} and cannot be resumed with {metadata['keras']}, whose "
            f"optimizers differ: use TensorFlow {before['tensorflow']}, or start another run from its weights with "
            f"--output_pre_dir {run}"
        )
    if before.get("shuffle") != metadata["shuffle"]:
        raise UserError(
            f"{run} cannot be resumed: the version that trained it took the images in another order; resume it with "
            f"that version, or start another run from its weights with --output_pre_dir {run}"
        )
    if before["data"] != metadata["data"]:
        raise UserError(f"{run} cannot be resumed: its training images were others; restore them, or start another run")
    assign_variables(path, arrays, model.weights_by_network() | training_state(model))


def load_weights(model, run, checkpoint=None):
    """Load the networks' weights from a checkpoint: the newest of a run, its ``"best"``, or a given file.

    If the model keeps a moving average of its weights, the average restarts from the loaded weights.

    A run that comes with the project has one checkpoint.

    Returns:
        The checkpoint's path and step.

    Raises:
        UserError: if there is no such checkpoint, or it does not fit the model.
    """
    if checkpoint is None and str(run) in SHIPPED and not checkpoints(run):
        path = SHIPPED[str(run)]
    elif checkpoint in (None, "best"):
        path = best_checkpoint(run) if checkpoint else newest_checkpoint(run)
        if path is None and checkpoints(run):
            raise UserError(f"{run} has no checkpoint that was measured; leave out --checkpoint best")
        if path is None:
            raise UserError(f"{run} has no checkpoint, checkpoints/step-*.npz; give the folder of a trained run")
    else:
        path = checkpoint
    arrays, metadata = load_checkpoint(path)
    assign_variables(path, arrays, model.weights_by_network())
    if model.average:
        model.average.restart()
    return path, metadata["step"]


def training_state(model):
    """Return the training state other than the inference weights: ``{name in a checkpoint: variables}``."""
    return {f"training/{name}": variables for name, variables in model.state().items()}
