"""The options of a run: `load` them by task, file, flags; `save` them beside the run, and load that to go on."""

from config.flags import training_parser
from config.loading import load, save
from config.resuming import changes, in_words, load_arguments, load_run

__all__ = ["changes", "in_words", "load", "load_arguments", "load_run", "save", "training_parser"]
