"""A page in one file that needs nothing outside its own folder: a template, styles, scripts and data of reports/web."""

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
        path: of index.html.
        name: of the page's own template, style and script in reports/web.
        title: text.
        data: what the scripts read, a dict that JSON can hold.
        parts: HTML, by their names in the template.
    """
    shell = Template(_read("shell.html"))
    page = shell.substitute(
        title=escape(title),
        style="".join(map(_read, ("base.css", "large.css", f"{name}.css"))),
        body=Template(_read(f"{name}.html")).substitute(title=escape(title), **parts),
        data=_as_json(data),
        script="".join(map(_read, ("dom.js", "large.js", f"{name}.js"))),
    )
    Path(path).write_text(page, encoding="utf-8", errors="replace")  # names of files may be no text


def item_data(row):
    """What the scripts read of an image: its name, and the links of its ``images``, ``charts`` and ``joints``, each a
    dict of label to file."""
    kinds = ("images", "charts", "joints")
    return {"name": row["name"]} | {
        kind: {label: quote(os.fsencode(file)) for label, file in row[kind].items()} for kind in kinds
    }


def values_data(rows, names):
    """What the scripts read of metrics, of a dict of them an image: a dict of name to a list, one an image, of numbers
    of six digits or None."""
    return {name: [_number(row.get(name)) for row in rows] for name in names}


def _number(value):
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def _as_json(data):
    """JSON that ends no script element, whatever its texts hold."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def _read(name):
    return (_WEB / name).read_text(encoding="utf-8")
