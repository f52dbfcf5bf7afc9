"""The registry of metrics. To add one, write a function and register it with an explanation of its values."""

from typing import NamedTuple

import numpy as np

METRICS = {"sample": [], "set": []}
METRIC_TEXTS = {}


class MetricText(NamedTuple):
    """The explanation of a metric, which the pages show.

    Attributes:
        family: ``"color"``, ``"structure"``, ``"likeness"`` or ``"distribution"``.
        better: ``"lower"`` or ``"higher"``.
        text: one or two sentences on what it measures, between which images.
        baseline: name of the metric that measures the same for the source; empty if there is none.
    """

    family: str
    better: str
    text: str
    baseline: str = ""


def register(**texts):
    """Decorator that registers a function of an `EvaluationSample`, with a `MetricText` for each name that it returns.

    The function returns a dict from names to numbers, empty if the metric does not apply. The name of a single channel,
    such as ``emd_output_u``, needs no text of its own.
    """
    return _register("sample", texts)


def register_for_sets(**texts):
    """Decorator that registers a function of all images at once, with a `MetricText` for each name that it returns.

    The function takes a dict from a name (``output``, ...) to a sequence of uint8 images ``[H, W, 3]``. It returns a
    dict from names to numbers, or a string that says why the metric is left out.
    """
    return _register("set", texts)


def _register(kind, texts):
    def add(metric):
        METRICS[kind].append(metric)
        METRIC_TEXTS.update(texts)
        return metric

    return add


def measure(sample):
    """All metrics of one sample: a dict from names to floats."""
    return {name: float(value) for metric in METRICS["sample"] for name, value in metric(sample).items()}


def measure_set(images):
    """All metrics of a set of images: a dict from names to floats, and a list of reasons for those left out."""
    values, left_out = {}, []
    for metric in METRICS["set"]:
        result = metric(images)
        if isinstance(result, str):
            left_out.append(result)
        else:
            values |= {name: float(value) for name, value in result.items()}
    return values, left_out


def summarize(rows):
    """Mean and standard deviation of each metric over the images, ``{name: {"mean", "std"}}``.

    Args:
        rows: list of one dict of metrics per image.
    """
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {name: {"mean": float(values.mean()), "std": float(values.std())} for name, values in columns.items()}


def explain(names):
    """Explain metrics by their names: ``{name: {"family", "better", "text", "baseline", "channel"}}``.

    A metric of a single channel has that channel's name, the text of the metric over all channels, and the baseline of
    the same channel. For other metrics ``channel`` is empty.

    Raises:
        KeyError: if a metric was registered without a `MetricText`.
    """
    return {name: _explain(name) for name in names}


def _explain(name):
    mean, _, channel = (name, "", "") if name in METRIC_TEXTS else name.rpartition("_")
    if mean not in METRIC_TEXTS:
        raise KeyError(f"the metric {name} has no MetricText: register its function with one")
    row = METRIC_TEXTS[mean]
    baseline = f"{row.baseline}_{channel}" if row.baseline and channel else row.baseline
    return row._asdict() | {"baseline": baseline, "channel": channel}
