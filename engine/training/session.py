"""A session of a run: what happens beside its steps, from a start or a checkpoint to the end or a signal."""

import math

import config
from engine.checkpoints import Checkpoints, is_measured, newest_checkpoint, restore
from engine.distributed import Follower, meet
from engine.run_folder import append_line, truncate_logs, truncate_samples, user_error_if_not_writable
from engine.training.callbacks import Epochs, MetricsLog, SampleImages, StepsLog
from engine.training.nonfinite import NonFinite
from engine.training.validation import Validation

STEPS_UNSEEN = 100  # from one check for values that are not finite to the next, where run.log_every is 0


class Session:
    """Fills a run's folder. Of several workers only the chief does; the others follow it.

    Args:
        run: `TrainingRun`.

    Attributes:
        validation: `Validation`; the chief's alone.
    """

    def __init__(self, run):
        self._run, self._options, self._folder = run, run.options, run.folder
        if run.is_chief:
            split = run.dataset.splits["validation"]
            self.validation = Validation(run.model, split, run.options, stop_signal=run.stop_signal)

    def begin(self):
        """Bring the model and the folder to where training starts, and log it."""
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
        """What happens beside the steps, in its order: non-finite steps, logs, samples, checkpoints.

        ``epochs``: `Epochs`, which counts the steps.
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
        """Remove what the folder holds of later steps."""
        if not self._run.is_chief:
            return
        with user_error_if_not_writable(self._folder):
            # Samples before training are of epoch 0.
            epochs = step // self._run.pipeline.steps_per_epoch if step else -1
            truncate_logs(self._folder / "logs", epochs=epochs, steps=step)
            truncate_samples(self._folder / "samples", epochs)

    def complete(self):
        """Make the last samples and the last checkpoint where they are missing or unmeasured.

        A signal may have cut them short, or the generator has no weights, so that no step is taken.
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
        """Say where the results are, and wait for the other workers: TensorFlow would take one that leaves for dead."""
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
    """What is printed before the first step: the environment; data, steps and parameters."""
    options, splits = run.options, run.dataset.splits
    made_with = {name: value for name, value in run.metadata.items() if name != "data"}
    cached = f"--cache memory takes {run.cached_bytes / 1e9:.2f} GB; " if run.cached_bytes else ""
    parameters = [f"{model.count_params():,} in the {name}" for name, model in run.model.networks.items()]
    if not options.data.validation:
        splits = {name: split for name, split in splits.items() if name != "validation"}
    counts = ", ".join(f"{len(split.images)} {name.replace('train', 'training')}" for name, split in splits.items())
    return (
        ", ".join(f"{name} {value}" for name, value in {**made_with, "seed": options.run.seed}.items()),
        f"{options.task} on {options.data.dataset} ({run.dataset.description}): "
        f"{counts} images; {run.last_step} steps, {run.pipeline.steps_per_epoch} an epoch; "
        f"parameters: {', '.join(parameters)}; {cached}results in {run.folder}",
    )
