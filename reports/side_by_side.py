"""The page of a comparison: a Pareto chart, the means, and one row per image with one column per run."""

from html import escape

import numpy as np

from reports.opening import HEADLINE, by_family
from reports.page import item_data, report_data, values_data, write_page
from reports.pareto import pareto_svg

CAPTION = "Means over the shared images. Filled points form the Pareto front: no other run is better on both axes."
COLOR = "palette"
STRUCTURE = ("ssim", "ssim_content")  # SSIM to the target or, if some run lacks it, to the content


def write_side_by_side(path, *, items, values, reports, explained, remarks):
    """Write the page.

    Args:
        path: path of index.html.
        items: list of one dict per image, in the format that `page.item_data` takes. If a file belongs to one run, its
            label begins with the label of the run: ``"RUN: output"``.
        values: ``{label: [{metric: value}, ...]}``, by the label of a run, with one inner dict per item.
        reports: ``{label: report}``, by the label of a run. A report has the keys ``metrics``, ``set`` and
            ``images``, as in metrics.json.
        explained: the result of `metrics.explain` for all metrics.
        remarks: sentences shown under the title.
    """
    measured = [name for name in explained if any(name in report["metrics"] for report in reports.values())]
    write_page(
        path,
        name="comparison",
        title=" vs. ".join(reports),
        remarks="".join(f"<li>{escape(remark)}</li>" for remark in remarks),
        pareto=_pareto(values),
        count=len(explained),
        data={
            "items": [item_data(item) for item in items],
            "metrics": by_family(explained),
            "columns": list(reports),
            "reports": [report_data(report) for report in reports.values()],
            "values": [values_data(rows, measured) for rows in values.values()],
            "headline": [name for name in HEADLINE if name in explained],
        },
    )


def _pareto(values):
    """Return the chart of the means over the shared images, with a sentence about each run that it does not show."""
    name = next((name for name in STRUCTURE if all(_has(rows, COLOR, name) for rows in values.values())), STRUCTURE[0])
    points = {
        label: tuple(np.mean([row[metric] for row in rows]) for metric in (COLOR, name))
        for label, rows in values.items()
        if _has(rows, COLOR, name)
    }
    chart = f"{pareto_svg(points, (COLOR, name))}<p>{CAPTION}</p>" if points else ""
    missing = [
        f"<p>{escape(label)} is not shown: it has no {COLOR} or no {name}.</p>"
        for label in values
        if label not in points
    ]
    return chart + "".join(missing)


def _has(rows, *names):
    return all(name in row for row in rows for name in names)
