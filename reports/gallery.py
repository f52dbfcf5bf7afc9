"""A page of images and their histograms: one index.html that needs nothing outside its own folder."""

import json
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

PAGE = Template((Path(__file__).parent / "gallery.html").read_text(encoding="utf-8"))


def write_gallery(path, *, title, summary, columns, rows):
    """Write the page.

    Args:
        path: of index.html.
        title, summary: text.
        columns: a dict of a name (of a run, say) to a dict of a metric's name to what the table says of it.
        rows: dicts of an image's ``name``; its ``images``, ``charts`` (under them) and ``joints`` (shown on a
            click), each a dict of label to file, relative to the page; and its ``metrics``, a dict of name to number,
            by which the page can be sorted.
    """
    metrics = list(dict.fromkeys(name for row in rows for name in row["metrics"]))
    page = PAGE.substitute(
        title=escape(title),
        summary=escape(summary),
        table=_table(columns),
        options="".join(f"<option>{escape(name)}</option>" for name in metrics),
        rows="\n".join(_row(row) for row in rows),
    )
    Path(path).write_text(page, encoding="utf-8")


def _table(columns):
    names = list(dict.fromkeys(name for values in columns.values() for name in values))
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    lines = []
    for name in names:
        cells = "".join(f"<td>{escape(values.get(name, '-'))}</td>" for values in columns.values())
        lines.append(f"<tr><td>{escape(name)}</td>{cells}</tr>\n")
    return f"<table><tr><th>metric</th>{head}</tr>\n{''.join(lines)}</table>"


def _row(row):
    values = escape(json.dumps(row["metrics"]), quote=True)
    name = escape(row["name"].encode(errors="replace").decode())  # names of files may be no text
    metrics = "".join(f"<span>{escape(metric)} {value:.4f}</span> " for metric, value in row["metrics"].items())
    return (
        f'<section data-metrics="{values}"><h2>{name} <output></output></h2>{_figures(row["images"])}'
        f"{_figures(row['charts'])}{_details('joint histograms of content and output', _figures(row['joints']))}"
        f"{_details('metrics', metrics)}</section>"
    )


def _details(summary, content):
    return f"<details><summary>{summary}</summary>{content}</details>" if content else ""


def _figures(files):
    figures = "".join(
        f'<figure><img loading="lazy" src="{quote(file)}" alt="{escape(label, quote=True)}">'
        f"<figcaption>{escape(label)}</figcaption></figure>"
        for label, file in files.items()
    )
    return figures and f'<div class="figures">{figures}</div>'
