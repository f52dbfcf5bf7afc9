"""One training run, from its data to its folder."""

import contextlib
import itertools
import math

import config
from engine.build import build_model, compile_model
from engine.callbacks import Epochs, MetricsLog, SampleImages, StepsLog
from engine.checkpoint_files import checkpoints, is_measured, newest_checkpoint
from engine.checkpointing import Checkpoints, load_weights, restore
from engine.data import open_pipeline
from engine.determinism import deterministic
from engine.devices import (
    distribution_strategy,
    model_scope,
    set_precision,
    trains_on_several,
    user_error_if_out_of_memory,
)
from engine.environment import environment
from engine.held_out import HeldOut
from engine.logs import append_line, truncate_logs, truncate_samples
from engine.nonfinite import NonFinite
from engine.progress import Progress
from engine.run_folder import open_run_folder, user_error_if_not_writable
from engine.signals import StopSignal
from engine.workers import Follower, checksum, meet, this_worker, user_error_if_a_worker_ends
from utils import batch_to_rgb, image_sheet

REFRESHING_BATCHES = 32  # at a momentum of 0.9 they leave 3 % of the old averages
STEPS_UNSEEN = 100  # from one check for values that are not finite to the next, where run.log_every is 0


def run_training(options, dataset, folder, *, resumed=False):
    """Train on a `datasets.Dataset`, fill the run's folder, and say where it is.

    Of several workers only the chief fills the folder.
    """
    with deterministic(options.run.seed, to_the_bit=not trains_on_several(options)), StopSignal() as stop_signal:
        try:
            with user_error_if_a_worker_ends(folder) if options.run.several_machines else contextlib.nullcontext():
                run = TrainingRun(options, dataset, folder, stop_signal=stop_signal, resumed=resumed)
                held = open_run_folder(folder, resume=resumed, overwrite=options.run.overwrite)
                with held if run.is_chief else contextlib.nullcontext():
                    run.begin()
                    with user_error_if_out_of_memory("lower --batch_size, --img_h and --img_w, or --filters"):
                        run.fit()
                    run.end()
        except SystemExit:
            if not stop_signal.exit_code:
                raise
            stop_signal.exit()  # all that the signal asked for is saved


class TrainingRun:
    """A run's data, model and folder, and what happens beside its steps.

    Args:
        options: the run's.
        dataset: `datasets.Dataset`.
        folder: the run's.
        stop_signal: `StopSignal`.
        resumed: whether the folder holds the run already, and training goes on.
    """

    def __init__(self, options, dataset, folder, *, stop_signal, resumed=False):
        self.options, self.dataset, self.folder = options, dataset, folder
        self.stop_signal, self.resumed = stop_signal, resumed
        self.strategy = distribution_strategy(options)
        self.is_chief = this_worker(self.strategy).is_chief
        self.pipeline = open_pipeline(options, dataset.splits["train"])
        self._cached = self.pipeline.cached_bytes(options.data.jitter)
        self.metadata = environment() | {"data": self.pipeline.split.fingerprint()}
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
        if self.is_chief:
            self.held_out = HeldOut(self.model, dataset.splits["validation"], options, stop_signal=stop_signal)

    @property
    def step(self):
        """The number of steps taken."""
        return self.model.step_counter.value()

    def begin(self):
        """Bring the model and the folder to where training starts, and log it."""
        options, folder = self.options, self.folder
        changed = config.changes(config.load_run(folder), options) if self.resumed else {}
        if self.resumed:
            restore(folder, self.model, self.metadata)
        meet(self.strategy, self.step, f"checkpoint (this one's is of step {self.step})")
        if self.is_chief:
            self._log_start(changed)

    def _log_start(self, changed):
        """Save the settings and log the start. ``changed``: the options that a resumed run has changed."""
        options, folder = self.options, self.folder
        with user_error_if_not_writable(folder):
            config.save(options, folder / config.SETTINGS)
            start = {"step": self.step, "seed": options.run.seed, "changed": changed}
            append_line(folder / "logs" / "sessions.jsonl", self.metadata | start)
        if self.resumed:
            print(f"{folder} goes on at step {self.step}; changed: {config.in_words(changed) or 'nothing'}")
        made_with = {name: value for name, value in self.metadata.items() if name != "data"}
        print(", ".join(f"{name} {value}" for name, value in {**made_with, "seed": options.run.seed}.items()))
        cached = f"--cache memory takes {self._cached / 1e9:.2f} GB; " if self._cached else ""
        parameters = [f"{model.count_params():,} in the {name}" for name, model in self.model.networks.items()]
        splits = self.dataset.splits
        if not options.data.validation:
            splits = {name: split for name, split in splits.items() if name != "validation"}
        counts = ", ".join(f"{len(split.images)} {name.replace('train', 'training')}" for name, split in splits.items())
        print(
            f"{options.task} on {options.data.dataset} ({self.dataset.description}): "
            f"{counts} images; {self.last_step} steps, {self.pipeline.steps_per_epoch} an epoch; "
            f"parameters: {', '.join(parameters)}; {cached}results in {folder}",
            flush=True,
        )

    def fit(self):
        """Train from the model's step to the last one."""
        start, steps_per_epoch = self.step, self.pipeline.steps_per_epoch
        if start >= self.last_step:
            return self._complete() if self.is_chief else None
        epochs = Epochs(steps_per_epoch, self.last_step)
        progress = Progress(
            epochs,
            last_step=self.last_step,
            batch_size=self.options.data.batch_size,
            every=self.options.run.log_every,
        )
        if self.is_chief:
            self._truncate(start)
            callbacks = [epochs, *self._callbacks(epochs), progress]
        else:
            callbacks = [epochs, Follower(self.stop_signal)]
        with contextlib.closing(progress):
            self.model.fit(
                self._distributed_stream(),
                initial_epoch=start // steps_per_epoch,
                epochs=math.ceil(self.last_step / steps_per_epoch),
                steps_per_epoch=steps_per_epoch,
                shuffle=False,
                verbose=0,
                callbacks=callbacks,
            )

    def _truncate(self, step):
        """Remove what the folder holds of later steps."""
        with user_error_if_not_writable(self.folder):
            epochs = step // self.pipeline.steps_per_epoch if step else -1  # samples before training are of epoch 0
            truncate_logs(self.folder / "logs", epochs=epochs, steps=step)
            truncate_samples(self.folder / "samples", epochs)

    def _complete(self):
        """Make the last samples and the last checkpoint, if a signal kept them from being made or measured, or if the
        generator has no weights, so that no step is taken."""
        *_, samples, saving = self._callbacks(Epochs(self.pipeline.steps_per_epoch, self.last_step))
        for callback in (samples, saving):
            callback.set_model(self.model)
        drawn = samples.complete(math.ceil(self.step / self.pipeline.steps_per_epoch))
        newest = newest_checkpoint(self.folder)
        if drawn or not newest or not is_measured(newest):
            saving.on_train_end()

    def end(self):
        """Say where the results are. Wait for the other workers: TensorFlow takes one that leaves for one that died."""
        if self.is_chief:
            skipped = int(self.model.skipped.numpy())
            print(
                f"trained {self.step - skipped} of {self.last_step} steps{f', {skipped} skipped' if skipped else ''}; "
                f"now: python test.py --run {self.folder}",
                flush=True,
            )
        meet(self.strategy, self.step, "last step")

    def _callbacks(self, epochs):
        """What happens beside the steps, in its order: non-finite steps, logs, samples, checkpoints."""
        run, logs = self.options.run, self.folder / "logs"
        saving = Checkpoints(
            self.folder,
            every=run.checkpoint_every,
            minutes=run.checkpoint_minutes,
            max_to_keep=run.max_to_keep,
            stop_signal=self.stop_signal,
            batches=self._refreshing_batches,
            measure=self.held_out.measure,
            metadata=self.metadata,
        )
        nonfinite = NonFinite(
            self.folder / "nonfinite",
            epochs,
            every=run.log_every or STEPS_UNSEEN,
            skip=run.on_nonfinite == "skip",
            next_batch=self._next_batch,
            save=saving.save,
        )
        return [
            nonfinite,
            MetricsLog(logs),
            StepsLog(logs, epochs, every=run.log_every),
            SampleImages(
                self.folder / "samples",
                logs / "samples",
                every=run.sample_every,
                draw=self.held_out.draw,
                batches=self._refreshing_batches,
                stop_signal=self.stop_signal,
            ),
            saving,
        ]

    def _training_stream(self, **part):
        """The training batches from the model's step on, or the part of them that `Pipeline.training_stream` names."""
        return self.pipeline.training_stream(self.options.data.jitter, start_step=self.step, **part)

    def _distributed_stream(self):
        """The training batches, divided among the strategy's devices."""
        return self.strategy.distribute_datasets_from_function(
            lambda context: self._training_stream(
                worker=context.input_pipeline_id,
                workers=context.num_input_pipelines,
                replicas=context.num_replicas_in_sync,
            )
        )

    def _refreshing_batches(self):
        """The batches over which batch norm's statistics are averaged (`HueNet.inference_weights`)."""
        batches = self._training_stream().take(REFRESHING_BATCHES)
        return itertools.takewhile(lambda _: not self.stop_signal.exit_code, batches)

    def _next_batch(self):
        """The next step's batch: the names of its images, a sheet of them, and its arrays."""
        batch = next(iter(self._training_stream()))
        names = [self.pipeline.split.images.names[index] for index in batch.pop("index").numpy()]
        rgb = batch_to_rgb(batch, self.options.data.color_space)
        return names, image_sheet(zip(*rgb.values(), strict=True)), batch
