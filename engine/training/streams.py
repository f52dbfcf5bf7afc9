"""A run's training batches: the pipeline's RGB samples, converted for the network."""

import itertools

from utils.colors import to_rgb
from utils.images import image_sheet, to_uint8

REFRESHING_BATCHES = 32  # at a momentum of 0.9 they leave 3 % of the old averages


class Streams:
    """The training batches from the model's step on.

    Args:
        model: `HueNet`.
        pipeline: `datasets.Pipeline` of the training split.
        make_batch: the run's `models.network_batch`.
        color_space: the network's colors.
        jitter: whether images are cropped at random and mirrored (`Pipeline.training_stream`).
        stop_signal: `StopSignal`. It ends `refreshing`.
    """

    def __init__(self, model, pipeline, *, make_batch, color_space, jitter, stop_signal):
        self._model, self._pipeline = model, pipeline
        self._make_batch, self._color_space = make_batch, color_space
        self._jitter, self._stop_signal = jitter, stop_signal

    def batches(self, **part):
        """The network's batches, or the part of them that `Pipeline.training_stream` names."""
        return self._samples(**part).map(self._make_batch, num_parallel_calls=2).prefetch(1)

    def distributed(self, strategy):
        """The batches, divided among the devices of a tf.distribute strategy."""
        return strategy.distribute_datasets_from_function(
            lambda context: self.batches(
                worker=context.input_pipeline_id,
                workers=context.num_input_pipelines,
                replicas=context.num_replicas_in_sync,
            )
        )

    def refreshing(self):
        """The batches over which batch norm's statistics are averaged (`HueNet.inference_weights`)."""
        batches = self.batches().take(REFRESHING_BATCHES)
        return itertools.takewhile(lambda _: not self._stop_signal.exit_code, batches)

    def next_batch(self):
        """The next step's batch: the names of its images, a sheet of them, and its arrays."""
        samples = next(iter(self._samples()))
        names = [self._pipeline.split.images.names[index] for index in samples.pop("index").numpy()]
        batch = self._make_batch(samples)
        columns = (to_uint8(to_rgb(images, self._color_space)) for images in batch.values())
        return names, image_sheet(zip(*columns, strict=True)), batch

    def _samples(self, **part):
        return self._pipeline.training_stream(self._jitter, start_step=self._model.step_counter.value(), **part)
