"""The page of a comparison: a Pareto chart of the runs, their means, and a row an image with a column a run."""

from html import escape

import numpy as np

from reports.opening import OPENING
from reports.page import item_data, values_data, write_page
from reports.pareto import pareto_svg
from reports.tables import metric_table

FRONT = "Means over the shared images. A filled point is a run that no other one beats."
COLOR = "rgb_w1"
STRUCTURE = ("ssim", "ssim_content")  # the likeness to the target or, where there is none, to the content


def write_side_by_side(path, *, items, values, reports, explained, remarks):
    """Write the page.

    Args:
        path: of index.html.
        items: dicts of an image's ``name`` and its files, as `page.item_data` takes them. A file of one run alone has
            the run's label before its own: ``"RUN: output"``.
        values: a dict of a run's label to a dict of metrics for each item.
        reports: a dict of a run's label to a dict of ``metrics`` and ``set``, as metrics.json has them.
        explained: of each metric, as `metrics.explain` gives it.
        remarks: texts under the title.
    """
    measured = [name for name in explained if any(name in report["metrics"] for report in reports.values())]
    write_page(
        path,
        name="comparison",
        title=" and ".join(reports),
        remarks="".join(f"<li>{escape(remark)}</li>" for remark in remarks),
        pareto=_pareto(values),
        table=metric_table(reports, explained, [name for name in OPENING if name in explained]),
        count=len(explained),
        all=metric_table(reports, explained),
        data={
            "items": [item_data(item) for item in items],
            "metrics": {name: explained[name] for name in measured},
            "columns": list(reports),
            "values": [values_data(rows, measured) for rows in values.values()],
            "leads": [name for name in OPENING if name in measured],
        },
    )


def _pareto(values):
    """The chart of the means over the shared images, and a sentence about each run that it has no point of."""
    name = next((name for name in STRUCTURE if all(_has(rows, COLOR, name) for rows in values.values())), STRUCTURE[0])
    points = {
        label: tuple(np.mean([row[metric] for row in rows]) for metric in (COLOR, name))
        for label, rows in values.items()
        if _has(rows, COLOR, name)
    }
    chart = f"{pareto_svg(points, (COLOR, name))}<p>{FRONT}</p>" if points else ""
    missing = [
        f"<p>{escape(label)} was not measured with {COLOR} and {name}, so it has no point here.</p>"
        for label in values
        if label not in points
    ]
    return chart + "".join(missing)


def _has(rows, *names):
    return all(name in row for row in rows for name in names)
