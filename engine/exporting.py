"""Export a run's generator."""

from pathlib import Path

import models
from engine.build import load_translator
from utils import check_folder


def export(options, run, *, folder, checkpoint=None):
    """Write the generator as generator.keras, which needs this project, and as saved_model, which needs TensorFlow.

    Raises:
        UserError: for a folder that holds something, and a run without a checkpoint.
    """
    folder = Path(folder)
    check_folder(folder, "--export")
    model, translator, checkpoint, step = load_translator(options, run, checkpoint)
    models.export(model, translator, folder)
    print(f"{checkpoint}, step {step}: {folder / 'generator.keras'} and {folder / 'saved_model'}")
