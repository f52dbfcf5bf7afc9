"""Keras callbacks of a run, each for one thing that happens beside training. Epochs are counted from 1 in all files."""

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
    """Ends epochs at multiples of ``steps_per_epoch``, and training at step ``last_step``.

    Training can start in the middle of an epoch. The means of that epoch's losses then continue from the restored ones.
    It must stand before the callbacks that read ``model.stop_training`` or its count.

    Attributes:
        step: the number of steps begun. It is counted here: the model's own counter is on the device, and to read it
            would be to wait for the step.
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
        for variable, value in self._restored_means:  # Keras has reset them
            variable.assign(value)
        self._restored_means = []

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        self.model.stop_training = self.step % self._steps_per_epoch == 0 or self.step >= self._last_step

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = self.step >= self._last_step


class MetricsLog(keras.callbacks.Callback):
    """Logs the losses of each epoch: a JSON line ``{"epoch": 1, "step": 30, "color_loss": 0.1, ...}``, and curves.

    Where steps were skipped, the line has their number, ``skipped_steps``, and the losses are those of the others.

    Args:
        folder: of ``metrics.jsonl`` and, for TensorBoard, ``train/``.
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
    """Logs the epoch's mean losses so far every so many steps: JSON lines as `MetricsLog`'s, and curves by step.

    Args:
        folder: of ``steps.jsonl`` and, for TensorBoard, ``steps/``.
        epochs: `Epochs`, which counts the steps.
        every: steps from one line to the next, 0 for none.
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
    """Draws a sheet of images before training and after every so many epochs.

    Writes the sheet, ``folder/epoch-0001.png``, the histograms of its images, ``epoch-0001.npz``, and both for
    TensorBoard. A signal that asks to stop cuts the drawing short; then nothing is written, and a resumed run draws
    what is missing.

    Args:
        folder: of the files.
        log_dir: of TensorBoard's files.
        every: epochs from one sheet to the next, 0 for none at all.
        draw: a function that returns the sheet, uint8 ``[H, W, 3]``, and a dict of histograms (`reports.plots`).
        batches: a function that returns training batches, for `HueNet.inference_weights`. They end when a signal asks
            to stop.
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
        """Draw the samples of the epoch that the model has ended if they are missing. Returns whether they were."""
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
