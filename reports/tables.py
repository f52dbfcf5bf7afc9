"""The table of metrics: their means of one test or of several, and what each metric says."""

from html import escape

MARK = '<span aria-hidden="true">✓</span><span class="unseen">best</span>'


def in_words(means, set_metrics):
    """Metrics by name as a table has them: ``0.0410 ± 0.0120``, or the value for the whole set."""
    words = {name: f"{value['mean']:.4f} ± {value['std']:.4f}" for name, value in means.items()}
    return words | {name: f"{value:.4f}" for name, value in set_metrics.items()}


def metric_table(reports, explained, names=None):
    """A table as HTML: a row a metric, a column a test. The best of several has a mark.

    Args:
        reports: a dict of a column's heading to a dict of ``metrics`` (``{name: {"mean", "std"}}``) and ``set``
            (``{name: value}``).
        explained: as `metrics.explain` gives it.
        names: of metrics; None: all.
    """
    columns = {label: in_words(report["metrics"], report["set"]) for label, report in reports.items()}
    head = "".join(f'<th scope="col">{escape(label)}</th>' for label in columns)
    rows = "\n".join(_row(name, reports, explained, columns=columns) for name in names or explained)
    return (
        f'<div class="wide"><table><thead><tr><th scope="col">metric</th>{head}</tr></thead><tbody>\n{rows}\n'
        "</tbody></table></div>"
    )


def _row(name, reports, explained, *, columns):
    row, best = explained[name], _best_of(name, reports, explained)
    cells = "".join(
        f'<td class="good">{words[name]} {MARK}</td>' if label in best else f"<td>{words.get(name, '-')}</td>"
        for label, words in columns.items()
    )
    line = f'<tr><th scope="row"><b>{escape(name)}</b></th>{cells}</tr>'
    text = f"{row['text']} {row['better'].capitalize()} is better."
    span = len(columns) + 1
    return line if row["channel"] else f'{line}<tr class="text"><td colspan="{span}">{escape(text)}</td></tr>'


def _best_of(name, reports, explained):
    """The labels of the tests that are best by a metric, unless all are equal; none by a metric of the source, which no
    run has made."""
    means = {
        label: report["metrics"][name]["mean"] if name in report["metrics"] else report["set"][name]
        for label, report in reports.items()
        if name in report["metrics"] or name in report["set"]
    }
    sources = {row["baseline"] for row in explained.values()}
    if name in sources or len(set(means.values())) < 2:
        return set()
    best = (max if explained[name]["better"] == "higher" else min)(means.values())
    return {label for label, mean in means.items() if mean == best}
