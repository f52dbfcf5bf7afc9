"""The registry of metrics, and the pictures that they measure."""

from typing import NamedTuple

import numpy as np

METRICS = []


class Example(NamedTuple):
    """One test picture and what it was made from: dicts by ``source``, ``reference``, ``output``, ``target``."""

    colors: dict
    """float32 ``[H, W, C]`` in the colours of the histograms"""
    rgb: dict
    """uint8 ``[H, W, 3]``"""
    content: str
    """the key of the picture whose structure the output should keep"""
    channels: tuple
    """the names of the output's channels"""
    histogram: dict
    """the options of `histogram_layers.soft_histogram`"""


def register(metric):
    """Register a metric: a function of an `Example` that returns a dict of names and numbers, empty where it
    does not apply."""
    METRICS.append(metric)
    return metric


def measure(example):
    """All registered metrics of one example: a dict of names and floats."""
    return {name: float(value) for metric in METRICS for name, value in metric(example).items()}


def summarize(rows):
    """Mean and standard deviation of each metric over the pictures: ``{name: {"mean", "std"}}``."""
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {name: {"mean": float(values.mean()), "std": float(values.std())} for name, values in columns.items()}
