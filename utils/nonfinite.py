"""Keras callback for training steps whose numbers are not finite."""

from pathlib import Path

import numpy as np
from tensorflow import keras

from utils.errors import UserError, going_on, warn
from utils.images import save_picture

SKIPPED_AT_MOST = 10


class NonFinite(keras.callbacks.Callback):
    """Where a loss or a gradient is NaN or infinite, and `HueNet` has not taken the step: saves its batch, and stops.

    Or, to ``skip``, counts the batch and goes on, `SKIPPED_AT_MOST` times. It stands first among the callbacks.

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

    def on_train_batch_end(self, batch, logs=None):
        failed = self.model.finiteness.failed()
        if not failed:
            return
        step = self.model.clock.now() + 1
        names, sheet, arrays = self._batch()
        path = self._folder / f"step-{step:08d}.png"
        with going_on(path):
            save_picture(path, sheet)
            np.savez(path.with_suffix(".npz"), **arrays)
        said = f"step {step}: {', '.join(failed)} not finite, with the pictures {', '.join(names)} ({path})"
        if not self._skip:
            self._save()
            raise UserError(f"{said}; lower --gen_lr and --dis_lr, or give --on_nonfinite skip, and --resume")
        if self.model.skipped.numpy() == SKIPPED_AT_MOST:
            self._save()
            raise UserError(f"{said}; {SKIPPED_AT_MOST} batches before it were skipped: lower --gen_lr and --dis_lr")
        self.model.skipped.assign_add(1)
        self.model.clock.tick()
        warn(f"{said}; skipped, the {self.model.skipped.numpy()}. of {SKIPPED_AT_MOST} at most")
