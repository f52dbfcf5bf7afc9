"""HTML pages that need nothing outside their folder, made of the templates, styles and scripts in reports/web."""

import json
import math
import os
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

_WEB = Path(__file__).parent / "web"


def write_page(path, *, name, title, data, **parts):
    """Write a page.

    Args:
        path: path of index.html.
        name: file name, without the suffix, of the page's own template, style and script in reports/web.
        title: title of the page.
        data: the dict of data that the scripts read. It is stored as JSON.
        parts: the HTML for each placeholder of the template.
    """
    shell = Template(_read("shell.html"))
    page = shell.substitute(
        title=escape(title),
        style="".join(map(_read, ("base.css", "large.css", f"{name}.css"))),
        body=Template(_read(f"{name}.html")).substitute(title=escape(title), **parts),
        data=_as_json(data),
        script="".join(map(_read, ("dom.js", "large.js", f"{name}.js"))),
    )
    Path(path).write_text(page, encoding="utf-8", errors="replace")  # a file's name may not be valid text


def item_data(row):
    """Return an image's data for the scripts: its ``name``, and its ``images``, ``charts`` and ``joints``, each
    ``{label: link}``."""
    kinds = ("images", "charts", "joints")
    return {"name": row["name"]} | {
        kind: {label: quote(os.fsencode(file)) for label, file in row[kind].items()} for kind in kinds
    }


def values_data(rows, names):
    """Return the metrics of all images for the scripts: ``{name: [value, ...]}``, with one value per image.

    Args:
        rows: list of one dict ``{name: value}`` per image.
        names: names of the metrics.
    """
    return {name: [_number(row.get(name)) for row in rows] for name in names}


def report_data(report):
    """Return the means for the scripts: ``{name: {"mean", "std"}}``. A metric of the whole set has ``"images"``, their
    number, instead of ``"std"``.

    Args:
        report: dict with the keys ``metrics`` (``{name: {"mean", "std"}}``), ``set`` (``{name: value}``) and
            ``images``, the number of images.
    """
    sets = {name: {"mean": value, "images": report["images"]} for name, value in report["set"].items()}
    means = report["metrics"] | sets
    return {name: {key: _number(value) for key, value in row.items()} for name, row in means.items()}


def _number(value):
    """Round a value to six significant digits. Return None if it is missing or not finite."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def _as_json(data):
    """Encode as JSON without ``<``, so that no string can close the HTML script element."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def _read(name):
    return (_WEB / name).read_text(encoding="utf-8")
