"""The registry of metrics."""

import numpy as np

METRICS = {"picture": [], "set": []}


def register(metric):
    """Register a metric of a picture: a function of an `Example` that returns a dict of names and numbers, empty where
    it does not apply."""
    METRICS["picture"].append(metric)
    return metric


def register_for_sets(metric):
    """Register a metric of all pictures at once: a function of a dict of name (``output``, ...) to a sequence of uint8
    ``[H, W, 3]`` that returns a dict of names and numbers, or a text that says why it is left out."""
    METRICS["set"].append(metric)
    return metric


def measure(example):
    """All metrics of one example: a dict of names and floats."""
    return {name: float(value) for metric in METRICS["picture"] for name, value in metric(example).items()}


def measure_set(pictures):
    """All metrics of a set of pictures: a dict of names and floats, and a list of texts about those left out."""
    values, left_out = {}, []
    for metric in METRICS["set"]:
        result = metric(pictures)
        if isinstance(result, str):
            left_out.append(result)
        else:
            values |= {name: float(value) for name, value in result.items()}
    return values, left_out


def summarize(rows):
    """Mean and standard deviation of each metric over the pictures: ``{name: {"mean", "std"}}``."""
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {name: {"mean": float(values.mean()), "std": float(values.std())} for name, values in columns.items()}
