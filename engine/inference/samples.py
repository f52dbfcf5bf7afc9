"""Translate a batch of samples, for validation and for test.py."""

import numpy as np

import metrics
from utils.images import to_integers, with_depth


def translated_samples(translator, batch, options, *, exemplar=False):
    """Translate a batch, and return the `metrics.EvaluationSample` of each image.

    Args:
        translator: `models.Translator`.
        batch: a batch of RGB images from `datasets.Pipeline.evaluation_batches`.
        options: the run's options.
        exemplar: whether the references are exemplars.

    Raises:
        NotFiniteError: if an output is not finite.
    """
    dtype = translator.images.dtype.as_numpy_dtype
    images = {name: to_integers(batch[name], dtype) for name in ("source", "reference", "target") if name in batch}
    images.setdefault("reference", images.get("target"))
    shown = {
        "source": translator.source(images["source"]).numpy(),
        "reference": images["reference"],
        "output": translator.outputs(images["source"], translator.histogram(images["reference"])),
    }
    if "target" in images:
        shown["target"] = images["target"]
    rgb = {name: with_depth(values, np.uint8) for name, values in shown.items()}
    return metrics.evaluation_samples(rgb, **options.sample_arguments, exemplar=exemplar)
