"""The options of a run: `load` them by task, file, flags; `save` them beside the run."""

from config.flags import training_parser
from config.loading import load, load_arguments, save

__all__ = ["load", "load_arguments", "save", "training_parser"]
