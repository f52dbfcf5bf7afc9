"""Export a run's generator."""

from pathlib import Path

import tensorflow as tf

from engine.factory import load_translator
from utils import atomic_folder, check_folder


def export(options, run, *, folder, checkpoint=None):
    """Export the generator of a run with `write_export`.

    Args:
        options: the run's options.
        run: the run's folder.
        folder: a new or empty folder. It is created only once the export is complete.
        checkpoint: a path, ``"best"``, or None for the newest checkpoint.

    Raises:
        UserError: if the folder is not empty, or the run has no checkpoint.
    """
    folder = Path(folder)
    check_folder(folder, "--export")
    model, translator, checkpoint, step = load_translator(options, run, checkpoint)
    write_export(model, translator, folder)
    print(f"{checkpoint}, step {step}: {folder / 'generator.keras'} and {folder / 'saved_model'}")


def write_export(model, translator, folder):
    """Write ``folder/generator.keras`` and ``folder/saved_model``.

    generator.keras maps ``[source, reference_histogram]`` to the image, in the network's colors. Loading it requires
    this project. saved_model is the translator. Loading it with `tf.saved_model.load` requires only TensorFlow, and the
    loaded object is called like the translator. The translator's functions are available as methods and as signatures.

    Args:
        model: `HueNet`.
        translator: the model's `models.Translator`.
        folder: a new or empty folder. It is created only once the export is complete.
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
