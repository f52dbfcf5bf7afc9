"""Keras callback for training steps whose numbers are not finite."""

from pathlib import Path

import numpy as np
from tensorflow import keras

from utils import UserError, save_image, warn, warn_on_oserror

MOST_IN_A_ROW = 10


class NonFinite(keras.callbacks.Callback):
    """Acts where a loss or a gradient is NaN or infinite, and `HueNet` has therefore not taken the step.

    It saves the step's batch and stops. To ``skip``, it counts the batch (``model.skipped``) and goes on, at most
    `MOST_IN_A_ROW` times in a row. It must stand first among the callbacks.

    Args:
        folder: of the saved batches: a sheet of images, ``step-00000123.png``, and arrays, ``step-00000123.npz``.
        skip: whether to go on.
        next_batch: a function that returns the next step's batch: names, a sheet, uint8 ``[H, W, 3]``, and a dict of
            arrays.
        save: a function that saves a checkpoint before it stops, or None where the weights are not worth saving.

    Raises:
        UserError: to stop.
    """

    def __init__(self, folder, *, skip, next_batch, save):
        super().__init__()
        self._folder, self._skip, self._next_batch, self._save = Path(folder), skip, next_batch, save
        self._in_a_row = 0

    def on_train_batch_end(self, batch, logs=None):
        failed = self.model.finite_check.failed()
        if not failed:
            self._in_a_row = 0
            return
        message = self._save_batch(failed)
        if not self._skip or self._in_a_row == MOST_IN_A_ROW:
            if self._save:
                self._save()
            other = f"{MOST_IN_A_ROW} batches before it were skipped" if self._skip else "or with --on_nonfinite skip"
            raise UserError(f"{message}; resume with a lower --gen_lr and --dis_lr, {other}")
        self._in_a_row += 1
        self.model.skipped.assign_add(1)
        self.model.step_counter.increment()
        warn(f"{message}; skipped, {self.model.skipped.numpy()} in all")

    def _save_batch(self, failed):
        """Save the batch that failed. Returns the message about it."""
        step = self.model.step_counter.value() + 1
        names, sheet, arrays = self._next_batch()
        path = self._folder / f"step-{step:08d}.png"
        with warn_on_oserror(path):
            save_image(path, sheet)
            np.savez(path.with_suffix(".npz"), **arrays)
        return f"step {step}: {', '.join(failed)} not finite, with the images {', '.join(names)} ({path})"
