"""Keras callbacks of a run, each for one thing that happens beside training. Epochs are counted from 1 in all files."""

from pathlib import Path

import numpy as np
from tensorflow import keras

from engine.logs import Events, append_line
from reports import figure_to_image, histogram_figure, joint_figure
from utils import atomic_write, save_image, warn_on_oserror


class Epochs(keras.callbacks.Callback):
    """Ends epochs at multiples of ``steps_per_epoch``, and training at step ``last_step``.

    Training can start in the middle of an epoch. The means of that epoch's losses then continue from the restored ones.
    It must stand before the callbacks that read ``model.stop_training``.
    """

    def __init__(self, steps_per_epoch, last_step):
        super().__init__()
        self._steps_per_epoch, self._last_step = steps_per_epoch, last_step

    def on_train_begin(self, logs=None):
        in_the_middle = self.model.step_counter.value() % self._steps_per_epoch
        variables = [variable for metric in self.model.metrics for variable in metric.variables]
        self._restored_means = [(variable, variable.numpy()) for variable in variables] if in_the_middle else []

    def on_epoch_begin(self, epoch, logs=None):
        for variable, value in self._restored_means:  # Keras has reset them
            variable.assign(value)
        self._restored_means = []

    def on_train_batch_end(self, batch, logs=None):
        step = self.model.step_counter.value()
        self.model.stop_training = step % self._steps_per_epoch == 0 or step >= self._last_step

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = self.model.step_counter.value() >= self._last_step


class MetricsLog(keras.callbacks.Callback):
    """Logs the losses of each epoch: a JSON line ``{"epoch": 1, "step": 30, "color_loss": 0.1, ...}``, and curves.

    Args:
        folder: of ``metrics.jsonl`` and, for TensorBoard, ``train/``.
    """

    def __init__(self, folder):
        super().__init__()
        self._folder = Path(folder)
        self._events = Events(self._folder / "train")

    def on_epoch_end(self, epoch, logs=None):
        values = {name: float(value) for name, value in (logs or {}).items()}
        path = self._folder / "metrics.jsonl"
        with warn_on_oserror(path):
            append_line(path, {"epoch": epoch + 1, "step": self.model.step_counter.value(), **values})
        with warn_on_oserror(self._folder / "train"):
            self._events.write(epoch + 1, scalars=values)


class SampleImages(keras.callbacks.Callback):
    """Draws a sheet of images before training and after each epoch.

    Writes the sheet, ``folder/epoch-0001.png``, the histograms of its images, ``epoch-0001.npz``, and both for
    TensorBoard. A signal that asks to stop cuts the drawing short; then nothing is written, and a resumed run draws
    what is missing.

    Args:
        folder: of the files.
        log_dir: of TensorBoard's files.
        draw: a function that returns the sheet, uint8 ``[H, W, 3]``, and a dict of histograms (`reports.plots`).
        batches: a function that returns training batches, for `HueNet.inference_weights`. They end when a signal asks
            to stop.
        stop_signal: `engine.signals.StopSignal`.
    """

    def __init__(self, folder, log_dir, *, draw, batches, stop_signal):
        super().__init__()
        self._folder, self._log_dir = Path(folder), Path(log_dir)
        self._draw, self._batches, self._stop_signal = draw, batches, stop_signal
        self._events = Events(self._log_dir)

    def on_train_begin(self, logs=None):
        epochs, steps_within = divmod(self.model.step_counter.value(), self.params["steps"])
        if not steps_within:
            self.complete(epochs)

    def on_epoch_end(self, epoch, logs=None):
        self._save(epoch + 1, self._batches())

    def complete(self, epoch):
        """Draw the samples after so many epochs, the model's, where they are missing. Returns whether they were."""
        missing = not self._path(epoch, ".png").exists()
        if missing:
            self._save(epoch, self._batches() if epoch else ())
        return missing

    def _save(self, epoch, batches):
        with self.model.inference_weights(batches):
            if self._stop_signal.exit_code:
                return
            sheet, histograms = self._draw()
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
