"""The page of a test: its headline metrics, then a grid of its images."""

from html import escape

from reports.opening import HEADLINE, by_family, headline_cards
from reports.page import item_data, report_data, values_data, write_page


def write_gallery(path, *, title, facts, rows, report, explained):
    """Write the page.

    Args:
        path: path of index.html.
        title: title of the page.
        facts: ``{name: value}``, the description of the test that is shown under the title.
        rows: list of one dict per image, with the keys ``name``; ``images``, ``charts`` and ``joints``, each
            ``{label: path relative to the page}``; and ``metrics``, ``{name: value}``.
        report: dict with the keys ``metrics`` (``{name: {"mean", "std"}}``), ``set`` (``{name: value}``) and
            ``images``, the number of images.
        explained: the result of `metrics.explain` for all metrics.
    """
    values = values_data([row["metrics"] for row in rows], report["metrics"])
    write_page(
        path,
        name="gallery",
        title=title,
        facts="".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(str(value))}</dd></div>" for name, value in facts.items()
        ),
        headline=headline_cards(values, report["set"], explained),
        count=len(explained),
        data={
            "items": [item_data(row) for row in rows],
            "metrics": by_family(explained),
            "reports": [report_data(report)],
            "values": [values],
            "lead": next((name for name in HEADLINE if name in values), ""),
        },
    )
