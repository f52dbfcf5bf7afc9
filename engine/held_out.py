"""What a run is watched by: the output for images that it does not train on."""

import itertools
import math

import tensorflow as tf

import metrics
from engine.data import open_pipeline
from utils import batch_to_rgb, image_sheet

SAMPLE_IMAGES = 4
MEASURED_IMAGES = 32


class HeldOut:
    """The first images of the validation split, translated by the model as it is.

    Args:
        model: `HueNet`.
        split: of the data set.
        options: the run's.
        stop_signal: `StopSignal`. Measuring ends when it asks to stop.
    """

    def __init__(self, model, split, options, *, stop_signal):
        self.model, self.options, self.stop_signal = model, options, stop_signal
        pipeline = open_pipeline(options, split)
        self._sample_batch = next(iter(pipeline.evaluation_batches(at_most=SAMPLE_IMAGES)))
        measured = pipeline.evaluation_batches(at_most=MEASURED_IMAGES)
        self._measured_batches = measured.unbatch().batch(options.data.batch_size)

    def draw(self):
        """The sheet of the sample images, and their mean histograms."""
        rgb, samples = self._evaluation_samples(self._translate(self._sample_batch))
        return image_sheet(zip(*rgb.values(), strict=True)), metrics.mean_histograms(samples)

    def measure(self):
        """The mean EMD of outputs to references, by which the best checkpoint is chosen. NaN where an output is not
        finite."""
        samples = []
        for batch in itertools.takewhile(lambda _: not self.stop_signal.exit_code, self._measured_batches):
            images = self._translate(batch)
            if not tf.reduce_all(tf.math.is_finite(images["output"])):
                return math.nan
            samples += self._evaluation_samples(images)[1]
        return metrics.mean_emd(samples)

    def _translate(self, batch):
        """A batch's images, in the network's colors."""
        return self.model.translate(batch, self.options.run.training_mode_samples)

    def _evaluation_samples(self, images):
        """These images in RGB, and their evaluation samples."""
        rgb = batch_to_rgb(images, self.options.data.color_space)
        return rgb, metrics.evaluation_samples(rgb, **self.options.sample_arguments)
