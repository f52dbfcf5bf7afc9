"""Write the results of test.py: the files of each sample, metrics.json, metrics.jsonl and the page."""

import json
from pathlib import Path

from reports.charts import histogram_svg, joint_heat_map
from reports.gallery import write_gallery
from reports.tables import text_table
from utils import safe_name
from utils.images import save_image


def save_sample(folder, sample, *, name, number):
    """Write a sample's images, the chart of its histograms and the heat map of its joint histograms.

    Args:
        folder: folder of the report, a `Path`.
        sample: the `metrics.EvaluationSample` to write.
        name: name of the sample. The names of its files contain it.
        number: position of the sample in the test set. The names of its files begin with it.

    Returns:
        A dict with the keys ``images``, ``charts`` and ``joints``, each ``{label: path relative to the folder}``.
    """
    stem = f"{number:05d}_{safe_name(name)[:60]}"
    images = {label: f"images/{stem}_{label}.png" for label in ("source", "reference", "output", "target")}
    images = {label: file for label, file in images.items() if label in sample.rgb}
    for label, file in images.items():
        save_image(folder / file, sample.rgb[label])
    charts = {"histograms of output (red) and reference (gray)": f"histograms/{stem}.svg"}
    channels = ", ".join(sample.channels)
    joints = {f"joint histograms of content (down) and output (across): {channels}": f"histograms/{stem}_joint.png"}
    (chart,), (joint,) = charts.values(), joints.values()
    save_image(folder / joint, joint_heat_map(sample.joint()))
    histograms = {label: sample.histogram(label) for label in ("reference", "output")}
    (folder / chart).write_text(histogram_svg(histograms, sample.channels))
    return {"images": images, "charts": charts, "joints": joints}


def write_report(folder, *, title, metadata, rows, means, set_metrics, explained):
    """Write metrics.json, metrics.jsonl and index.html.

    Args:
        folder: folder of the report.
        title: title of the page.
        metadata: ``{name: value}``, the description of the test: data set, checkpoint and so on.
        rows: list of one dict per sample, with its ``name``, its ``metrics`` and the result of `save_sample`.
        means: ``{name: {"mean", "std"}}``, the statistics of each metric over the samples.
        set_metrics: ``{name: value}``, the metrics of the whole set of images.
        explained: the result of `metrics.explain` for all metrics.

    Returns:
        List of lines for the terminal: the metadata and the table of metrics.
    """
    folder, report = Path(folder), {"images": len(rows), "metrics": means, "set": set_metrics}
    saved = metadata | report | {"explained": explained}
    (folder / "metrics.json").write_text(json.dumps(saved, indent=2) + "\n")
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    facts = {name: value for name, value in metadata.items() if name not in ("task", "dataset")}  # already in the title
    write_gallery(folder / "index.html", title=title, facts=facts, rows=rows, report=report, explained=explained)
    summary = ", ".join(f"{name} {value}" for name, value in metadata.items())
    return [summary, *text_table({"mean ± std": report})]
