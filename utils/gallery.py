"""A page to look at a test's pictures: one index.html that needs nothing outside its own folder."""

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; margin: 1rem 0 }
td, th { padding: .1rem 1rem .1rem 0; text-align: left; font-variant-numeric: tabular-nums }
section { border-top: 1px solid #ddd; padding: 1rem 0 }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .6rem; max-width: 60rem }
figure { margin: 0 } img { width: 100%; display: block } figcaption, .metrics { color: #666; font-size: .85rem }
h2 { font-size: 1rem; margin: 0 0 .4rem }
</style>
</head>
<body>
<h1>$title</h1>
<p>$summary</p>
<table><tr><th>metric</th><th>mean</th><th>standard deviation</th></tr>
$means
</table>
$sections
</body>
</html>
""")


def write_gallery(path, title, summary, means, rows):
    """Write the page.

    Args:
        path: of index.html.
        title, summary: text.
        means: a dict of a metric's name to ``{"mean", "std"}``.
        rows: dicts of a picture's ``name``, its ``pictures`` (label to file, relative to the page) and ``metrics``.
    """
    cells = [(escape(name), f"{value['mean']:.4f}", f"{value['std']:.4f}") for name, value in means.items()]
    page = PAGE.substitute(
        title=escape(title),
        summary=escape(summary),
        means="\n".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in cells),
        sections="\n".join(_section(row) for row in rows),
    )
    Path(path).write_text(page, encoding="utf-8")


def _section(row):
    figures = "".join(
        f'<figure><img loading="lazy" src="{quote(file)}" alt=""><figcaption>{escape(label)}</figcaption></figure>'
        for label, file in row["pictures"].items()
    )
    metrics = " &nbsp; ".join(f"{escape(name)} {value:.4f}" for name, value in row["metrics"].items())
    return (
        f'<section><h2>{escape(row["name"])}</h2><div class="pictures">{figures}</div>'
        f'<p class="metrics">{metrics}</p></section>'
    )
