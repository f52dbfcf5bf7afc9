"""Run the project's scripts as a user does, each in its own process."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(script, *arguments):
    """Run train.py or test.py with these arguments. If it fails, exit with its error message."""
    print(script, *arguments, flush=True)
    done = subprocess.run([sys.executable, ROOT / script, *map(str, arguments)], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.stderr)


def train(*arguments, folder):
    """Train the only run of a folder, with one checkpoint at the end. Return the run's path and the minutes."""
    once = ["--set", "run.overwrite=true", "--checkpoint_every", "100000"]
    start = time.perf_counter()
    run("train.py", *arguments, "--output_dir", folder, *once)
    minutes = (time.perf_counter() - start) / 60
    (trained,) = (settings.parent for settings in Path(folder).glob("*/settings.yml"))
    return trained, minutes
