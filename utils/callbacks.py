"""Keras callbacks of a run, each for one thing that happens beside training."""

import json
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow import keras

from utils.checkpoints import save_checkpoint
from utils.images import save_picture
from utils.plots import as_picture, histogram_figure, joint_figure


class MetricsLog(keras.callbacks.Callback):
    """Appends a JSON line an epoch: ``{"epoch": 1, "step": 30, "colour_loss": 0.1, ...}``.

    Args:
        path: the file.
        step: a function that returns the number of steps taken.
    """

    def __init__(self, path, step):
        super().__init__()
        self._path, self._step = Path(path), step

    def on_epoch_end(self, epoch, logs=None):
        values = {name: float(value) for name, value in (logs or {}).items()}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with open(self._path, "a") as file:
            file.write(json.dumps({"epoch": epoch + 1, "step": self._step(), **values}) + "\n")


class RefreshStatistics(keras.callbacks.Callback):
    """Brings batch norm's statistics up to date after each epoch, before anything is painted or saved with them.

    Args:
        batches: a function that returns the training batches to average over.
    """

    def __init__(self, batches):
        super().__init__()
        self._batches = batches

    def on_epoch_end(self, epoch, logs=None):
        with self.model.averaged():
            self.model.refresh_statistics(self._batches())


class SamplePictures(keras.callbacks.Callback):
    """Draws a sheet of pictures before training and after each epoch: ``folder/epoch-0001.png``, the histograms of its
    pictures, ``epoch-0001.npz``, and both in TensorBoard.

    Args:
        folder: of the files.
        log_dir: of TensorBoard.
        draw: a function that returns the sheet, uint8 ``[H, W, 3]``, and a dict of histograms (`utils.plots`).
    """

    def __init__(self, folder, log_dir, draw):
        super().__init__()
        self._folder, self._log_dir, self._draw = Path(folder), str(log_dir), draw

    def on_train_begin(self, logs=None):
        self._writer = tf.summary.create_file_writer(self._log_dir)
        self._save(0)

    def on_epoch_end(self, epoch, logs=None):
        self._save(epoch + 1)

    def on_train_end(self, logs=None):
        self._writer.close()

    def _save(self, epoch):
        with self.model.averaged():
            sheet, histograms = self._draw()
        save_picture(self._folder / f"epoch-{epoch:04d}.png", sheet)
        np.savez_compressed(self._folder / f"epoch-{epoch:04d}.npz", **histograms)
        pictures = {
            "samples": sheet,
            "histograms": as_picture(histogram_figure(histograms)),
            "joint histograms": as_picture(joint_figure({f"after {epoch} epochs": histograms})),
        }
        with self._writer.as_default():
            for name, picture in pictures.items():
                tf.summary.image(name, picture[None], step=epoch)


class Checkpoints(keras.callbacks.Callback):
    """Saves the networks every so many epochs, and at the end of training.

    Args:
        folder: of the checkpoints.
        networks: a dict of name to `keras.Model`.
        step: a function that returns the number of steps taken.
        every: epochs from one checkpoint to the next.
    """

    def __init__(self, folder, networks, step, every):
        super().__init__()
        self._folder, self._networks, self._step, self._every = folder, networks, step, every
        self._saved = None

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self._every == 0:
            self._save()

    def on_train_end(self, logs=None):
        if self._saved != self._step():
            self._save()

    def _save(self):
        self._saved = self._step()
        with self.model.averaged():
            save_checkpoint(self._folder, self._saved, self._networks)


class StopAtStep(keras.callbacks.Callback):
    """Ends training, within an epoch too, when ``step()`` has reached ``last``."""

    def __init__(self, last, step):
        super().__init__()
        self._last, self._step = last, step

    def on_train_batch_end(self, batch, logs=None):
        if self._step() >= self._last:
            self.model.stop_training = True
