"""The options of a run: `load` them by task, file, flags; `save` them beside the run."""

from config.flags import Parser, training_parser
from config.loading import load, load_arguments, save

__all__ = ["Parser", "load", "load_arguments", "save", "training_parser"]
