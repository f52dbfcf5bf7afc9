"""The options of an earlier run: as it was trained, or to resume it."""

import argparse
from pathlib import Path

from config.loading import SETTINGS, load, read_settings
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


def load_arguments(arguments: argparse.Namespace):
    """`load` or, with ``--resume``, `load_resumed`, of what `config.training_parser` has parsed."""
    overrides = {name: value for name, value in vars(arguments).items() if value is not None}
    run = overrides.pop("resume", None)
    return load_resumed(run, **overrides) if run else load(**overrides)


def load_resumed(run, *, config=None, variant=None, **overrides):
    """The options of a run that is resumed: its own, and over them the ``overrides``, as in `load`.

    Raises:
        UserError: for a folder that is no run, or settings that would make another run of it.
    """
    before = load_run(run)
    for flag, value in (("--config", config), ("--variant", variant)):
        if value:
            raise UserError(f"{flag} {value} does not go with --resume: the settings are those of {_settings(run)}")
    after = _load_settings(run, **overrides)
    refused = {name: change for name, change in changes(before, after).items() if name not in CHANGEABLE}
    if refused:
        raise UserError(
            f"{run} goes on with its own settings ({in_words(refused)}): leave out what differs, but for "
            f"{', '.join(CHANGEABLE)}, or start another run from its weights with --output_pre_dir {run}"
        )
    return after


def load_run(run, set=()):
    """The options that a run was trained with, and over them ``set``, as in `load`.

    Raises:
        UserError: for a folder that is no run.
    """
    if not _settings(run).is_file():
        raise UserError(f"{run} is not a run: it has no {SETTINGS}; give the folder that train.py printed")
    return _load_settings(run, set=set)


def _load_settings(run, set=(), **overrides):
    """`load` of the run's settings. Those of runs that had no images for validation say nothing of them, and the seed
    of the run divided the images."""
    saved = read_settings(_settings(run))
    if "validation" not in saved.get("data", {}):
        set = ("data.validation=0", f"data.split_seed={saved.get('run', {}).get('seed', 0)}", *set)
    return load(config=_settings(run), set=set, **overrides)


def changes(before, after):
    """The nested options that differ: a dict of name to (before, after)."""
    old, new = (_flat(options.model_dump()) for options in (before, after))
    return {name: (old[name], value) for name, value in new.items() if value != old[name]}


def in_words(changed):
    """Of `changes`: ``run.epochs 20 -> 30, ...``."""
    return ", ".join(f"{name} {old} -> {new}" for name, (old, new) in changed.items())


def _settings(run):
    return Path(run) / SETTINGS


def _flat(values, prefix=""):
    """``{"a": {"b": 1}}`` to ``{"a.b": 1}``."""
    if not isinstance(values, dict):
        return {prefix: values}
    return {
        name: value
        for key, inner in values.items()
        for name, value in _flat(inner, f"{prefix}.{key}" if prefix else key).items()
    }
