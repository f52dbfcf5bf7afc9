"""The table of metrics for the terminal. web/dom.js makes the tables of the pages."""


def text_table(reports):
    """Return the lines of a table with one row per metric and one column per test.

    Args:
        reports: ``{heading: report}``, one report per column. A report has the keys ``metrics``
            (``{name: {"mean", "std"}}``), ``set`` (``{name: value}``, metrics of the whole set of images) and
            ``images``, the number of images.
    """
    columns = {heading: _cells(report) for heading, report in reports.items()}
    names = dict.fromkeys(name for column in columns.values() for name in column)
    rows = [["", *columns], *([name, *(column.get(name, "-") for column in columns.values())] for name in names)]
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    return [
        "  ".join([name.ljust(first), *(cell.rjust(width) for cell, width in zip(cells, others, strict=True))])
        for name, *cells in rows
    ]


def _cells(report):
    cells = {name: f"{value['mean']:.4f} ± {value['std']:.4f}" for name, value in report["metrics"].items()}
    return cells | {name: f"{value:.4f} ({report['images']} images)" for name, value in report["set"].items()}
