"""Keras callbacks of a run, each for one thing that happens beside training. An epoch is counted from 1 in all."""

from pathlib import Path

import numpy as np
from tensorflow import keras

from utils.errors import going_on
from utils.images import save_picture
from utils.logs import Events, append_line
from utils.plots import as_picture, histogram_figure, joint_figure


class Epochs(keras.callbacks.Callback):
    """Ends epochs at multiples of ``steps_per_epoch``, and training at step ``last``.

    Training can enter an epoch in its middle; the means of its losses then go on from what they are when it begins. It
    stands before the callbacks that look at ``model.stop_training``.

    Args:
        step: a function that returns the number of steps taken.
    """

    def __init__(self, step, steps_per_epoch, last):
        super().__init__()
        self._step, self._steps_per_epoch, self._last = step, steps_per_epoch, last

    def on_train_begin(self, logs=None):
        entered = self._step() % self._steps_per_epoch
        variables = [variable for metric in self.model.metrics for variable in metric.variables]
        self._so_far = [(variable, variable.numpy()) for variable in variables] if entered else []

    def on_epoch_begin(self, epoch, logs=None):
        for variable, value in self._so_far:
            variable.assign(value)
        self._so_far = []

    def on_train_batch_end(self, batch, logs=None):
        step = self._step()
        self.model.stop_training = step % self._steps_per_epoch == 0 or step >= self._last

    def on_epoch_end(self, epoch, logs=None):
        self.model.stop_training = self._step() >= self._last


class MetricsLog(keras.callbacks.Callback):
    """Logs the losses of each epoch: a JSON line ``{"epoch": 1, "step": 30, "colour_loss": 0.1, ...}``, and curves.

    Args:
        folder: of ``metrics.jsonl`` and, for TensorBoard, ``train/``.
        step: a function that returns the number of steps taken.
    """

    def __init__(self, folder, step):
        super().__init__()
        self._folder, self._step = Path(folder), step
        self._events = Events(self._folder / "train")

    def on_epoch_end(self, epoch, logs=None):
        values = {name: float(value) for name, value in (logs or {}).items()}
        path = self._folder / "metrics.jsonl"
        with going_on(path):
            append_line(path, {"epoch": epoch + 1, "step": self._step(), **values})
        with going_on(self._folder / "train"):
            self._events.write(epoch + 1, scalars=values)


class SamplePictures(keras.callbacks.Callback):
    """Draws a sheet of pictures before training and after each epoch: ``folder/epoch-0001.png``, the histograms of its
    pictures, ``epoch-0001.npz``, and both in TensorBoard.

    Args:
        folder: of the files.
        log_dir: of TensorBoard.
        step: a function that returns the number of steps taken.
        draw: a function that returns the sheet, uint8 ``[H, W, 3]``, and a dict of histograms (`utils.plots`).
        batches: a function that returns training batches, for `HueNet.at_rest`.
    """

    def __init__(self, folder, log_dir, step, draw, batches):
        super().__init__()
        self._folder, self._log_dir = Path(folder), Path(log_dir)
        self._step, self._draw, self._batches = step, draw, batches
        self._events = Events(self._log_dir)

    def on_train_begin(self, logs=None):
        if self._step() == 0:
            self._save(0, ())

    def on_epoch_end(self, epoch, logs=None):
        self._save(epoch + 1, self._batches())

    def _save(self, epoch, batches):
        with self.model.at_rest(batches):
            sheet, histograms = self._draw()
        pictures = {
            "samples": sheet,
            "histograms": as_picture(histogram_figure(histograms)),
            "joint histograms": as_picture(joint_figure({f"after {epoch} epochs": histograms})),
        }
        with going_on(self._folder):
            save_picture(self._folder / f"epoch-{epoch:04d}.png", sheet)
            np.savez_compressed(self._folder / f"epoch-{epoch:04d}.npz", **histograms)
        with going_on(self._log_dir):
            self._events.write(epoch, pictures=pictures)
