"""What test.py writes: each sample's files, metrics.json, metrics.jsonl and the page."""

import json
from pathlib import Path

from reports.charts import histogram_svg, joint_heat_map
from reports.gallery import write_gallery
from reports.tables import in_words
from utils import safe_name
from utils.images import save_image


def save_sample(folder, sample, *, name, number):
    """Write a sample's images, the chart of its histograms and the heat map of its joint histogram.

    Args:
        folder: of the report.
        sample: `metrics.EvaluationSample`.
        name, number: of the sample, for its files' names.

    Returns:
        Its ``images``, ``charts`` and ``joints``, each a dict of label to file, relative to the folder.
    """
    stem = f"{number:05d}_{safe_name(name)[:60]}"
    images = {label: f"images/{stem}_{label}.png" for label in ("source", "reference", "output", "target")}
    images = {label: file for label, file in images.items() if label in sample.rgb}
    for label, file in images.items():
        save_image(folder / file, sample.rgb[label])
    charts = {"histograms of output (red) and reference (gray)": f"histograms/{stem}.svg"}
    joints = {f"content down, output across: {', '.join(sample.channels)}": f"histograms/{stem}_joint.png"}
    (chart,), (joint,) = charts.values(), joints.values()
    save_image(folder / joint, joint_heat_map(sample.joint()))
    histograms = {label: sample.histogram(label) for label in ("reference", "output")}
    (folder / chart).write_text(histogram_svg(histograms, sample.channels))
    return {"images": images, "charts": charts, "joints": joints}


def write_report(folder, *, title, metadata, rows, means, set_metrics, explained):
    """Write metrics.json, metrics.jsonl and index.html, and return the lines of the same table for a terminal.

    Args:
        folder: of the report.
        title: of the page.
        metadata: a dict of what was tested.
        rows: dicts of each sample's ``name``, files (`save_sample`) and ``metrics``.
        means: a dict of a metric to ``{"mean", "std"}``.
        set_metrics: a dict of a metric to its value for the whole set.
        explained: what `metrics.explain` says of each metric.
    """
    folder, report = Path(folder), {"metrics": means, "set": set_metrics}
    saved = metadata | report | {"explained": explained}
    (folder / "metrics.json").write_text(json.dumps(saved, indent=2) + "\n")
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    facts = {name: value for name, value in metadata.items() if name not in ("task", "dataset")}  # the title has them
    write_gallery(folder / "index.html", title=title, facts=facts, rows=rows, report=report, explained=explained)
    column = in_words(means, set_metrics)
    width = max(map(len, column))
    summary = ", ".join(f"{name} {value}" for name, value in metadata.items())
    return [summary, *(f"{name:>{width}}  {value}" for name, value in column.items())]
