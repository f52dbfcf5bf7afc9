"""A training run, from loading its data to its last step."""

import contextlib
import math

import datasets
from engine.checkpoints import checkpoints, load_weights
from engine.distributed import (
    checksum,
    distribution_strategy,
    meet,
    model_scope,
    set_precision,
    this_worker,
    trains_on_several,
    user_error_if_a_worker_ends,
    user_error_if_out_of_memory,
)
from engine.factory import build_model, network_images, open_pipeline
from engine.run_folder import StopSignal, environment, open_run_folder
from engine.training.callbacks import Epochs
from engine.training.determinism import deterministic
from engine.training.progress import Progress
from engine.training.schedules import compile_model
from engine.training.session import Session
from engine.training.streams import Streams


def run_training(options, dataset, folder, *, resumed=False):
    """Train on a `datasets.Dataset`, write the results to the run's folder, and print its path.

    With several workers, only the chief writes to the folder.
    """
    with deterministic(options.run.seed, to_the_bit=not trains_on_several(options)), StopSignal() as stop_signal:
        try:
            with user_error_if_a_worker_ends(folder) if options.run.several_machines else contextlib.nullcontext():
                run = TrainingRun(options, dataset, folder, stop_signal=stop_signal, resumed=resumed)
                held = open_run_folder(folder, resume=resumed, overwrite=options.run.overwrite)
                with held if run.is_chief else contextlib.nullcontext():
                    session = Session(run)
                    session.begin()
                    with user_error_if_out_of_memory("lower --batch_size, --img_h and --img_w, or --filters"):
                        run.fit(session)
                    session.end()
        except SystemExit:
            if not stop_signal.exit_code:
                raise
            stop_signal.exit()  # everything has been saved


class TrainingRun:
    """The data, model and training steps of a run.

    Args:
        options: the run's options.
        dataset: `datasets.Dataset`.
        folder: the run's folder.
        stop_signal: `StopSignal`.
        resumed: whether to continue the run that the folder already holds.

    Attributes:
        pipeline: the `datasets.Pipeline` of the training images.
        environment: a dict of the versions and the device.
        metadata: a dict that describes how the run is trained: its environment, a digest of the names of its training
            images, how they are shuffled, and the criterion that chooses the best checkpoint.
        last_step: the step at which training ends.
        streams: `Streams`.
    """

    def __init__(self, options, dataset, folder, *, stop_signal, resumed=False):
        self.options, self.dataset, self.folder = options, dataset, folder
        self.stop_signal, self.resumed = stop_signal, resumed
        self.strategy = distribution_strategy(options)
        self.is_chief = this_worker(self.strategy).is_chief
        self.pipeline = open_pipeline(options, dataset.splits["train"])
        self.cached_bytes = self.pipeline.cached_bytes(options.data.jitter)
        self.environment = environment()
        self.metadata = self.environment | {
            "data": self.pipeline.split.fingerprint(),
            "shuffle": datasets.SHUFFLE,
            "criterion": options.task_row.criterion,
        }
        meet(self.strategy, checksum(options, self.metadata["data"]), "options and training images")
        set_precision(options)
        with model_scope(self.strategy):
            self.model = build_model(options)
            compile_model(self.model, options, self.pipeline.steps_per_epoch)
        self.model.step_logs = False
        if options.run.output_pre_dir and not (resumed and checkpoints(folder)):
            load_weights(self.model, options.run.output_pre_dir)
        steps = min(options.run.epochs * self.pipeline.steps_per_epoch, options.run.max_steps or math.inf)
        self.last_step = steps if self.model.generator.trainable_variables else 0
        self.streams = Streams(
            self.model,
            self.pipeline,
            make_batch=network_images(options),
            color_space=options.data.color_space,
            jitter=options.data.jitter,
            stop_signal=stop_signal,
        )

    @property
    def step(self):
        """The number of training steps taken so far."""
        return self.model.step_counter.value()

    def fit(self, session):
        """Train from the model's current step to the last step. ``session`` is the `Session`."""
        start, steps_per_epoch = self.step, self.pipeline.steps_per_epoch
        if start >= self.last_step:
            session.complete()
            return
        epochs = Epochs(steps_per_epoch, self.last_step)
        progress = Progress(
            epochs,
            last_step=self.last_step,
            batch_size=self.options.data.batch_size,
            every=self.options.run.log_every,
        )
        session.truncate(start)
        with contextlib.closing(progress):
            self.model.fit(
                self.streams.distributed(self.strategy),
                initial_epoch=start // steps_per_epoch,
                epochs=math.ceil(self.last_step / steps_per_epoch),
                steps_per_epoch=steps_per_epoch,
                shuffle=False,
                verbose=0,
                callbacks=[epochs, *session.callbacks(epochs), *([progress] if self.is_chief else [])],
            )
