"""The tables of matching before a classifier."""

import numpy as np

from benchmarks.classification.corruptions import CORRUPTIONS
from benchmarks.pages import head, row

PARTS = ("accuracy", "changes")  # of the page


def write_tables(page, results, setting):
    """Write the accuracy of each row, and what each row changes.

    Args:
        page: `pages.Page` with PARTS.
        results: a dict of a row to a list, over the folds, of dicts of a case (``clean``, ``fog 3``) to accuracy.
        setting: what was trained, in words.
    """
    page.write("accuracy", f"{setting}\n\n{accuracy_table(results)}")
    page.write("changes", changes_table(results))


def accuracy_table(results):
    """The mean accuracy of each row in each case, in %, as a Markdown table."""
    columns = _columns(results)
    lines = [head("before the network", *columns)]
    for name, folds in results.items():
        lines.append(row(name, *(_with_error(accuracies(folds, cases)) for cases in columns.values())))
    return "\n".join(lines)


def changes_table(results):
    """What each row changes against none, fold by fold, and each learned target against the best row that is not."""
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
    """The mean accuracy over cases, in %, of each fold."""
    return np.array([100 * np.mean([fold[case] for case in cases]) for fold in folds])


def standard_error(values):
    """The standard error of the mean of values."""
    return values.std(ddof=1) / len(values) ** 0.5


def _with_error(values):
    return f"{values.mean():.1f} ± {standard_error(values):.1f}"


def _columns(results):
    """A dict of a column's name to its cases."""
    cases = [case for case in next(iter(results.values()))[0] if case != "target"]
    corrupted = [case for case in cases if case.split()[0] in CORRUPTIONS]
    columns = {case: [case] for case in cases if case not in corrupted}
    columns |= {"all corruptions": corrupted} if corrupted else {}
    names = dict.fromkeys(case.split()[0] for case in corrupted)
    return columns | {name.replace("_", " "): [c for c in corrupted if c.split()[0] == name] for name in names}
