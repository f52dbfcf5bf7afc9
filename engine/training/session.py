"""A session of a run: one process that starts or resumes it, and ends with the last step or by a signal."""

import math

import config
from engine.checkpoints import Checkpoints, is_measured, newest_checkpoint, restore
from engine.distributed import Follower, meet
from engine.run_folder import append_line, truncate_logs, truncate_samples, user_error_if_not_writable
from engine.training.callbacks import Epochs, MetricsLog, SampleImages, StepsLog
from engine.training.nonfinite import NonFinite
from engine.training.validation import Validation

STEPS_UNSEEN = 100  # steps between checks for non-finite values if run.log_every is 0


class Session:
    """Writes logs, samples and checkpoints to a run's folder. With several workers, only the chief writes.

    Args:
        run: `TrainingRun`.

    Attributes:
        validation: `Validation`. Only the chief has this attribute.
    """

    def __init__(self, run):
        self._run, self._options, self._folder = run, run.options, run.folder
        if run.is_chief:
            split = run.dataset.splits["validation"]
            self.validation = Validation(run.model, split, run.options, stop_signal=run.stop_signal)

    def begin(self):
        """Restore the model if the run is resumed, save the settings, and log the start of the session."""
        run, options = self._run, self._options
        changed = config.changes(config.load_run(self._folder), options) if run.resumed else {}
        if run.resumed:
            restore(self._folder, run.model, run.metadata)
        meet(run.strategy, run.step, f"checkpoint (this one's is of step {run.step})")
        if not run.is_chief:
            return
        with user_error_if_not_writable(self._folder):
            config.save(options, self._folder / config.SETTINGS)
            start = {"step": run.step, "seed": options.run.seed, "changed": changed}
            append_line(self._folder / "logs" / "sessions.jsonl", run.metadata | start)
        if run.resumed:
            print(f"{self._folder} resumes at step {run.step}; changed: {config.in_words(changed) or 'nothing'}")
        print(*_opening_lines(run), sep="\n", flush=True)

    def callbacks(self, epochs):
        """Return the callbacks in the order of their calls: checks, logs, samples, checkpoints.

        ``epochs`` is the `Epochs` that counts the steps. Workers other than the chief get only a `Follower`.
        """
        run, options, logs = self._run, self._options.run, self._folder / "logs"
        if not run.is_chief:
            return [Follower(run.stop_signal)]
        saving = Checkpoints(
            self._folder,
            every=options.checkpoint_every,
            minutes=options.checkpoint_minutes,
            max_to_keep=options.max_to_keep,
            stop_signal=run.stop_signal,
            batches=run.streams.refreshing,
            measure=self.validation.measure,
            metadata=run.metadata,
        )
        nonfinite = NonFinite(
            self._folder / "nonfinite",
            epochs,
            every=options.log_every or STEPS_UNSEEN,
            skip=options.on_nonfinite == "skip",
            next_batch=run.streams.next_batch,
            save=saving.save,
        )
        samples = SampleImages(
            self._folder / "samples",
            logs / "samples",
            every=options.sample_every,
            draw=self.validation.draw,
            batches=run.streams.refreshing,
            stop_signal=run.stop_signal,
        )
        return [nonfinite, MetricsLog(logs), StepsLog(logs, epochs, every=options.log_every), samples, saving]

    def truncate(self, step):
        """Remove all log entries and samples that belong to steps after ``step``."""
        if not self._run.is_chief:
            return
        with user_error_if_not_writable(self._folder):
            # The samples drawn before training belong to epoch 0.
            epochs = step // self._run.pipeline.steps_per_epoch if step else -1
            truncate_logs(self._folder / "logs", epochs=epochs, steps=step)
            truncate_samples(self._folder / "samples", epochs)

    def complete(self):
        """Draw the last samples if they are missing, and save the last checkpoint if it is missing or was not measured.

        This is needed if a signal cut them short, or if the generator has no weights, so that there are no steps.
        """
        run = self._run
        if not run.is_chief:
            return
        *_, samples, saving = self.callbacks(Epochs(run.pipeline.steps_per_epoch, run.last_step))
        for callback in (samples, saving):
            callback.set_model(run.model)
        drawn = samples.complete(math.ceil(run.step / run.pipeline.steps_per_epoch))
        newest = newest_checkpoint(self._folder)
        if drawn or not newest or not is_measured(newest):
            saving.on_train_end()

    def end(self):
        """Print where the results are, and wait for the other workers.

        TensorFlow would treat a worker that exits early as lost.
        """
        run = self._run
        if run.is_chief:
            skipped = int(run.model.skipped.numpy())
            print(
                f"trained {run.step - skipped} of {run.last_step} steps{f', {skipped} skipped' if skipped else ''}; "
                f"now: python test.py --run {self._folder}",
                flush=True,
            )
        meet(run.strategy, run.step, "last step")


def _opening_lines(run):
    """Return the lines to print before the first step: the environment, then the data, steps and parameters."""
    options, splits = run.options, run.dataset.splits
    cached = f"--cache memory takes {run.cached_bytes / 1e9:.2f} GB; " if run.cached_bytes else ""
    parameters = [f"{model.count_params():,} in the {name}" for name, model in run.model.networks.items()]
    if not options.data.validation:
        splits = {name: split for name, split in splits.items() if name != "validation"}
    counts = ", ".join(f"{len(split.images)} {name.replace('train', 'training')}" for name, split in splits.items())
    return (
        ", ".join(f"{name} {value}" for name, value in {**run.environment, "seed": options.run.seed}.items()),
        f"{options.task} on {options.data.dataset} ({run.dataset.description}): "
        f"{counts} images; {_length(run)}; best checkpoint by {run.metadata['criterion']}; "
        f"parameters: {', '.join(parameters)}; {cached}results in {run.folder}",
    )


def _length(run):
    """Return the number of steps in words, and which part of the epochs it is if ``max_steps`` ends the run early."""
    per_epoch, epochs = run.pipeline.steps_per_epoch, run.options.run.epochs
    text = f"{run.last_step} steps, {per_epoch} an epoch"
    if 0 < run.last_step < epochs * per_epoch:
        share = 100 * run.last_step / (epochs * per_epoch)
        text += f" ({share:.3g} % of the {epochs:,} epochs that the settings are meant for)"
    return text
