"""Compare the test results of several runs: a table, and a page of the test images that all of them share."""

import filecmp
import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from reports.side_by_side import write_side_by_side
from reports.tables import text_table
from utils import UserError, atomic_folder, check_folder

_MAKER = "test.py --compare"
_SHARED = ("source", "reference", "target")  # images that may be equal in all results
_CONDITIONS = ("task", "dataset", "size", "reference")  # entries of metrics.json that should be equal in all results
_AGAIN = "test it (python test.py --run RUN), or give a folder of results such as RUN/test/exemplar-shuffle"


class Results(NamedTuple):
    """The results of one test.

    Attributes:
        folder: folder of the results.
        report: contents of metrics.json.
        explained: the result of `metrics.explain` for all metrics, read from metrics.json.
        rows: ``{(name, digest): dict}``, the lines of metrics.jsonl by the name and the digest of their image.
    """

    folder: Path
    report: dict
    explained: dict
    rows: dict


def compare(runs, out="comparison"):
    """Write the page of a comparison to the folder ``out``, and print its table of metrics."""
    print(*write_comparison(runs, out), sep="\n")


def write_comparison(runs, folder):
    """Write ``folder/index.html`` with copies of the images, and return lines for the terminal.

    Args:
        runs: folders of results, or folders of runs. For a run, the results in RUN/test/own are read.
        folder: folder to write. An earlier comparison there is replaced.

    Raises:
        UserError: if there are fewer than two different runs, a run has not been tested, the results share no test
            image, or ``folder`` contains something other than a comparison.
    """
    runs = [Path(run) for run in runs]
    if len({run.resolve() for run in runs}) < 2:
        raise UserError(f"--compare takes two runs or more, but got {' and '.join(map(str, runs))}")
    check_folder(folder, "--out", _MAKER)
    compared = {label: _read(run) for label, run in zip(_labels(runs), runs, strict=True)}
    first = next(iter(compared.values()))
    shared = [key for key in first.rows if all(key in results.rows for results in compared.values())]
    if not shared:
        sets = ", ".join(f"{label} {results.report['dataset']}" for label, results in compared.items())
        raise UserError(f"--compare: the results have no test image in common (data sets: {sets}); give other results")
    reports = {label: results.report for label, results in compared.items()}
    explained = {name: row for results in compared.values() for name, row in results.explained.items()}
    remarks = [f"{len(shared)} shared test images; the tables cover all images that each run was tested on"]
    remarks += _differences(compared, shared)
    values = {label: [results.rows[key]["metrics"] for key in shared] for label, results in compared.items()}
    same = _same_images(compared, shared)
    with atomic_folder(folder, "--out", _MAKER) as partial:
        items = [_item(compared, key, same=same, folder=partial) for key in shared]
        parts = {"reports": reports, "explained": explained, "remarks": remarks}
        write_side_by_side(partial / "index.html", items=items, values=values, **parts)
    return [*text_table(reports), *remarks, f"the images: {(Path(folder) / 'index.html').resolve()}"]


def _read(run):
    """Read the `Results` in a folder, or in RUN/test/own if it is the folder of a run."""
    folder = run if (run / "metrics.json").is_file() else run / "test" / "own"
    try:
        lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        # Earlier versions did not write the number of images.
        report = {"images": len(lines)} | json.loads((folder / "metrics.json").read_text())
        rows = {(line["name"], line["digest"]): line for line in lines}
        results = Results(folder, report, report.get("explained"), rows)
    except OSError as error:
        raise UserError(f"{run} has not been tested ({error.strerror}: {folder}): {_AGAIN}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(f"{folder} has no results that can be compared: {_AGAIN}") from None
    if not results.explained:
        raise UserError(f"{folder} has results of an earlier version, without explanations of the metrics: {_AGAIN}")
    return results


def _labels(runs):
    """Return the names of the runs' folders or, if two are equal, their paths relative to their common parent."""
    paths = [run.resolve() for run in runs]
    names = [path.name for path in paths]
    if len(set(names)) == len(names):
        return names
    above = Path(os.path.commonpath([path.parent for path in paths]))
    return [str(path.relative_to(above)) for path in paths]


def _differences(compared, shared):
    """Return one sentence for each condition that differs between the tests."""
    remarks = []
    for condition in _CONDITIONS:
        values = {label: results.report[condition] for label, results in compared.items()}
        if len(set(values.values())) > 1:
            remarks.append(f"{condition} differs: {', '.join(f'{value} ({label})' for label, value in values.items())}")
    first, *others = compared.values()
    count = sum(any(other.rows[key]["reference"] != first.rows[key]["reference"] for other in others) for key in shared)
    if count:
        remarks.append(f"{count} of the {len(shared)} images have different references")
    return remarks


def _item(compared, key, *, same, folder):
    """Copy an image's files from all results, and return its entry on the page.

    ``same``: labels of the images that are equal in all results. They are copied once.
    """
    item = {"name": key[0], "images": {}, "charts": {}, "joints": {}}
    rows = {label: results.rows[key] for label, results in compared.items()}
    for kind in ("images", "charts", "joints"):
        labels = dict.fromkeys(what for own in rows.values() for what in own[kind])
        for what in sorted(labels, key=lambda what: what not in same):  # shared images first
            for number, (label, own) in enumerate(rows.items()):
                if what not in own[kind] or (number and what in same):
                    continue
                copy = Path(str(number)) / own[kind][what]
                _copy(compared[label].folder, own[kind][what], folder / copy)
                item[kind][what if what in same else f"{label}: {what}"] = str(copy)
    return item


def _copy(results, file, copy):
    """Copy a file of the results. Raise UserError if it lies outside their folder or is missing."""
    if not (results / file).resolve().is_relative_to(results.resolve()):
        raise UserError(f"{results} refers to a file outside this folder, {file}: {_AGAIN}")
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copy(results / file, copy)
    except FileNotFoundError:
        raise UserError(f"{results / file} is missing: {_AGAIN}") from None


def _same_images(compared, shared):
    """Return the labels in _SHARED whose image files are equal in all results, for every shared test image."""
    first, *others = compared.values()
    return {
        what
        for what in _SHARED
        if all(_same_file(_file(first, key, what), _file(other, key, what)) for key in shared for other in others)
    }


def _file(results, key, what):
    return results.folder / results.rows[key]["images"].get(what, "")


def _same_file(first, other):
    return first.is_file() and other.is_file() and filecmp.cmp(first, other, shallow=False)
