"""Start a training run.

TensorFlow takes seconds to import, so everything that can be checked without it is checked first.
"""

from pathlib import Path

import engine
from engine.factory import open_dataset
from engine.run_folder import refuse_taken_folder


def train(options, resume=None):
    """Train with the given options in a new run folder, or resume the run in the folder ``resume``.

    Raises:
        UserError: if the folder is taken, the data set cannot be used, or the options contradict each other.
    """
    folder, resumed = Path(resume or options.run_folder), bool(resume)
    # With several machines, only the chief locks the folder, and only TensorFlow can tell which one is the chief.
    if not options.run.several_machines:
        refuse_taken_folder(folder, resume=resumed, overwrite=options.run.overwrite)
    dataset = open_dataset(options, "train", "validation", "test")
    engine.run_training(options, dataset, folder, resumed=resumed)
