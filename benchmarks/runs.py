"""The runs of a benchmark: how long they will take, and their results.

Each run has a folder. Its result is kept there, so a benchmark that was stopped resumes with the runs that have none.
"""

import hashlib
import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from utils import UserError, atomic_write, safe_name

RESULT, FORECAST = "result.json", "forecast.json"


class Forecast(NamedTuple):
    """What a run will take.

    Attributes:
        device: name of the device that it was measured on.
        steps: number of training steps.
        step: seconds per training step.
        seconds: seconds of the whole run.
    """

    device: str
    steps: int
    step: float
    seconds: float


class Run(NamedTuple):
    """A run of a benchmark.

    Attributes:
        name: its name in messages.
        folder: its folder (see `run_folder`).
        work: a function that does the run and returns its result, which JSON can hold. If it is stopped, it is called
            again.
        forecast: a function that measures 20 steps and returns a `Forecast`.
    """

    name: str
    folder: Path
    work: Callable
    forecast: Callable


def run_folder(work_dir, name, options):
    """Return a run's folder. Runs of one name with other options, any values that JSON can hold, have another one."""
    digest = hashlib.sha256(json.dumps(options, default=str).encode()).hexdigest()
    return Path(work_dir) / f"{safe_name(name)}-{digest[:8]}"


def add_arguments(parser, *, work_dir, docs_dir):
    """Add the options of every benchmark that has runs."""
    parser.add_argument("--plan", action="store_true", help="measure 20 steps of each run, say how long all take, stop")
    parser.add_argument(
        "--work_dir", type=Path, default=Path(work_dir), help="folder of the runs (default: %(default)s)"
    )
    parser.add_argument("--docs_dir", type=Path, default=docs_dir, help="folder of the page and its images")


def announce(runs, page):
    """Measure 20 steps of each unfinished run. Print how long all will take, and where they write.

    A measurement is kept in the run's folder, so a benchmark that was stopped does not repeat it.

    Args:
        runs: list of `Run`.
        page: what is written at the end, such as the path of a page.
    """
    left = [run for run in runs if not (run.folder / RESULT).exists()]
    width = max(len(run.name) for run in runs)
    print(f"{len(runs)} runs, {len(runs) - len(left)} of them finished, in {runs[0].folder.parent.resolve()}")
    print(f"The results go to {page}\n\n{'':{width}}     steps  s/step   hours", flush=True)
    seconds, devices, failed = 0.0, set(), 0
    for run in left:
        try:
            found = _measured(run)
        except UserError as error:
            print(f"{run.name:{width}}  cannot be measured: {error}", flush=True)
            failed += 1
            continue
        print(f"{run.name:{width}}{found.steps:10,}{found.step:8.3f}{found.seconds / 3600:8.2f}", flush=True)
        seconds, devices = seconds + found.seconds, devices | {found.device}
    without = f", without the {failed} that cannot be measured" if failed else ""
    print(f"\nabout {seconds / 3600:.2f} hours{without}, on {' and '.join(devices) or 'no device'}\n", flush=True)


def _measured(run):
    kept = run.folder / FORECAST
    if not kept.exists():
        _keep(kept, run.forecast())
    return Forecast(*json.loads(kept.read_text()))


def _keep(path, result):
    """Write a result as JSON. If the process is killed, the file is whole or missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as partial:
        partial.write_text(json.dumps(result) + "\n")


def carry_out(runs):
    """Do the runs in turn. Yield the result of each, or None if it failed. Results of finished runs are read."""
    for run in runs:
        kept = run.folder / RESULT
        try:
            if not kept.exists():
                run.folder.mkdir(parents=True, exist_ok=True)
                _keep(kept, run.work())
        except UserError as error:
            print(f"{run.name} failed: {error}", file=sys.stderr, flush=True)
            yield None
        except Exception:  # a bug, or a device without memory: the other runs may do better
            traceback.print_exc()
            print(f"{run.name} failed", file=sys.stderr, flush=True)
            yield None
        else:
            yield json.loads(kept.read_text())


def exit_if_failed(names):
    """Exit with status 1 if there are names of failed runs."""
    if names:
        sys.exit(f"failed: {'; '.join(names)}. The same command tries them again, and keeps the others")
