"""The progress bar of a training run."""

from tensorflow import keras
from tqdm import tqdm


class Progress(keras.callbacks.Callback):
    """A progress bar. It shows the images seen, images per second, the epoch, and the epoch's mean losses so far.

    Args:
        epochs: `engine.training.callbacks.Epochs`, which counts the steps.
        last_step: the step at which training ends.
        batch_size: the number of images in each step.
        every: the number of steps between updates of the losses. With 0 they are updated only at the end of an epoch.
    """

    def __init__(self, epochs, *, last_step, batch_size, every):
        super().__init__()
        self._epochs, self._last_step, self._batch_size, self._every = epochs, last_step, batch_size, every
        self._bar = None

    def on_train_begin(self, logs=None):
        total, done = (self._batch_size * step for step in (self._last_step, self._epochs.step))
        self._bar = tqdm(total=total, initial=done, unit="image", unit_scale=True, dynamic_ncols=True)

    def on_epoch_begin(self, epoch, logs=None):
        self._bar.set_description(f"epoch {epoch + 1}/{self.params['epochs']}")

    def on_train_batch_end(self, batch, logs=None):
        self._bar.update(self._batch_size)
        if self._every and self._epochs.step % self._every == 0:
            self._bar.set_postfix(self.model.mean_losses())

    def on_epoch_end(self, epoch, logs=None):
        self._bar.set_postfix(self.model.mean_losses())

    def close(self):
        """Close the bar in its current state. Safe to call after an error."""
        if self._bar is not None:
            self._bar.close()
