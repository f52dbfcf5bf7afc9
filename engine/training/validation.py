"""Validation during training: sample sheets, and the error that decides which checkpoint is the best."""

import itertools
import math

import metrics
import models
from engine.factory import make_translator, open_pipeline
from engine.inference import translated_samples
from utils.images import image_sheet

SAMPLE_IMAGES = 4
MEASURED_IMAGES = 32


class Validation:
    """Translates the first images of the validation split with the model's current weights.

    Args:
        model: `HueNet`.
        split: `datasets.Split`.
        options: the run's options.
        stop_signal: `StopSignal`. `measure` ends early when a signal asks to stop.
    """

    def __init__(self, model, split, options, *, stop_signal):
        self._translator, self._options, self._stop_signal = make_translator(model, options), options, stop_signal
        pipeline = open_pipeline(options, split)
        self._sample_batch = next(iter(pipeline.evaluation_batches(at_most=SAMPLE_IMAGES)))
        measured = pipeline.evaluation_batches(at_most=MEASURED_IMAGES)
        self._measured_batches = measured.unbatch().batch(options.data.batch_size)

    def draw(self):
        """Return a sheet of the sample images, and their mean histograms.

        Raises:
            NotFiniteError: if an output is not finite.
        """
        samples = self._samples(self._sample_batch)
        return image_sheet(sample.rgb.values() for sample in samples), metrics.mean_histograms(samples)

    def measure(self):
        """Return the error of the images by the task's criterion, or NaN if an output is not finite."""
        samples = []
        try:
            for batch in itertools.takewhile(lambda _: not self._stop_signal.exit_code, self._measured_batches):
                samples += self._samples(batch)
        except models.NotFiniteError:
            return math.nan
        return metrics.validation_error(self._options.task_row.criterion, samples)

    def _samples(self, batch):
        return translated_samples(self._translator, batch, self._options)
