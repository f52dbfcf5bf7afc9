"""The training batches of a run: RGB samples from the pipeline, converted to the network's colors."""

import itertools

from utils.colors import to_rgb
from utils.images import image_sheet, to_uint8

REFRESHING_BATCHES = 32  # at a momentum of 0.9, 3 % of the old averages remain after them


class Streams:
    """Training batches, starting at the model's current step.

    Args:
        model: `HueNet`.
        pipeline: `datasets.Pipeline` of the training split.
        make_batch: a function that converts samples to the network's batch: `models.network_batch` with the run's
            settings.
        color_space: the color space of the network's images.
        jitter: whether to augment images by random crops and mirroring (see `Pipeline.training_stream`).
        stop_signal: `StopSignal`. A signal ends the batches of `refreshing`.
    """

    def __init__(self, model, pipeline, *, make_batch, color_space, jitter, stop_signal):
        self._model, self._pipeline = model, pipeline
        self._make_batch, self._color_space = make_batch, color_space
        self._jitter, self._stop_signal = jitter, stop_signal

    def batches(self, **part):
        """Return the network's batches. ``part`` selects a part of them, as in `Pipeline.training_stream`."""
        return self._samples(**part).map(self._make_batch, num_parallel_calls=2).prefetch(1)

    def distributed(self, strategy):
        """Return the batches, divided among the devices of a tf.distribute strategy."""
        return strategy.distribute_datasets_from_function(
            lambda context: self.batches(
                worker=context.input_pipeline_id,
                workers=context.num_input_pipelines,
                replicas=context.num_replicas_in_sync,
            )
        )

    def refreshing(self):
        """Return the batches that `HueNet.inference_weights` averages batch norm's statistics over."""
        batches = self.batches().take(REFRESHING_BATCHES)
        return itertools.takewhile(lambda _: not self._stop_signal.exit_code, batches)

    def next_batch(self):
        """Return the batch of the next step: the names of its images, a sheet of the images, and a dict of arrays."""
        samples = next(iter(self._samples()))
        names = [self._pipeline.split.images.names[index] for index in samples.pop("index").numpy()]
        batch = self._make_batch(samples)
        columns = (to_uint8(to_rgb(images, self._color_space)) for images in batch.values())
        return names, image_sheet(zip(*columns, strict=True)), batch

    def _samples(self, **part):
        return self._pipeline.training_stream(self._jitter, start_step=self._model.step_counter.value(), **part)
