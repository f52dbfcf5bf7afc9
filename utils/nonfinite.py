"""Keras callback for training steps whose numbers are not finite."""

from pathlib import Path

import numpy as np
from tensorflow import keras

from utils.errors import UserError, going_on, warn
from utils.images import save_picture

IN_A_ROW = 10


class NonFinite(keras.callbacks.Callback):
    """Where a loss or a gradient is NaN or infinite, and `HueNet` has not taken the step: saves its batch, and stops.

    Or, to ``skip``, counts the batch (``model.skipped``) and goes on, `IN_A_ROW` times. It stands first among the
    callbacks.

    Args:
        folder: of the batches: a sheet of pictures, ``step-00000123.png``, and arrays, ``step-00000123.npz``.
        skip: whether to go on.
        batch: a function that returns the next step's batch: names, a sheet, uint8 ``[H, W, 3]``, and a dict of arrays.
        save: a function that saves a checkpoint, before it stops.

    Raises:
        UserError: to stop.
    """

    def __init__(self, folder, skip, batch, save):
        super().__init__()
        self._folder, self._skip, self._batch, self._save = Path(folder), skip, batch, save
        self._in_a_row = 0

    def on_train_batch_end(self, batch, logs=None):
        failed = self.model.finiteness.failed()
        if not failed:
            self._in_a_row = 0
            return
        said = self._keep_batch(failed)
        if not self._skip or self._in_a_row == IN_A_ROW:
            self._save()
            other = f"{IN_A_ROW} batches before it were skipped" if self._skip else "or give --on_nonfinite skip"
            raise UserError(f"{said}; lower --gen_lr and --dis_lr and --resume, {other}")
        self._in_a_row += 1
        self.model.skipped.assign_add(1)
        self.model.clock.tick()
        warn(f"{said}; skipped, as {self.model.skipped.numpy()} in all")

    def _keep_batch(self, failed):
        """Save the batch that failed; returns what is to be said of it."""
        step = self.model.clock.now() + 1
        names, sheet, arrays = self._batch()
        path = self._folder / f"step-{step:08d}.png"
        with going_on(path):
            save_picture(path, sheet)
            np.savez(path.with_suffix(".npz"), **arrays)
        return f"step {step}: {', '.join(failed)} not finite, with the pictures {', '.join(names)} ({path})"
