"""Export a run's generator."""

from pathlib import Path

import tensorflow as tf

import models
from engine.factory import load_translator
from engine.inference.runtimes import write_onnx, write_tflite
from utils import UserError, atomic_folder, check_folder


def export(options, run, *, folder, checkpoint=None, size=None):
    """Export the generator of a run with `write_export` and `write_for_runtimes`. Print what was written.

    Args:
        options: the run's options.
        run: the run's folder.
        folder: a new or empty folder. It is created only once the export is complete.
        checkpoint: a path, ``"best"``, or None for the newest checkpoint.
        size: ``(H, W)`` of the images of translate.tflite, or None for the network's size.

    Raises:
        UserError: if the folder is not empty, the run has no checkpoint, or the network does not take the size.
    """
    folder, size = Path(folder), size or options.image_size
    any_size = models.GENERATORS[options.model.generator].any_size
    if not any_size and size != options.image_size:
        own, given = ("{}x{}".format(*each) for each in (options.image_size, size))
        raise UserError(f"--size: got {given}, and this {options.model.generator} takes {own} alone; leave it out")
    check_folder(folder, "--export")
    model, translator, checkpoint, step = load_translator(options, run, checkpoint)
    with atomic_folder(folder, "--export") as partial:
        write_export(model, translator, partial)
        lines = write_for_runtimes(
            translator, partial, size=size, any_size=any_size, takes_reference=options.takes_reference
        )
    print(f"{checkpoint}, step {step}, in {folder}:", "generator.keras", "saved_model", *lines, sep="\n")


def write_export(model, translator, folder):
    """Write ``folder/generator.keras`` and ``folder/saved_model``.

    generator.keras maps ``[source, reference_histogram]`` to the image, in the network's colors. Loading it requires
    this project. saved_model is the translator. Loading it with `tf.saved_model.load` requires only TensorFlow, and the
    loaded object is called like the translator. The translator's functions are available as methods and as signatures.

    Args:
        model: `HueNet`.
        translator: the model's `models.Translator`.
        folder: an empty folder.
    """
    signatures = {
        "serving_default": translator.__call__.get_concrete_function(translator.images, translator.images),
        "translate": translator.translate,
        "histogram": translator.histogram,
        "blend": translator.blend,
        "source": translator.source,
    }
    model.image_generator.save(folder / "generator.keras")
    tf.saved_model.save(translator, str(folder / "saved_model"), signatures)


def write_for_runtimes(translator, folder, *, size, any_size, takes_reference):
    """Write ``folder/translate.tflite`` and ``folder/translate.onnx``, each unless its runtime lacks what it needs.

    Both are the translator's ``translate`` for one source.

    Args:
        translator: `models.Translator`.
        folder: a folder.
        size: ``(H, W)`` of the images of translate.tflite.
        any_size: whether the network takes any size. translate.onnx then does too; else its size is ``size``.
        takes_reference: whether the generator takes a reference.

    Returns:
        For each file a line that says what was written, or why it is left out.
    """
    fixed = translator.at_size(*size, takes_reference=takes_reference)
    free = translator.at_size(None, None, takes_reference=takes_reference) if any_size else fixed
    written, lines = "{}x{} images".format(*size), []
    for name, write, function, images in (
        ("translate.tflite", write_tflite, fixed, written),
        ("translate.onnx", write_onnx, free, "images of any size" if any_size else written),
    ):
        try:
            write(function, folder / name)
        except UserError as error:
            lines.append(f"{name} is left out: {error}")
        else:
            lines.append(f"{name}, for {images}")
    return lines
