"""The registry of metrics: to add one, write a function and register it."""

import numpy as np

METRICS = {"sample": [], "set": []}


def register(metric):
    """Register a metric of one sample.

    It is a function of an `EvaluationSample` that returns a dict of names and numbers, empty where it does not apply.
    """
    METRICS["sample"].append(metric)
    return metric


def register_for_sets(metric):
    """Register a metric of all images at once.

    It is a function of a dict of name (``output``, ...) to a sequence of uint8 images ``[H, W, 3]``. It returns a dict
    of names and numbers, or a text that says why it is left out.
    """
    METRICS["set"].append(metric)
    return metric


def measure(sample):
    """All metrics of one sample: a dict of names and floats."""
    return {name: float(value) for metric in METRICS["sample"] for name, value in metric(sample).items()}


def measure_set(images):
    """All metrics of a set of images: a dict of names and floats, and a list of texts about those left out."""
    values, left_out = {}, []
    for metric in METRICS["set"]:
        result = metric(images)
        if isinstance(result, str):
            left_out.append(result)
        else:
            values |= {name: float(value) for name, value in result.items()}
    return values, left_out


def summarize(rows):
    """Mean and standard deviation of each metric over the images: ``{name: {"mean", "std"}}``."""
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {name: {"mean": float(values.mean()), "std": float(values.std())} for name, values in columns.items()}
