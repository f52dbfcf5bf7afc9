"""The registry of metrics: to add one, write a function and register it with what its figures say."""

from typing import NamedTuple

import numpy as np

METRICS = {"sample": [], "set": []}
METRIC_TEXTS = {}


class MetricText(NamedTuple):
    """What a page says of a metric.

    Attributes:
        family: ``"color"``, ``"structure"``, ``"likeness"`` or ``"distribution"``.
        better: ``"lower"`` or ``"higher"``.
        text: a sentence or two: what it measures, of which images.
        baseline: the name of the metric that measures the same of the source; empty where there is none.
    """

    family: str
    better: str
    text: str
    baseline: str = ""


def register(**texts):
    """Register a metric of one sample, with the `MetricText` of each name that it gives.

    It is a function of an `EvaluationSample` that returns a dict of names and numbers, empty where it does not apply. A
    channel's name, ``emd_output_u``, needs no text of its own.
    """
    return _register("sample", texts)


def register_for_sets(**texts):
    """Register a metric of all images at once, with the `MetricText` of each name that it gives.

    It is a function of a dict of name (``output``, ...) to a sequence of uint8 images ``[H, W, 3]``. It returns a dict
    of names and numbers, or a text that says why it is left out.
    """
    return _register("set", texts)


def _register(kind, texts):
    def add(metric):
        METRICS[kind].append(metric)
        METRIC_TEXTS.update(texts)
        return metric

    return add


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


def explain(names):
    """What a page says of the metrics of these names: ``{name: {"family", "better", "text", "baseline", "channel"}}``.

    ``channel`` is empty for a metric of all channels. That of a channel has the text of its mean, and the same
    channel's baseline.

    Raises:
        KeyError: for a metric that was registered without its text.
    """
    return {name: _explain(name) for name in names}


def _explain(name):
    mean, _, channel = (name, "", "") if name in METRIC_TEXTS else name.rpartition("_")
    if mean not in METRIC_TEXTS:
        raise KeyError(f"the metric {name} has no MetricText: register its function with one")
    row = METRIC_TEXTS[mean]
    baseline = f"{row.baseline}_{channel}" if row.baseline and channel else row.baseline
    return row._asdict() | {"baseline": baseline, "channel": channel}
