"""What test.py leaves behind: each example's files, metrics.json, metrics.jsonl and the page."""

import json
import re
from pathlib import Path

from utils.charts import histogram_svg, joint_heat_map
from utils.gallery import write_gallery
from utils.images import save_picture


def save_example(folder, number, name, example):
    """Write an example's pictures, the chart of its histograms and the heat map of its joint histogram.

    Args:
        folder: of the report.
        number, name: of the example, for its files' names.
        example: `metrics.Example`.

    Returns:
        Its ``pictures``, ``charts`` and ``joints``, each a dict of label to file, relative to the folder.
    """
    stem = f"{number:05d}_{re.sub(r'[^A-Za-z0-9_.-]', '_', name)[:60]}"
    pictures = {label: f"pictures/{stem}_{label}.png" for label in ("source", "reference", "output", "target")}
    pictures = {label: file for label, file in pictures.items() if label in example.rgb}
    for label, file in pictures.items():
        save_picture(folder / file, example.rgb[label])
    charts = {"histograms of output (red) and reference (grey)": f"histograms/{stem}.svg"}
    joints = {f"content down, output across: {', '.join(example.channels)}": f"histograms/{stem}_joint.png"}
    (chart,), (joint,) = charts.values(), joints.values()
    save_picture(folder / joint, joint_heat_map(example.joint()))
    histograms = {label: example.histogram(label) for label in ("reference", "output")}
    (folder / chart).write_text(histogram_svg(histograms, example.channels))
    return {"pictures": pictures, "charts": charts, "joints": joints}


def write_report(folder, title, about, rows, means, of_the_set):
    """Write metrics.json, metrics.jsonl and index.html, and return the lines of the same table for a terminal.

    Args:
        folder: of the report.
        title: of the page.
        about: a dict of what was tested.
        rows: dicts of each example's ``name``, files (`save_example`) and ``metrics``.
        means: a dict of a metric to ``{"mean", "std"}``.
        of_the_set: a dict of a metric to its value for the whole set.
    """
    folder = Path(folder)
    (folder / "metrics.json").write_text(json.dumps(about | {"metrics": means, "set": of_the_set}, indent=2) + "\n")
    (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    summary = ", ".join(f"{name} {value}" for name, value in about.items())
    column = in_words(means, of_the_set)
    write_gallery(folder / "index.html", title, summary, {"mean ± standard deviation": column}, rows)
    width = max(map(len, column))
    page = f"the pictures: {(folder / 'index.html').resolve()}"
    return [summary, *(f"{name:>{width}}  {value}" for name, value in column.items()), page]


def in_words(means, of_the_set):
    """Metrics by name as a table has them: ``0.0410 ± 0.0120``, or the value for the whole set."""
    words = {name: f"{value['mean']:.4f} ± {value['std']:.4f}" for name, value in means.items()}
    return words | {name: f"{value:.4f}" for name, value in of_the_set.items()}
