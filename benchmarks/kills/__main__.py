"""Kill a training run many times, and check that it ends with exactly the weights of an uninterrupted run.

    python -m benchmarks.kills                # 200 kills; an hour on two CPU cores

The run trains on small images with every option that has a state, and saves a checkpoint after each step. At random
moments, while it starts or trains, the benchmark kills the process (SIGKILL) or asks it to stop (SIGTERM, SIGINT). It
resumes the run until it is finished. Then it compares the last checkpoint and the logs, bit by bit, with those of an
uninterrupted run. New runs follow until the number of kills is reached.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.commands import ROOT
from benchmarks.kills.small_run import EVERY_STEP, OPTIONS, differing, make_images, state_of
from utils import leftovers

RUN = "colorization-small"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="number of SIGKILLs (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random moments (default: %(default)s)")
    parser.add_argument("--work_dir", type=Path, default=Path("runs/kills"), help="folder of the runs (emptied first)")
    args = parser.parse_args()
    chance = random.Random(args.seed)
    shutil.rmtree(args.work_dir, ignore_errors=True)
    make_images(args.work_dir / "small")
    alone = train(args.work_dir, "alone")
    if alone.wait():
        sys.exit(f"the uninterrupted run failed with status {alone.returncode}: see {args.work_dir / 'alone.log'}")
    expected = state_of(args.work_dir / "alone" / RUN)

    counts = dict.fromkeys(["runs", "SIGKILL", "SIGTERM", "SIGINT", "before a step", "while saving"], 0)
    while counts["SIGKILL"] < args.kills:
        train_with_kills(args.work_dir, chance, counts)
        counts["runs"] += 1
        differences = differing(expected, state_of(args.work_dir / "killed" / RUN))
        print(counts, "the same" if not differences else f"DIFFERENT: {differences}", flush=True)
        if differences:
            sys.exit(1)
        shutil.rmtree(args.work_dir / "killed")


def train(work_dir, name):
    """Start a training run, or resume it if its settings.yml exists. Return the process."""
    folder = work_dir / name / RUN
    arguments = [*OPTIONS, *EVERY_STEP, "--dataroot", work_dir, "--output_dir", work_dir / name]
    if (folder / "settings.yml").exists():
        arguments = ["--resume", folder]
    with open(work_dir / f"{name}.log", "a") as log:
        return subprocess.Popen([sys.executable, ROOT / "train.py", *arguments], stdout=log, stderr=log)


def train_with_kills(work_dir, chance, counts):
    """Train a run from start to end, while killing and resuming it at random moments."""
    folder = work_dir / "killed" / RUN / "checkpoints"
    while True:
        before, process = steps_in(folder), train(work_dir, "killed")
        if chance.random() < 0.8:
            while process.poll() is None and steps_in(folder) == before:
                time.sleep(0.01)
            moment = chance.uniform(0, 6)
        else:
            moment = chance.uniform(0, 15)
        try:
            if process.wait(moment):
                sys.exit(f"status {process.returncode}: see {work_dir / 'killed.log'}")
            return
        except subprocess.TimeoutExpired:
            number = chance.choices([signal.SIGKILL, signal.SIGTERM, signal.SIGINT], [8, 1, 1])[0]
            process.send_signal(number)
            if process.wait() not in (-number, 128 + number, 0):
                sys.exit(f"status {process.returncode}: see {work_dir / 'killed.log'}")
        counts[number.name] += 1
        counts["before a step"] += steps_in(folder) == before
        counts["while saving"] += any(leftovers(folder))


def steps_in(folder):
    """Return the sorted names of the checkpoints in a folder."""
    return sorted(path.name for path in folder.glob("step-*.npz"))


if __name__ == "__main__":
    main()
