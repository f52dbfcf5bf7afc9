"""When a checkpoint is saved, and what of the model goes into it."""

import math
import time
from pathlib import Path

from tensorflow import keras

from engine.checkpoints.files import prune, save_checkpoint
from engine.checkpoints.restoring import training_state
from utils import UserError, reason, warn, warn_on_oserror


class Checkpoints(keras.callbacks.Callback):
    """Saves the model at regular epochs and minutes, when a signal asks to stop, and at the end.

    A checkpoint holds the networks with their inference weights, and the rest of the training state. A failure to write
    one is a warning.

    Args:
        run: the run's folder.
        every: number of epochs between checkpoints.
        minutes: minutes between checkpoints, also within an epoch.
        max_to_keep: checkpoints to keep, as in `prune`.
        stop_signal: `engine.run_folder.StopSignal`.
        batches: a function that returns training batches, for `HueNet.inference_weights`.
        measure: a function that returns the mean EMD of outputs to references, by which the best is chosen; NaN where
            they are not finite.
        metadata: a dict that is saved with the arrays.

    Raises:
        UserError: where the last step cannot be saved.
        SystemExit: when it has saved what a signal asked for.
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
            raise UserError(f"{self._failure}: make room there, then: python train.py --resume {self._run}")

    def save(self):
        """Save, unless this step is saved already or the weights are spoiled.

        When a signal asks to stop, it saves at once, without fresh statistics and without measuring.
        """
        step = self.model.step_counter.value()
        if self._saved_step == step or self.model.spoiled():
            return
        arrays = {name: _values(variables) for name, variables in training_state(self.model).items()}
        stopping = bool(self._stop_signal.exit_code)
        with self.model.inference_weights(() if stopping else self._batches()):
            arrays |= {name: _values(weights) for name, weights in self.model.weights_by_network().items()}
            emd = math.nan if stopping else self._measure()
        measured = {} if self._stop_signal.exit_code else {"emd": emd}  # a signal may have cut the measuring short
        self._last_time, self._failure = time.monotonic(), None
        try:
            save_checkpoint(self._run / "checkpoints", step, arrays=arrays, metadata=self._metadata | measured)
        except OSError as error:
            self._failure = f"step {step} cannot be saved in {self._run / 'checkpoints'} ({reason(error)})"
            warn(f"{self._failure}: the checkpoints before stay")
            return
        self._saved_step = step
        with warn_on_oserror(self._run / "checkpoints"):
            prune(self._run, self._max_to_keep)

    def _save_and_exit(self):
        self.save()
        raise SystemExit(self._stop_signal.exit_code)


def _values(variables):
    return [variable.numpy() for variable in variables]
