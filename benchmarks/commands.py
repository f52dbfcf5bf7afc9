"""Run the project's scripts as a user does, each in its own process."""

import json
import subprocess
import sys
import time
from pathlib import Path

import config
from benchmarks.runs import Forecast
from utils import UserError, atomic_write

ROOT = Path(__file__).parents[1]
# One checkpoint at the end, and one every half hour, from which a stopped run resumes.
SAVING = ["--checkpoint_every", "100000", "--max_to_keep", "1", "--sample_every", "0"]


def add_training_arguments(parser):
    """Add the options that change the settings of every run: ``--epochs`` and ``--set``."""
    parser.add_argument("--epochs", type=int, metavar="N", help="epochs of every run (default: the task's); 1 to try")
    config.add_set_option(parser, help="set an option of train.py in every run, such as run.xla=true")


def training_arguments(args):
    """Return the arguments of train.py for the options of `add_training_arguments`."""
    epochs = ["--epochs", args.epochs] if args.epochs else []
    return [*epochs, *(word for assignment in args.assignments for word in ("--set", assignment))]


def forecast(arguments, *, tests):
    """Measure 20 steps of train.py with these arguments, and a few of its test images, in a process of their own.

    Args:
        arguments: the arguments of train.py.
        tests: how often the test images are tested.

    Returns:
        `benchmarks.runs.Forecast`.

    Raises:
        UserError: if the steps cannot be taken.
    """
    pace = json.loads(run_module("benchmarks.pace", *arguments))
    seconds = pace["steps"] * pace["step"] + tests * pace["images"] * pace["image"]
    return Forecast(pace["device"], pace["steps"], pace["step"], seconds)


def run_module(name, *arguments):
    """Run a module with these arguments in a process of its own, and return the last line that it prints.

    Raises:
        UserError: if it fails. The message is its last line of stderr.
    """
    command = [sys.executable, "-m", name, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise UserError(_last_line(done.stderr))
    return _last_line(done.stdout)


def train(arguments, folder):
    """Train the only run of a folder. If it was started before, resume it.

    Args:
        arguments: the arguments of train.py.
        folder: the folder. What the command prints goes to ``folder/log.txt``.

    Returns:
        The run's path, and the minutes of training, or None if it was resumed.

    Raises:
        UserError: if the command fails.
    """
    folder, finished = Path(folder), Path(folder) / "minutes.json"
    if not finished.exists():
        before, start = _runs(folder), time.perf_counter()
        begin = ["--resume", *before] if before else [*arguments, "--output_dir", folder, *SAVING]
        run("train.py", *begin, log=folder / "log.txt")
        minutes = None if before else (time.perf_counter() - start) / 60
        with atomic_write(finished) as partial:
            partial.write_text(json.dumps(minutes))
    (trained,) = _runs(folder)
    return trained, json.loads(finished.read_text())


def run(script, *arguments, log):
    """Run train.py or test.py with these arguments. What it prints is appended to the file ``log``.

    Raises:
        UserError: if it fails.
    """
    print(script, *arguments, flush=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as file:
        process = subprocess.Popen([sys.executable, ROOT / script, *map(str, arguments)], stdout=file, stderr=file)
        try:
            status = process.wait()
        except KeyboardInterrupt:
            process.wait()  # Ctrl-C reaches it too, and it saves a checkpoint
            raise
    if status:
        raise UserError(f"{script} ended with status {status}: {_last_line(log.read_text())}; see {log}")


def _runs(folder):
    return [settings.parent for settings in folder.glob("*/settings.yml")]


def _last_line(text):
    return ([line for line in text.splitlines() if line.strip()] or [""])[-1].removeprefix("error: ")
