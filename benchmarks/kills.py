"""Kills a training again and again, and sees whether it ends with the very weights of one that was never stopped.

    python benchmarks/kills.py                # 200 kills; an hour on two CPU cores

Trains small images with every option that has a state, saving after each step; kills the process (SIGKILL) at random
moments, any time from its start on or once it has begun to train, or asks it to leave (SIGTERM, SIGINT); resumes it
until the run is at its end; compares all arrays of its last checkpoint and its log, to the bit, with those of the run
that was left alone; and begins again.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUN = "colorization-small"
sys.path.insert(0, str(ROOT))
from tests.small_run import EVERY_STEP, OPTIONS, differing, make_images, state_of  # noqa: E402
from utils import leftovers  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the random moments")
    parser.add_argument("--work_dir", type=Path, default=Path("runs/kills"))
    args = parser.parse_args()
    chance = random.Random(args.seed)
    shutil.rmtree(args.work_dir, ignore_errors=True)
    make_images(args.work_dir / "small")
    alone = train(args.work_dir, "alone")
    if alone.wait():
        sys.exit(f"the run that was left alone failed with status {alone.returncode}")
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
    """Start a training, or go on with it where its folder is there; returns the process."""
    folder = work_dir / name / RUN
    begun = (folder / "settings.yml").exists()
    arguments = (
        ["--resume", folder]
        if begun
        else [*OPTIONS, *EVERY_STEP, "--dataroot", work_dir, "--output_dir", work_dir / name]
    )
    with open(work_dir / f"{name}.log", "a") as log:
        return subprocess.Popen([sys.executable, ROOT / "train.py", *arguments], stdout=log, stderr=log)


def train_with_kills(work_dir, chance, counts):
    """A run from its start to its end, killed at random moments."""
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
    """The names of the checkpoints, the last steps'."""
    return sorted(path.name for path in folder.glob("step-*.npz"))


if __name__ == "__main__":
    main()
