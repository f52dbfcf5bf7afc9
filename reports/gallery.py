"""The page of a test: what its figures say, then a grid of its images."""

from html import escape

from reports.opening import OPENING, opening_figures
from reports.page import item_data, values_data, write_page
from reports.tables import metric_table


def write_gallery(path, *, title, facts, rows, report, explained):
    """Write the page.

    Args:
        path: of index.html.
        title: text.
        facts: a dict of what was tested.
        rows: dicts of an image's ``name``; its ``images``, ``charts`` and ``joints``, each a dict of label to file,
            relative to the page; and its ``metrics``, a dict of name to number.
        report: a dict of ``metrics`` (``{name: {"mean", "std"}}``) and ``set`` (``{name: value}``).
        explained: of each metric, as `metrics.explain` gives it.
    """
    values = values_data([row["metrics"] for row in rows], report["metrics"])
    write_page(
        path,
        name="gallery",
        title=title,
        facts="".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(str(value))}</dd></div>" for name, value in facts.items()
        ),
        figures=opening_figures(values, report["set"], explained),
        count=len(explained),
        table=metric_table({"mean ± standard deviation": report}, explained),
        data={
            "items": [item_data(row) for row in rows],
            "metrics": {name: explained[name] for name in values},
            "values": [values],
            "lead": next((name for name in OPENING if name in values), ""),
        },
    )
