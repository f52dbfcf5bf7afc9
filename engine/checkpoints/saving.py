"""A Keras callback that saves checkpoints during training."""

import math
import time
from pathlib import Path

from tensorflow import keras

from engine.checkpoints.files import prune, save_checkpoint
from engine.checkpoints.restoring import training_state
from utils import UserError, reason, warn, warn_on_oserror


class Checkpoints(keras.callbacks.Callback):
    """Saves the model every few epochs and minutes, when a signal asks to stop, and at the end.

    A checkpoint holds the inference weights of the networks, and the rest of the training state. If a checkpoint cannot
    be written, a warning is printed and training continues.

    Args:
        run: the run's folder.
        every: the number of epochs between checkpoints.
        minutes: the number of minutes between checkpoints, even within an epoch.
        max_to_keep: the number of checkpoints to keep, as in `prune`.
        stop_signal: `engine.run_folder.StopSignal`.
        batches: a function that returns training batches for `HueNet.inference_weights`.
        measure: a function that returns the error of validation images, or NaN if an output is not finite. The
            checkpoint with the smallest error is the best one.
        metadata: a dict to save with the arrays. Its ``criterion`` is the name of the error.

    Raises:
        UserError: if the checkpoint of the last step cannot be saved.
        SystemExit: after saving, if a signal asked to stop.
    """

    def __init__(self, run, *, every, minutes, max_to_keep, stop_signal, batches, measure, metadata):
        super().__init__()
        self._run, self._every, self._seconds, self._max_to_keep = Path(run), every, 60 * minutes, max_to_keep
        self._stop_signal, self._batches, self._measure, self._metadata = stop_signal, batches, measure, metadata
        self._saved_step, self._last_time = None, time.monotonic()
        self._failure = None

    def on_train_batch_end(self, batch, logs=None):
        self._stop_signal.armed = True
        if self.model.stop_training:
            return  # the epoch is over, and on_epoch_end saves
        if self._stop_signal.exit_code:
            self._save_and_exit()
        elif time.monotonic() - self._last_time >= self._seconds:
            self.save()

    def on_epoch_end(self, epoch, logs=None):
        if self._stop_signal.exit_code:
            self._save_and_exit()
        elif (epoch + 1) % self._every == 0 or time.monotonic() - self._last_time >= self._seconds:
            self.save()

    def on_train_end(self, logs=None):
        self.save()
        if self._stop_signal.exit_code:
            raise SystemExit(self._stop_signal.exit_code)
        if self._failure:
            raise UserError(f"{self._failure}: free some space there, then run: python train.py --resume {self._run}")

    def save(self):
        """Save a checkpoint, unless this step is already saved or a non-finite step has spoiled the weights.

        If a signal asks to stop, save at once, without refreshing batch norm's statistics and without measuring.
        """
        step = self.model.step_counter.value()
        if self._saved_step == step or self.model.spoiled():
            return
        arrays = {name: _values(variables) for name, variables in training_state(self.model).items()}
        stopping = bool(self._stop_signal.exit_code)
        with self.model.inference_weights(() if stopping else self._batches()):
            arrays |= {name: _values(weights) for name, weights in self.model.weights_by_network().items()}
            error = math.nan if stopping else self._measure()
        # A signal may have cut the measurement short.
        measured = {} if self._stop_signal.exit_code else {self._metadata["criterion"]: error}
        self._last_time, self._failure = time.monotonic(), None
        try:
            save_checkpoint(self._run / "checkpoints", step, arrays=arrays, metadata=self._metadata | measured)
        except OSError as error:
            self._failure = f"step {step} cannot be saved in {self._run / 'checkpoints'} ({reason(error)})"
            warn(f"{self._failure}: earlier checkpoints are kept")
            return
        self._saved_step = step
        with warn_on_oserror(self._run / "checkpoints"):
            prune(self._run, self._max_to_keep)

    def _save_and_exit(self):
        self.save()
        raise SystemExit(self._stop_signal.exit_code)


def _values(variables):
    return [variable.numpy() for variable in variables]
