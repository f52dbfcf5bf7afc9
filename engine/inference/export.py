"""Export a run's generator."""

from pathlib import Path

import tensorflow as tf

from engine.factory import load_translator
from utils import atomic_folder, check_folder


def export(options, run, *, folder, checkpoint=None):
    """Export the generator of a run, as `write_export`.

    Args:
        options: the run's.
        run: the run's folder.
        folder: a new or empty folder. It appears when it is complete.
        checkpoint: the checkpoint to use, a path or ``"best"``; None: the newest.

    Raises:
        UserError: for a folder that holds something, and a run without a checkpoint.
    """
    folder = Path(folder)
    check_folder(folder, "--export")
    model, translator, checkpoint, step = load_translator(options, run, checkpoint)
    write_export(model, translator, folder)
    print(f"{checkpoint}, step {step}: {folder / 'generator.keras'} and {folder / 'saved_model'}")


def write_export(model, translator, folder):
    """Write ``folder/generator.keras``, which needs this project, and ``folder/saved_model``, which needs TensorFlow.

    generator.keras maps ``[source, reference_histogram]`` to the image, in the network's colors. saved_model is the
    translator: loaded with `tf.saved_model.load`, it is called in the same way. Its functions are there too, also as
    signatures.

    Args:
        model: `HueNet`.
        translator: the model's `models.Translator`.
        folder: a new or empty folder. It appears when it is complete.
    """
    signatures = {
        "serving_default": translator.__call__.get_concrete_function(translator.images, translator.images),
        "translate": translator.translate,
        "histogram": translator.histogram,
        "blend": translator.blend,
        "source": translator.source,
    }
    with atomic_folder(folder, "--export") as partial:
        model.image_generator.save(partial / "generator.keras")
        tf.saved_model.save(translator, str(partial / "saved_model"), signatures)
