"""Start a training. What can be checked without TensorFlow, which takes seconds to import, is checked before it."""

from pathlib import Path

import engine
from engine.factory import open_dataset
from engine.run_folder import refuse_taken_folder


def train(options, resume=None):
    """Train as the options say and fill the run's folder, or resume the run in the folder ``resume``.

    Raises:
        UserError: for a folder that is taken, a data set that cannot be used, and options that do not go together.
    """
    folder, resumed = Path(resume or options.run_folder), bool(resume)
    # Of several machines only the chief holds the folder, and only TensorFlow can tell which machine that is.
    if not options.run.several_machines:
        refuse_taken_folder(folder, resume=resumed, overwrite=options.run.overwrite)
    dataset = open_dataset(options, "train", "validation", "test")
    engine.run_training(options, dataset, folder, resumed=resumed)
