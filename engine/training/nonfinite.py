"""Keras callback for training steps whose numbers are not finite."""

from pathlib import Path

import numpy as np
from tensorflow import keras

from utils import UserError, warn, warn_on_oserror
from utils.images import save_image

MOST_IN_A_ROW = 10


class NonFinite(keras.callbacks.Callback):
    """Acts where a loss or a gradient is NaN or infinite, and `HueNet` has therefore not taken the step.

    It saves the step's batch and stops. To look is to wait for the device, so it looks every so many steps and at the
    ends of epochs: the model takes no step after one that failed. To ``skip``, it looks after each step, counts the
    batch (``model.skipped``) and goes on, at most `MOST_IN_A_ROW` times in a row. It must stand first among the
    callbacks but for `Epochs`.

    Args:
        epochs: `engine.training.callbacks.Epochs`, which counts the steps.
        every: steps from one look to the next.
        folder: of the saved batches: a sheet of images, ``step-00000123.png``, and arrays, ``step-00000123.npz``.
        skip: whether to go on.
        next_batch: a function that returns the next step's batch: names, a sheet, uint8 ``[H, W, 3]``, and a dict of
            arrays.
        save: a function that saves a checkpoint before it stops.

    Raises:
        UserError: to stop.
    """

    def __init__(self, folder, epochs, *, every=100, skip, next_batch, save):
        super().__init__()
        self._folder, self._skip, self._next_batch, self._save = Path(folder), skip, next_batch, save
        self._epochs, self._every, self._in_a_row = epochs, 1 if skip else every, 0

    def on_train_batch_end(self, batch, logs=None):
        if self._epochs.step % self._every == 0:
            self._look()

    def on_epoch_end(self, epoch, logs=None):
        if not self._skip:
            self._look()

    def _look(self):
        failed = self.model.finite_check.failed()
        if not failed:
            self._in_a_row = 0
            return
        message = self._save_batch(failed)
        if not self._skip or self._in_a_row == MOST_IN_A_ROW:
            self._save()
            skipped = f", after {MOST_IN_A_ROW} skipped batches" if self._skip else ""
            other = "" if self._skip or self.model.spoiled() else ", or with --on_nonfinite skip"
            raise UserError(f"{message}{skipped}; resume with a lower --gen_lr and --dis_lr{other}")
        self._in_a_row += 1
        self.model.finite_check.clear()
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
