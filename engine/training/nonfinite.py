"""A Keras callback that handles training steps with NaN or infinite values."""

from pathlib import Path

import numpy as np
from tensorflow import keras

from utils import UserError, warn, warn_on_oserror
from utils.images import save_image

MOST_IN_A_ROW = 10


class NonFinite(keras.callbacks.Callback):
    """Saves the batch if a loss or a gradient is NaN or infinite. Then it stops training or skips the step.

    `HueNet` applies neither such a step nor later steps, until the check is cleared. A check must wait for the device,
    so the callback checks only every few steps and at the end of each epoch. With ``skip`` it checks after every step,
    counts the failed batch in ``model.skipped`` and continues, at most `MOST_IN_A_ROW` times in a row. This callback
    must come directly after `Epochs` and before all others.

    Args:
        epochs: `engine.training.callbacks.Epochs`, which counts the steps.
        every: the number of steps between checks, without ``skip``.
        folder: the folder for failed batches. Each is saved as a sheet of images, ``step-00000123.png``, and as arrays,
            ``step-00000123.npz``.
        skip: whether to skip the failed step and continue, instead of stopping.
        next_batch: a function that returns the batch of the next step: the images' names, a uint8 sheet
            ``[H, W, 3]`` of them, and a dict of arrays.
        save: a function that saves a checkpoint before training stops.

    Raises:
        UserError: if training must stop.
    """

    def __init__(self, folder, epochs, *, every=100, skip, next_batch, save):
        super().__init__()
        self._folder, self._skip, self._next_batch, self._save = Path(folder), skip, next_batch, save
        self._epochs, self._every, self._in_a_row = epochs, 1 if skip else every, 0

    def on_train_batch_end(self, batch, logs=None):
        if self._epochs.step % self._every == 0:
            self._check()

    def on_epoch_end(self, epoch, logs=None):
        if not self._skip:
            self._check()

    def _check(self):
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
        """Save the failed batch, and return a message about it."""
        step = self.model.step_counter.value() + 1
        names, sheet, arrays = self._next_batch()
        path = self._folder / f"step-{step:08d}.png"
        with warn_on_oserror(path):
            save_image(path, sheet)
            np.savez(path.with_suffix(".npz"), **arrays)
        return f"step {step}: {', '.join(failed)} not finite, with the images {', '.join(names)} ({path})"
