"""Keras callbacks of a run, for epochs, logs and sample images. In all files, epochs are counted from 1."""

import math
from pathlib import Path

import numpy as np
from tensorflow import keras

from engine.run_folder import Events, append_line
from models import NotFiniteError
from reports import figure_to_image, histogram_figure, joint_figure
from utils import atomic_write, warn, warn_on_oserror
from utils.images import save_image


class Epochs(keras.callbacks.Callback):
    """Ends each epoch at a multiple of ``steps_per_epoch``, and training at step ``last_step``.

    Training can start in the middle of an epoch. The mean losses of that epoch then continue from the restored means.
    This callback must come before all callbacks that read ``model.stop_training`` or ``step``.

    Attributes:
        step: the number of steps that have been started. It is counted here because the model's own counter is on the
            device, and reading that counter would wait for the step to finish.
    """

    def __init__(self, steps_per_epoch, last_step):
        super().__init__()
        self._steps_per_epoch, self._last_step = steps_per_epoch, last_step
        self.step = 0

    def on_train_begin(self, logs=None):
        self.step = self.model.step_counter.value()
        in_the_middle = self.step % self._steps_per_epoch
        variables = [variable for metric in self.model.metrics for variable in metric.variables]
        self._restored_means = [(variable, variable.numpy()) for variable in variables] if in_the_middle else []

    def on_epoch_begin(self, epoch, logs=None):
        for variable, value in self._restored_means:  # Keras has just reset them
            variable.assign(value)
        self._restored_means = []

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        self.model.stop_training = self.step % self._steps_per_epoch == 0 or self.step >= self._last_step

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = self.step >= self._last_step


class MetricsLog(keras.callbacks.Callback):
    """Logs the losses of each epoch, for TensorBoard and as JSON: ``{"epoch": 1, "step": 30, "color_loss": 0.1, ...}``.

    If steps were skipped, ``skipped_steps`` is their number, and the losses are means over the other steps.

    Args:
        folder: the folder for ``metrics.jsonl`` and for TensorBoard's folder ``train/``.
    """

    def __init__(self, folder):
        super().__init__()
        self._folder = Path(folder)
        self._events = Events(self._folder / "train")

    def on_epoch_end(self, epoch, logs=None):
        values, step = self.model.mean_losses(), self.model.step_counter.value()
        skipped = step - epoch * self.params["steps"] - self.model.counted_steps()
        place = {"epoch": epoch + 1, "step": step} | ({"skipped_steps": skipped} if skipped else {})
        _log(self._folder / "metrics.jsonl", place | values)
        with warn_on_oserror(self._folder / "train"):
            self._events.write(epoch + 1, scalars=values)


class StepsLog(keras.callbacks.Callback):
    """Logs the epoch's mean losses so far, every few steps, in the formats of `MetricsLog`. The curves count steps.

    Args:
        folder: the folder for ``steps.jsonl`` and for TensorBoard's folder ``steps/``.
        epochs: `Epochs`, which counts the steps.
        every: the number of steps between log entries. With 0 there are none.
    """

    def __init__(self, folder, epochs, *, every):
        super().__init__()
        self._folder, self._epochs, self._every = Path(folder), epochs, every
        self._events = Events(self._folder / "steps")

    def on_train_batch_end(self, batch, logs=None):
        step = self._epochs.step
        if not self._every or step % self._every:
            return
        values = self.model.mean_losses()
        _log(self._folder / "steps.jsonl", {"epoch": math.ceil(step / self.params["steps"]), "step": step, **values})
        with warn_on_oserror(self._folder / "steps"):
            self._events.write(step, scalars=values)


class SampleImages(keras.callbacks.Callback):
    """Draws a sheet of sample images before training and every few epochs.

    Writes the sheet to ``folder/epoch-0001.png`` and the histograms of its images to ``folder/epoch-0001.npz``. Writes
    both for TensorBoard as well. If a signal asks to stop while it draws, it writes nothing, and a resumed run draws
    the missing files.

    Args:
        folder: the folder for the sheets and histograms.
        log_dir: the folder for TensorBoard's files.
        every: the number of epochs between sheets. With 0 there are none.
        draw: a function that returns the sheet, uint8 ``[H, W, 3]``, and a dict of histograms (`reports.plots`).
        batches: a function that returns training batches for `HueNet.inference_weights`. The batches end when a signal
            asks to stop.
        stop_signal: `engine.run_folder.StopSignal`.
    """

    def __init__(self, folder, log_dir, *, every=1, draw, batches, stop_signal):
        super().__init__()
        self._folder, self._log_dir, self._every = Path(folder), Path(log_dir), every
        self._draw, self._batches, self._stop_signal = draw, batches, stop_signal
        self._events = Events(self._log_dir)

    def on_train_begin(self, logs=None):
        epochs, steps_within = divmod(self.model.step_counter.value(), self.params["steps"])
        if not steps_within:
            self.complete(epochs)

    def on_epoch_end(self, epoch, logs=None):
        if self._is_due(epoch + 1):
            self._save(epoch + 1, self._batches())

    def complete(self, epoch):
        """Draw the samples of the last completed epoch, ``epoch``, if they are missing. Return whether they were."""
        missing = self._is_due(epoch) and not self._path(epoch, ".png").exists()
        if missing:
            self._save(epoch, self._batches() if epoch else ())
        return missing

    def _is_due(self, epoch):
        return self._every and epoch % self._every == 0

    def _save(self, epoch, batches):
        with self.model.inference_weights(batches):
            if self._stop_signal.exit_code:
                return
            try:
                sheet, histograms = self._draw()
            except NotFiniteError as error:
                warn(f"no samples of epoch {epoch}: {error}")
                return
        figures = {
            "histograms": (histogram_figure, histograms),
            "joint histograms": (joint_figure, {f"after {epoch} epochs": histograms}),
        }
        images = {"samples": sheet}
        for name, (draw, values) in figures.items():
            if self._stop_signal.exit_code:
                return
            images[name] = figure_to_image(draw(values))
        with warn_on_oserror(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            with atomic_write(self._path(epoch, ".npz")) as temporary:
                np.savez_compressed(temporary, **histograms)
            with atomic_write(self._path(epoch, ".png")) as temporary:
                save_image(temporary, sheet)
        with warn_on_oserror(self._log_dir):
            self._events.write(epoch, images=images)

    def _path(self, epoch, suffix):
        return self._folder / f"epoch-{epoch:04d}{suffix}"


def _log(path, values):
    with warn_on_oserror(path):
        append_line(path, values)
