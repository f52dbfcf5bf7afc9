"""Saving a run, so that it can go on exactly, and going on."""

import math
import time
from pathlib import Path

from tensorflow import keras

from utils.checkpoints import assign, checkpoints, load_checkpoint, newest_checkpoint, prune, save_checkpoint
from utils.errors import UserError, going_on, reason, warn


class Checkpoints(keras.callbacks.Callback):
    """Saves the model every so many epochs and minutes, when a signal asks to leave, and at the end.

    A checkpoint holds the networks as pictures are made with them (`HueNet.at_rest`) and, as ``training/...``, what
    `HueNet.state` has beside. One that cannot be written is a warning.

    Args:
        run: the run's folder.
        every: epochs from one checkpoint to the next.
        minutes: from one to the next, within an epoch too.
        keep: as `prune`.
        leaving: `utils.signals.Leaving`.
        batches: a function that returns training batches, for `HueNet.at_rest`.
        measure: a function that returns the mean EMD of output to reference, by which the best is chosen.
        about: a dict to be saved along.

    Raises:
        UserError: where the last step cannot be saved.
        SystemExit: when it has saved what a signal asked for.
    """

    def __init__(self, run, every, minutes, keep, leaving, batches, measure, about):
        super().__init__()
        self._run, self._every, self._seconds, self._keep = Path(run), every, 60 * minutes, keep
        self._leaving, self._batches, self._measure, self._about = leaving, batches, measure, about
        self._saved, self._last_time = None, time.monotonic()
        self._failure = None

    def on_train_batch_end(self, batch, logs=None):
        self._leaving.heeded = True
        if self.model.stop_training:
            return  # the epoch is over, and its end is to be told by what is saved
        if self._leaving.asked:
            self._leave()
        elif time.monotonic() - self._last_time >= self._seconds:
            self.save()

    def on_epoch_end(self, epoch, logs=None):
        if self._leaving.asked:
            self._leave()
        elif (epoch + 1) % self._every == 0 or time.monotonic() - self._last_time >= self._seconds:
            self.save()

    def on_train_end(self, logs=None):
        self.save()
        if self._leaving.asked:
            raise SystemExit(self._leaving.asked)
        if self._failure:
            raise UserError(f"{self._failure}: make room there, then: python train.py --resume {self._run}")

    def save(self):
        """Save, unless this step was saved; when leaving, at once: with the statistics of training, and unmeasured."""
        step = self.model.clock.now()
        if self._saved == step:
            return
        values = {f"training/{name}": _arrays(variables) for name, variables in self.model.state().items()}
        staying = not self._leaving.asked
        with self.model.at_rest(self._batches() if staying else ()):
            values |= {name: _arrays(weights) for name, weights in self.model.weights_by_network().items()}
            emd = self._measure() if staying else math.nan
        measured = {} if self._leaving.asked else {"emd": emd}  # the signal may have cut the measuring short
        self._last_time, self._failure = time.monotonic(), None
        try:
            save_checkpoint(self._run / "checkpoints", step, values, self._about | measured)
        except OSError as error:
            self._failure = f"step {step} cannot be saved in {self._run / 'checkpoints'} ({reason(error)})"
            warn(f"{self._failure}: the checkpoints before stay")
            return
        self._saved = step
        with going_on(self._run / "checkpoints"):
            prune(self._run, self._keep)

    def _leave(self):
        self.save()
        raise SystemExit(self._leaving.asked)


def restore(run, model, about):
    """Give a model all that the run's newest checkpoint holds, where there is one yet.

    Args:
        run: the run's folder.
        model: `HueNet`, compiled.
        about: what `Checkpoints` saves along: ``keras`` and ``data`` must be the same.

    Raises:
        UserError: where none is whole, or were made with another Keras, or of other pictures.
    """
    path = newest_checkpoint(run)
    if not path and checkpoints(run):
        raise UserError(
            f"{run} cannot go on: none of its checkpoints can be used; bring one back, or start another run"
        )
    if not path:
        return
    values, before = load_checkpoint(path)
    if before["keras"].split(".")[0] != about["keras"].split(".")[0]:
        raise UserError(
            f"{run} was trained with Keras {before['keras']} and cannot go on with {about['keras']}, whose "
            f"optimizers differ: use TensorFlow {before['tensorflow']}, or start another run from its weights with "
            f"--output_pre_dir {run}"
        )
    if before["data"] != about["data"]:
        raise UserError(f"{run} cannot go on: its training pictures were others; bring them back, or start another")
    training = {f"training/{name}": variables for name, variables in model.state().items()}
    assign(path, values, model.weights_by_network() | training)


def _arrays(variables):
    return [variable.numpy() for variable in variables]
