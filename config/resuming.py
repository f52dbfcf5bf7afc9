"""Load the options of an earlier run, to use the run or to resume it."""

from pathlib import Path

from config.loading import SETTINGS, load, read_settings
from models import SHIPPED
from utils import UserError

CHANGEABLE = (
    "run.epochs",
    "run.max_steps",
    "optimizer.generator_learning_rate",
    "optimizer.discriminator_learning_rate",
    "losses.vgg_weights",
    "optimizer.decay",
    "optimizer.decay_from_epoch",
    "optimizer.decay_rate",
    "run.checkpoint_every",
    "run.checkpoint_minutes",
    "run.max_to_keep",
    "run.log_every",
    "run.sample_every",
    "run.on_nonfinite",
    "data.dataroot",
    "data.tfds_data_dir",
    "data.cache",
)


def load_resumed(run, *, config=None, variant=None, **overrides):
    """Load the options of a run to resume: its own options, changed by the ``overrides`` as in `load`.

    Raises:
        UserError: if the folder is not a run, or if an option differs that cannot change within a run.
    """
    before = load_run(run)
    for flag, value in (("--config", config), ("--variant", variant)):
        if value:
            raise UserError(f"{flag} {value} does not go with --resume: the settings are those of {_settings(run)}")
    after = _load_settings(run, **overrides)
    refused = {name: change for name, change in changes(before, after).items() if name not in CHANGEABLE}
    if refused:
        raise UserError(
            f"{run} is resumed with its own settings ({in_words(refused)} cannot change): leave out the options that "
            f"differ, except {', '.join(CHANGEABLE)}, or start another run from its weights with --output_pre_dir {run}"
        )
    return after


def load_run(run, assignments=()):
    """Load the options that a run was trained with, changed by the ``assignments`` as in `load`.

    Args:
        run: a run's folder or, if there is no such run, the name of a run that comes with the project.
        assignments: as in `load`.

    Raises:
        UserError: if the folder is not a run.
    """
    if not _settings(run).is_file() and str(run) in SHIPPED:
        return load(config=SHIPPED[str(run)], assignments=assignments)
    if not _settings(run).is_file():
        raise UserError(f"{run} is not a run: it has no {SETTINGS}; give the folder that train.py printed")
    return _load_settings(run, assignments=assignments)


def _load_settings(run, *, assignments=(), **overrides):
    """Call `load` with the run's settings. Older runs have no option ``data.validation``: they held out no images, and
    the run's seed was the seed of their split."""
    saved = read_settings(_settings(run))
    if "validation" not in saved.get("data", {}):
        split_seed = saved.get("run", {}).get("seed", 0)
        assignments = ("data.validation=0", f"data.split_seed={split_seed}", *assignments)
    return load(config=_settings(run), assignments=assignments, **overrides)


def changes(before, after):
    """Return the nested options that differ: a dict from an option's name to ``(before, after)``."""
    old, new = (_flat(options.model_dump()) for options in (before, after))
    return {name: (old[name], value) for name, value in new.items() if value != old[name]}


def in_words(changed):
    """Return `changes` as text: ``run.epochs 20 -> 30, ...``."""
    return ", ".join(f"{name} {old} -> {new}" for name, (old, new) in changed.items())


def _settings(run):
    return Path(run) / SETTINGS


def _flat(values, prefix=""):
    """Flatten ``{"a": {"b": 1}}`` to ``{"a.b": 1}``."""
    if not isinstance(values, dict):
        return {prefix: values}
    return {
        name: value
        for key, inner in values.items()
        for name, value in _flat(inner, f"{prefix}.{key}" if prefix else key).items()
    }
