"""Compare tested runs: a table, and a page of the test images that they share."""

import json
import shutil
from pathlib import Path

from reports.gallery import write_gallery
from reports.report import in_words
from utils import UserError, atomic_folder, check_folder

_MAKER = "test.py --compare"
_SHARED = ("source", "reference", "target")


def write_comparison(runs, folder):
    """Write ``folder/index.html`` with copies of the runs' images, and return the lines of its table for a terminal.

    Args:
        runs: folders of results, or of runs, which stand for their results RUN/test/own.
        folder: as `utils.atomic_folder` takes it.

    Raises:
        UserError: for a single run, one that has not been tested, runs without a test image in common, and a folder
            that holds something else.
    """
    runs, folder = [Path(run) for run in runs], Path(folder)
    if len(runs) < 2:
        raise UserError(f"--compare takes two runs or more, and got {len(runs)}")
    check_folder(folder, "--out", _MAKER)
    tests = {label: _read(run) for label, run in zip(_labels(runs), runs, strict=True)}
    rows = {label: {row["name"]: row for row in rows} for label, (_, rows) in tests.items()}
    first = next(iter(rows.values()))
    shared = [name for name in first if all(name in by_name for by_name in rows.values())]
    if not shared:
        raise UserError(f"{', '.join(map(str, runs))} have no test image in common")
    folders = {label: _results(run) for label, run in zip(rows, runs, strict=True)}
    columns = {label: in_words(report["metrics"], report["set"]) for label, (report, _) in tests.items()}
    summary = f"{len(shared)} test images; the table is of all that each run was tested on"
    title = " and ".join(columns)
    with atomic_folder(folder, "--out", _MAKER) as partial:
        page = [
            _row(name, {label: by_name[name] for label, by_name in rows.items()}, folders=folders, folder=partial)
            for name in shared
        ]
        write_gallery(partial / "index.html", title=title, summary=summary, columns=columns, rows=page)
    return [*_lines(columns), f"the images: {(folder / 'index.html').resolve()}"]


def _results(run):
    """The folder of results that a folder is or, of a run, has."""
    return run if (run / "metrics.json").is_file() else run / "test" / "own"


def _read(run):
    """The metrics.json of results and the rows of their metrics.jsonl."""
    folder = _results(run)
    try:
        report = json.loads((folder / "metrics.json").read_text())
        return report, [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    except OSError as error:
        raise UserError(
            f"{run} has not been tested ({error.strerror}: {folder}): python test.py --run {run} does it, or give a "
            "folder of results, such as RUN/test/exemplar-shuffle"
        ) from None


def _labels(runs):
    """The runs' folder names or, where those are not all different, their paths."""
    names = [run.resolve().name for run in runs]
    return names if len(set(names)) == len(names) else [str(run) for run in runs]


def _row(name, rows, *, folders, folder):
    """A row of the page: what the runs share once, then each one's output, chart, joint histogram and metrics."""
    row = {"name": name, "images": {}, "charts": {}, "joints": {}, "metrics": {}}
    for number, (label, own) in enumerate(rows.items()):
        for kind in ("images", "charts", "joints"):
            for what, file in own[kind].items():
                if number and what in _SHARED:
                    continue
                copy = Path(str(number)) / file
                (folder / copy).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(folders[label] / file, folder / copy)
                row[kind][what if what in _SHARED else f"{label}: {what}"] = str(copy)
        row["metrics"] |= {f"{metric} ({label})": value for metric, value in own["metrics"].items()}
    return row


def _lines(columns):
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    cells = [["", *columns], *([name, *(column.get(name, "-") for column in columns.values())] for name in names)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns) + 1)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
