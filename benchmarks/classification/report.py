"""The tables of the classification benchmark."""

import numpy as np

from benchmarks.classification.corruptions import CORRUPTIONS
from benchmarks.pages import head, row

PARTS = ("accuracy", "changes")  # marked parts of the page


def write_tables(page, results, setting):
    """Write two tables: the accuracy of each row, and its change from the row ``none``.

    Args:
        page: a `pages.Page` that has PARTS.
        results: ``{row: [{case: accuracy}, ...]}``, one inner dict per fold. A case is ``clean`` or, say, ``fog 3``.
        setting: a line of text that says what was trained.
    """
    page.write("accuracy", f"{setting}\n\n{accuracy_table(results)}")
    page.write("changes", changes_table(results))


def accuracy_table(results):
    """Return a Markdown table of mean accuracies in %, one line per row and one column per kind of case."""
    columns = _columns(results)
    lines = [head("before the network", *columns)]
    for name, folds in results.items():
        lines.append(row(name, *(_with_error(accuracies(folds, cases)) for cases in columns.values())))
    return "\n".join(lines)


def changes_table(results):
    """Return a Markdown table of changes in accuracy, which are computed fold by fold.

    Each row is compared with ``none``. A row with a learned target is also compared with the best row without one.
    """
    columns = dict([*_columns(results).items()][:2])
    cases = columns["all corruptions"]
    best = max(
        (name for name in results if not name.startswith("learned")),
        key=lambda name: accuracies(results[name], cases).mean(),
    )
    lines = [head("before the network", *columns, f"all corruptions, against {best}")]
    for name, folds in results.items():
        if name == "none":
            continue
        against_none = [accuracies(folds, part) - accuracies(results["none"], part) for part in columns.values()]
        learned = name.startswith("learned")
        against_best = _with_error(accuracies(folds, cases) - accuracies(results[best], cases)) if learned else ""
        lines.append(row(name, *map(_with_error, against_none), against_best))
    return "\n".join(lines)


def accuracies(folds, cases):
    """Return the mean accuracy over ``cases``, in %, for each fold."""
    return np.array([100 * np.mean([fold[case] for case in cases]) for fold in folds])


def standard_error(values):
    """Return the standard error of the mean of ``values``."""
    return values.std(ddof=1) / len(values) ** 0.5


def _with_error(values):
    return f"{values.mean():.1f} ± {standard_error(values):.1f}"


def _columns(results):
    """Return the columns: ``{name: cases to average over}``."""
    cases = [case for case in next(iter(results.values()))[0] if case != "target"]
    corrupted = [case for case in cases if case.split()[0] in CORRUPTIONS]
    columns = {case: [case] for case in cases if case not in corrupted}
    columns |= {"all corruptions": corrupted} if corrupted else {}
    names = dict.fromkeys(case.split()[0] for case in corrupted)
    return columns | {name.replace("_", " "): [c for c in corrupted if c.split()[0] == name] for name in names}
