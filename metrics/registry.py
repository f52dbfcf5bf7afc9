"""The registry of metrics. To add a metric, write a function and register it with an explanation of its values."""

from typing import NamedTuple

import numpy as np

METRICS = {"sample": [], "set": []}
METRIC_TEXTS = {}


class MetricText(NamedTuple):
    """Explanation of a metric, shown on the pages.

    Attributes:
        family: ``"color"``, ``"structure"``, ``"likeness"`` or ``"distribution"``.
        better: ``"lower"`` or ``"higher"``.
        text: explanation of what the metric measures, and between which images.
        baseline: name of the metric that measures the same for the source, or an empty string if there is none.
    """

    family: str
    better: str
    text: str
    baseline: str = ""


def register(**texts):
    """Register a function of an `EvaluationSample`, with a `MetricText` for each name that it returns.

    Use this as a decorator. The function returns ``{name: number}``, which is empty if the metric does not apply. A
    name for a single channel, such as ``emd_output_u``, needs no text of its own.
    """
    return _register("sample", texts)


def register_for_sets(**texts):
    """Register a function of all images at once, with a `MetricText` for each name that it returns.

    Use this as a decorator. The function takes ``{image name: images}``. A name is, for example, ``output``; the
    images are a sequence of uint8 ``[H, W, 3]``. The function returns ``{name: number}``, or a string with the reason
    why the metric is left out.
    """
    return _register("set", texts)


def _register(kind, texts):
    def add(metric):
        METRICS[kind].append(metric)
        METRIC_TEXTS.update(texts)
        return metric

    return add


def measure(sample):
    """Compute all metrics of one sample: ``{name: float}``."""
    return {name: float(value) for metric in METRICS["sample"] for name, value in metric(sample).items()}


def measure_set(images):
    """Compute all metrics of a set of images. Return ``{name: float}`` and the reasons why metrics were left out."""
    values, left_out = {}, []
    for metric in METRICS["set"]:
        result = metric(images)
        if isinstance(result, str):
            left_out.append(result)
        else:
            values |= {name: float(value) for name, value in result.items()}
    return values, left_out


def summarize(rows):
    """Compute the mean and standard deviation of each metric over the images: ``{name: {"mean", "std"}}``.

    Args:
        rows: list of ``{name: value}``, one dict per image.
    """
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {name: {"mean": float(values.mean()), "std": float(values.std())} for name, values in columns.items()}


def explain(names):
    """Return the explanations of metrics: ``{name: {"family", "better", "text", "baseline", "channel"}}``.

    For a metric of a single channel, ``channel`` is the channel's name, ``text`` is the text of the metric over all
    channels, and ``baseline`` is the baseline for this channel. For other metrics, ``channel`` is empty.

    Raises:
        KeyError: a metric was registered without a `MetricText`.
    """
    return {name: _explain(name) for name in names}


def _explain(name):
    mean, _, channel = (name, "", "") if name in METRIC_TEXTS else name.rpartition("_")
    if mean not in METRIC_TEXTS:
        raise KeyError(f"the metric {name} has no MetricText: register its function with one")
    row = METRIC_TEXTS[mean]
    baseline = f"{row.baseline}_{channel}" if row.baseline and channel else row.baseline
    return row._asdict() | {"baseline": baseline, "channel": channel}
